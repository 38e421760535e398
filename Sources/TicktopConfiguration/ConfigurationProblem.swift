/// Something wrong with the configuration, and exactly where.
public struct ConfigurationProblem: Equatable, Sendable {
    /// A file's path, an environment variable, or a flag.
    public var source: String
    /// Both from 1; `nil` outside files.
    public var position: TextPosition?
    /// Empty when the whole source is at fault.
    public var key: String
    public var message: String

    public init(source: String, position: TextPosition?, key: String, message: String) {
        self.source = source
        self.position = position
        self.key = key
        self.message = message
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `config.toml:14:9: update_hz: expected 1..60, got 0`
    public var description: String {
        let place = position.map { "\(source):\($0.line):\($0.column)" } ?? source
        return key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
    }
}

/// A place in a text, both counted from 1; columns count Unicode scalars.
public struct TextPosition: Equatable, Sendable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// Everything that is wrong, in the order in which it was found.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public var problems: [ConfigurationProblem]
    /// What alone would have stopped nothing.
    public var warnings: [ConfigurationProblem]

    public init(_ problems: [ConfigurationProblem], warnings: [ConfigurationProblem] = []) {
        self.problems = problems
        self.warnings = warnings
    }

    public var description: String {
        (problems.map(\.description) + warnings.map { "warning: \($0)" })
            .joined(separator: "\n")
    }
}
