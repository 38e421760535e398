/// Which key does what: the commands' own keys, changed by the configuration.
public struct KeyMap: Sendable {
    /// Nobody has changed a key.
    public static let standard = KeyMap(keys: [:])

    private let actions: [Key: Action]
    private let keys: [String: [Key]]

    /// One line of `[keys]`: a command and the names of its keys.
    public struct Change: Equatable, Sendable {
        public var command: String
        public var keys: [String]

        public init(_ command: String, _ keys: [String]) {
            self.command = command
            self.keys = keys
        }
    }

    /// A key that the configuration gives to a command is taken from the one that has it by
    /// default. Throws all that is wrong at once: what is no command, what is no key, and a key
    /// given twice.
    public init(_ changes: [Change]) throws(KeyMapError) {
        var problems: [KeyMapError.Problem] = []
        var chosen: [String: [Key]] = [:]
        var owners: [Key: String] = [.control("c"): "quit"]
        for change in changes {
            guard let command = CommandTable.command(named: change.command) else {
                problems.append(.init(command: change.command, kind: .unknownCommand))
                continue
            }
            chosen[command.name] = []
            for name in change.keys {
                guard let key = Key(name: name) else {
                    problems.append(.init(command: change.command, kind: .unknownKey(name)))
                    continue
                }
                if let owner = owners[key], key == .control("c") ? command.name != "quit" : true {
                    problems.append(
                        .init(command: change.command, kind: .conflict(key: name, with: owner)))
                    continue
                }
                owners[key] = change.command
                chosen[command.name, default: []].append(key)
            }
        }
        guard problems.isEmpty else { throw KeyMapError(problems: problems) }
        self.init(keys: chosen)
    }

    private init(keys chosen: [String: [Key]]) {
        let taken = Set(chosen.values.flatMap(\.self))
        var keys: [String: [Key]] = [:]
        var actions: [Key: Action] = [:]
        for command in CommandTable.commands {
            var own = chosen[command.name] ?? command.standardKeys.filter { !taken.contains($0) }
            // There is always a way out.
            if command.action == .quit, !own.contains(.control("c")) { own.append(.control("c")) }
            keys[command.name] = own
            for key in own { actions[key] = command.action }
        }
        self.keys = keys
        self.actions = actions
    }

    /// `nil` for a key without a meaning.
    func action(for key: Key) -> Action? { actions[key] }

    func keys(of command: Command) -> [Key] { keys[command.name] ?? [] }

    /// `j ↓`; empty for a command without a key.
    func label(_ command: Command) -> String {
        keys(of: command).map(\.label).joined(separator: " ")
    }

    /// One line a command, for `ticktop config keys`.
    public var text: String {
        CommandTable.commands.map { command in
            KeyMap.padded(label(command), 14) + KeyMap.padded(command.name, 18) + command.meaning
                + "\n"
        }.joined()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// `[keys]` of `config defaults`: every command, commented out, with its keys.
    public static var configurationText: String {
        var lines: [String] = []
        for command in CommandTable.commands {
            let names = command.standardKeys.map { "\"\(escaped($0.name))\"" }
            let meaning = command.meaning
            lines.append("# \(meaning.prefix(1).uppercased())\(meaning.dropFirst()).")
            lines.append("#\(command.name) = [\(names.joined(separator: ", "))]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}

/// Everything that is wrong with the keys of a configuration.
public struct KeyMapError: Error, Equatable, CustomStringConvertible {
    public struct Problem: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            case unknownCommand
            case unknownKey(String)
            /// `with` is the command that has the key already.
            case conflict(key: String, with: String)
        }

        public var command: String
        public var kind: Kind

        /// `line` says where a command's keys stand, when that is known.
        public func message(line: (_ command: String) -> Int?) -> String {
            switch kind {
            case .unknownCommand: return "no such command"
            case .unknownKey(let name):
                return "\"\(name)\" is no key; a character, Ctrl-x, F1 or a name such as PgDn"
            case .conflict(let key, let other):
                if Key(name: key) == .control("c") { return "\(key) always quits" }
                let place = line(other).map { ", in line \($0)" } ?? ""
                return "\(key) is bound to \(other) already\(place)"
            }
        }
    }

    public var problems: [Problem]

    public var description: String {
        problems.map { "\($0.command): \($0.message { _ in nil })" }.joined(separator: "\n")
    }
}
