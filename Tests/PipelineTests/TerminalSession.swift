import Foundation
import TestSupport

/// A terminal with `ticktop` in it, and what a person does there; `screen_session.py` plays it.
struct TerminalSession: Encodable {
    /// One thing to do or to wait for; what each means is told in `screen_session.py`.
    struct Step: Encodable {
        fileprivate var start: [String]?
        fileprivate var environment: [String: String]?
        fileprivate var see: String?
        fileprivate var lose: String?
        fileprivate var differ: String?
        fileprivate var pattern: String?
        fileprivate var files: FileCount?
        fileprivate var type: String?
        fileprivate var resize: [Int]?
        fileprivate var signal: Int32?
        fileprivate var wait: Double?
        fileprivate var stopped: Bool?
        fileprivate var foreground: Bool?
        fileprivate var hangUp: Bool?
        fileprivate var end: Bool?
        fileprivate var look: String?

        /// The demo market, on the store of the session's directory.
        static let start = Step.start()
        static let stopped = Step(stopped: true)
        static let foreground = Step(foreground: true)
        static let hangUp = Step(hangUp: true)
        static let end = Step(end: true)

        static func start(_ environment: [String: String] = [:]) -> Step {
            Step(start: ["--store", "store", "--port", "0"], environment: environment)
        }

        /// Another command than the dashboard.
        static func start(arguments: [String]) -> Step { Step(start: arguments, environment: [:]) }

        /// The pattern is a Python regular expression; lines are parted by `\n`.
        static func see(_ pattern: String) -> Step { Step(see: pattern) }
        static func lose(_ pattern: String) -> Step { Step(lose: pattern) }
        /// What matches the pattern is no longer what it was at the look.
        static func differ(_ look: String, in pattern: String) -> Step {
            Step(differ: look, pattern: pattern)
        }
        static func files(_ ending: String, _ count: Int) -> Step {
            Step(files: FileCount(ending: ending, count: count))
        }
        static func type(_ keys: String) -> Step { Step(type: keys) }
        static func resize(_ columns: Int, _ rows: Int) -> Step { Step(resize: [columns, rows]) }
        static func signal(_ number: Int32) -> Step { Step(signal: number) }
        static func wait(_ seconds: Double) -> Step { Step(wait: seconds) }
        static func look(_ name: String) -> Step { Step(look: name) }
    }

    /// Encoded as an array, as the script reads it.
    fileprivate struct FileCount: Encodable {
        var ending: String
        var count: Int

        func encode(to encoder: any Encoder) throws {
            var pair = encoder.unkeyedContainer()
            try pair.encode(ending)
            try pair.encode(count)
        }
    }

    /// What there was to see at a `look`.
    struct Look: Decodable {
        /// The lines of the screen, without trailing blanks.
        var screen: [String]
        /// `running`, `stopped`, `exited` or `killed`.
        var state: String
        /// The exit status, or the signal that killed it.
        var number: Int32?
        var alternate: Bool
        var cursorShown: Bool
        /// Every private mode: alternate screen, cursor, mouse, paste and focus reports.
        var modesAsBefore: Bool
        /// Everything `stty -a` shows.
        var settingsAsBefore: Bool
        /// All that has come from the program so far.
        var bytes: Int
        /// When it was, in seconds since 1970.
        var clock: Double
        /// The most bytes that were on their way at once, since the look before.
        var waiting: Int
        /// Seconds from the last key to what was waited for last.
        var seenAfter: Double

        var text: String { screen.joined(separator: "\n") }

        /// As a shell left it: what was on the screen before is there again.
        var isGivenBack: Bool {
            !alternate && cursorShown && modesAsBefore && settingsAsBefore
                && screen.first == "$ ticktop"
        }

        /// The tickers' prices in the quotes pane, in their order.
        var prices: [String] {
            screen.compactMap { line in
                line.firstMatch(of: /^ [▸ ] [A-Z]+ +([0-9]+\.[0-9]+) [▲▼▬]/).map { String($0.1) }
            }
        }
    }

    /// The looks of a session by name, and the first step that did not come to pass.
    struct Record: Decodable {
        var looks: [String: Look]
        var trouble: String?
    }

    let name: String
    let columns: Int
    let rows: Int
    let directory: String
    let environment: [String: String]
    /// What the line to the terminal carries; `nil` for one that carries anything at once.
    let bytesPerSecond: Int?
    let steps: [Step]

    init(
        _ name: String, columns: Int = 80, rows: Int = 24, in scratch: Scratch,
        environment: [String: String] = [:], bytesPerSecond: Int? = nil, _ steps: [Step]
    ) throws {
        self.name = name
        self.columns = columns
        self.rows = rows
        directory = scratch.path(name)
        self.environment = [
            "HOME": directory, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
            "LANG": "C.UTF-8", "TERM": "xterm-256color",
        ].merging(environment) { $1 }
        self.bytesPerSecond = bytesPerSecond
        self.steps = steps
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    /// Plays the sessions at the same time; their records by name.
    static func play(_ sessions: [TerminalSession]) throws -> [String: Record] {
        struct Task: Encodable {
            let program: String
            let sessions: [TerminalSession]
        }
        let task = Task(program: ProgramUnderTest.binary.path, sessions: sessions)
        let answer = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/screen_session.py", input: JSONEncoder().encode(task))
        return try JSONDecoder().decode([String: Record].self, from: answer)
    }

    /// The looks of one session that must come to its end.
    func play() throws -> [String: Look] {
        let record = try TerminalSession.play([self])[name]
        if let trouble = record?.trouble { throw Failure(description: "\(name): \(trouble)") }
        return record?.looks ?? [:]
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
