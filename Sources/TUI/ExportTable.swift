import Engine
import Export
import MarketModel

/// Rows of an export: figures keep every digit, texts stay texts, what is missing stays missing.
struct ExportTable {
    enum Cell: Equatable {
        case missing
        /// JSON as it is: a number, `true`, `false`.
        case plain(String)
        case text(String)
        /// A statistic; always finite.
        case number(Double)

        init(_ text: String?) { self = text.map { .text($0) } ?? .missing }
        init(plain: String?) { self = plain.map { .plain($0) } ?? .missing }
        /// `nil` and what JSON has no number for are missing.
        init(_ number: Double?) {
            self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .missing
        }

        var csv: String {
            switch self {
            case .missing: ""
            case .plain(let value): value
            case .number(let value): String(value)
            case .text(let text): QuotedText.csv(text)
            }
        }

        var json: String {
            switch self {
            case .missing: "null"
            case .plain(let value): value
            case .number(let value): String(value)
            case .text(let text): JSONText.string(text)
            }
        }
    }

    var columns: [String]
    var rows: [[Cell]]

    var csv: String {
        let lines =
            [columns.joined(separator: ",")]
            + rows.map { $0.map(\.csv).joined(separator: ",") }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// A list of objects.
    var json: String {
        JSONText.list(
            rows.map { row in
                JSONText.object(zip(columns, row).map { ($0, $1.json) })
            })
    }
}

/// JSON out of parts that are JSON already: prices keep every digit, which no binary float would.
enum JSONText {
    static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { string($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
    }

    static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// `null` for `nil`.
    static func string(_ text: String?) -> String {
        text.map(QuotedText.json) ?? "null"
    }
}
