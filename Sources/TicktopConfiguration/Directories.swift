import Foundation

/// Where ticktop's files are, by the XDG base directory specification.
public struct Directories: Equatable, Sendable {
    /// `$XDG_CONFIG_HOME/ticktop`
    public let config: String
    /// `$XDG_STATE_HOME/ticktop`: the lock, the token, choices made on the screen.
    public let state: String
    /// `$XDG_DATA_HOME/ticktop`: the store and the journal.
    public let data: String
    public let system = "/etc/ticktop"

    /// Relative values of the variables are ignored, as the specification asks.
    public init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
        func directory(_ variable: String, _ fallback: String) -> String {
            let given = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
            return (given ?? "\(home)/\(fallback)") + "/ticktop"
        }
        config = directory("XDG_CONFIG_HOME", ".config")
        state = directory("XDG_STATE_HOME", ".local/state")
        data = directory("XDG_DATA_HOME", ".local/share")
    }
}

/// Who says things: the command line, the environment, the files.
public struct ConfigurationSources: Sendable {
    /// A value given by a flag: `--port 9000` is ("api.port", "9000", "--port").
    public struct Override: Equatable, Sendable {
        public var path: String
        public var text: String
        public var flag: String

        public init(_ path: String, _ text: String, flag: String) {
            self.path = path
            self.text = text
            self.flag = flag
        }
    }

    public var environment: [String: String]
    /// `--config`
    public var file: String?
    public var overrides: [Override]
    public var directories: Directories { Directories(environment: environment) }

    public init(environment: [String: String], file: String? = nil, overrides: [Override] = []) {
        self.environment = environment
        self.file = file
        self.overrides = overrides
    }

    /// Where a configuration is looked for, first found wins. One named by a person has to be
    /// there.
    public var searchPath: [(path: String, origin: String, isRequired: Bool)] {
        var paths: [(path: String, origin: String, isRequired: Bool)] = []
        if let file { paths.append((file, "--config", true)) }
        if let named = environment["TICKTOP_CONFIG"], !named.isEmpty {
            paths.append((named, "$TICKTOP_CONFIG", true))
        }
        return paths + [
            ("config.toml", "working directory", false),
            ("\(directories.config)/config.toml", "user", false),
            ("\(directories.system)/config.toml", "system", false),
        ]
    }

    /// Where themes are looked for, first found wins: a user's file comes before the shipped one of
    /// its name.
    public func themeDirectories(shipped: String) -> [String] {
        let beside = (file ?? environment["TICKTOP_CONFIG"]).map {
            URL(filePath: $0).deletingLastPathComponent().path
        }
        let bases = [beside, directories.config, directories.system].compactMap { $0 }
        return bases.map { "\($0)/themes" } + [shipped]
    }
}
