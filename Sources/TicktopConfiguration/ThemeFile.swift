import Foundation

/// A theme as its file says it: sections of names and texts, and where each stands.
public struct ThemeFile: Sendable {
    public let path: String
    /// Section, key, value. A number is its digits; `{ fg = "red", bg = "blue", bold = true }` is
    /// `red on blue bold`.
    public let tables: [String: [String: String]]
    private let positions: [String: TextPosition]

    /// `themes/NAME.toml` in the first of the directories that has it.
    public static func load(_ name: String, in directories: [String]) throws(ConfigurationError)
        -> ThemeFile
    {
        guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
            throw ConfigurationError([
                ConfigurationProblem(
                    source: "theme", position: nil, key: "",
                    message: "expected letters, digits, - or _, got \(SettingValue.quoted(name))")
            ])
        }
        let paths = directories.map { "\($0)/\(name).toml" }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw ConfigurationError([
                ConfigurationProblem(
                    source: "theme", position: nil, key: "",
                    message: "no \(name).toml in \(directories.joined(separator: ", "))")
            ])
        }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError([
                ConfigurationProblem(
                    source: path, position: nil, key: "",
                    message: "cannot be read: \(reason(error))")
            ])
        }
        return try ThemeFile(text, path: path)
    }

    /// The names that `load` finds, in alphabetical order.
    public static func names(in directories: [String]) -> [String] {
        var names: Set<String> = []
        for directory in directories {
            // A directory that is not there, or not readable, has no themes; one that is a link has
            // those of the other.
            let place = URL(filePath: directory).resolvingSymlinksInPath().path
            let files = FileManager.default.subpaths(atPath: place) ?? []
            for file in files where file.hasSuffix(".toml") {
                let name = String(file.dropLast(5))
                if !name.isEmpty, name.utf8.allSatisfy(isNameByte) { names.insert(name) }
            }
        }
        return names.sorted()
    }

    init(_ text: String, path: String) throws(ConfigurationError) {
        let document = try TOMLText(text, source: path)
        var styles: [String: [String: [String: SettingValue]]] = [:]
        var tables: [String: [String: String]] = [:]
        var positions: [String: TextPosition] = [:]
        var problems: [ConfigurationProblem] = []
        for entry in document.entries {
            let key = entry.path.joined(separator: ".")
            positions[key] = entry.valuePosition
            switch (entry.path.count, entry.value) {
            case (2, .setting(.text(let value))):
                tables[entry.path[0], default: [:]][entry.path[1]] = value
            case (2, .setting(.integer(let value))):
                tables[entry.path[0], default: [:]][entry.path[1]] = String(value)
            case (3, .setting(let value)) where ThemeFile.isStylePart(entry.path[2], value):
                styles[entry.path[0], default: [:]][entry.path[1], default: [:]][entry.path[2]] =
                    value
                positions[entry.path.dropLast().joined(separator: ".")] = entry.keyPosition
            default:
                problems.append(
                    ConfigurationProblem(
                        source: path, position: entry.valuePosition, key: key,
                        message: "expected a text, 0..255, or a table of fg, bg, bold, dim, "
                            + "underline, reverse and italic"))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        for (section, slots) in styles {
            for (slot, parts) in slots {
                tables[section, default: [:]][slot] = ThemeFile.style(parts)
            }
        }
        self.path = path
        self.tables = tables
        self.positions = positions
    }

    /// Where a value stands, for what the screen has to say of it.
    public func problem(section: String, key: String, message: String) -> ConfigurationProblem {
        ConfigurationProblem(
            source: path, position: positions["\(section).\(key)"], key: "\(section).\(key)",
            message: message)
    }

    private static let attributes = ["bold", "dim", "underline", "reverse", "italic"]

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isStylePart(_ name: String, _ value: SettingValue) -> Bool {
        switch value {
        case .text, .integer: name == "fg" || name == "bg"
        case .flag: attributes.contains(name)
        default: false
        }
    }

    private static func style(_ parts: [String: SettingValue]) -> String {
        func color(_ name: String) -> String? {
            switch parts[name] {
            case .text(let text): text
            case .integer(let number): String(number)
            default: nil
            }
        }
        let ground = color("bg").map { ["on", $0] } ?? []
        let marks = attributes.filter { parts[$0] == .flag(true) }
        return ([color("fg")].compactMap { $0 } + ground + marks).joined(separator: " ")
    }
}
