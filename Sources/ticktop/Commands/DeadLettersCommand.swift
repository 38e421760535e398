import ArgumentParser
import Foundation
import MarketModel
import Storage
import TicktopConfiguration

/// `ticktop dead-letters`: what was refused, and why.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "What was refused, and why.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct StoreArguments: ParsableArguments {
        @Option(help: "The store's directory.") var store: String?
        @Option(help: "The configuration file.") var config: String?

        /// Read-only, beside a running instance.
        func open() throws -> StoredHistory {
            let overrides = store.map {
                [ConfigurationSources.Override("store.path", $0, flag: "--store")]
            }
            let surroundings = try Surroundings(file: config, overrides: overrides ?? [])
            return try StoredHistory.readOnly(StorePaths(root: surroundings.settings.store.path))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest, one a line.")
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
        static let configuration = CommandConfiguration(abstract: "One, with its raw bytes.")
        @Argument(help: "The letter's id, as `list` shows it.") var id: String
        @OptionGroup var arguments: StoreArguments

        func run() throws {
            guard let position = LogPosition(id) else {
                throw ValidationError("\(id) is no id: `ticktop dead-letters list` shows them")
            }
            guard let letter = try arguments.open().deadLetter(at: position) else {
                throw ValidationError("there is no dead letter \(id)")
            }
            complain(letter.line)
            FileHandle.standardOutput.write(Data(letter.raw + [10]))
        }
    }
}

extension DeadLetter {
    /// One line, safe for a terminal.
    fileprivate var line: String {
        let text = String(decoding: raw.prefix(100), as: UTF8.self)
            .map {
                $0.isASCII && !$0.isNewline && ($0.asciiValue ?? 0) >= 32 && $0 != "\u{7F}"
                    ? $0 : "."
            }
        let field = refusal.field.isEmpty ? "" : " (\(refusal.field))"
        return
            "\(position)  \(receivedAt)  \(source.name)  \(refusal.reason.rawValue)\(field)  "
            + String(text)
    }
}
