import ArgumentParser
import Foundation
import MarketModel
import Storage
import TicktopConfiguration

/// `ticktop dead-letters`: what was refused, and why; taking it up again; putting it aside.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "What was refused, and why.",
        subcommands: [List.self, Show.self, Retry.self, Archive.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The newest that are open, one a line.")
        @Option(help: "How many.") var limit = 50
        @OptionGroup var arguments: StoreArguments

        func run() throws {
            let history = try arguments.open()
            let letters = try history.deadLetters(limit: limit)
            for letter in letters { print(letter.line) }
            complain("\(try history.deadLetterCount()) dead letters in all, \(letters.count) shown")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One, with its raw bytes; to a terminal dots stand for what could steer it.")
        @Argument(help: "The letter's id, as `list` shows it.") var id: String
        @OptionGroup var arguments: StoreArguments

        func run() throws {
            let position = try LogPosition(letterID: id)
            guard let letter = try arguments.open().deadLetter(at: position) else {
                throw CommandFailure("there is no dead letter \(id)")
            }
            complain(letter.line)
            complain(letter.fateLine)
            if isatty(STDOUT_FILENO) == 1 { return print(DeadLetter.legible(letter.raw)) }
            FileHandle.standardOutput.write(Data(letter.raw + [10]))
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take letters up again, each once.",
            discussion:
                "Through the running instance, else in a short life of the engine without a feed.")
        @Argument(help: "Ids, as `list` shows them.") var ids: [String] = []
        @Flag(help: "Every open letter.") var all = false
        @OptionGroup var arguments: StoreArguments

        func validate() throws {
            guard ids.isEmpty == all else {
                throw ValidationError("give either ids or --all")
            }
        }

        func run() throws {
            let positions = try ids.map { try LogPosition(letterID: $0) }
            let work = try LetterWork(arguments)
            try all ? work.retryAll() : work.retry(positions)
        }
    }

    struct Archive: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put letters aside, into a file of the store's directory.")
        @Argument(help: "Ids, as `list` shows them.") var ids: [String]
        @OptionGroup var arguments: StoreArguments

        func run() throws {
            try LetterWork(arguments).archive(try ids.map { try LogPosition(letterID: $0) })
        }
    }
}

extension LogPosition {
    fileprivate init(letterID text: String) throws {
        guard let position = LogPosition(text) else {
            throw CommandFailure("\(text) is no id: `ticktop dead-letters list` shows them")
        }
        self = position
    }
}

extension DeadLetter {
    /// One line, safe for a terminal.
    fileprivate var line: String {
        let field = refusal.field.isEmpty ? "" : " (\(refusal.field))"
        return
            "\(position)  \(receivedAt)  \(source.name)  \(refusal.reason.rawValue)\(field)  "
            + Self.legible(raw.prefix(100))
    }

    /// ASCII in one line, with a dot for each character that is none.
    fileprivate static func legible(_ raw: some Sequence<UInt8>) -> String {
        String(
            String(decoding: Array(raw), as: UTF8.self).map {
                $0.isASCII && !$0.isNewline && ($0.asciiValue ?? 0) >= 32 && $0 != "\u{7F}"
                    ? $0 : "."
            })
    }

    /// What has become of it.
    var fateLine: String {
        let times = retries == 1 ? "once" : "\(retries) times"
        let retried = retriedAt.map { ", taken up again \(times), last at \($0)" } ?? ""
        return "\(position)  \(fate.rawValue)\(retried)"
    }
}
