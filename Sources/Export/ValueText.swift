import MarketModel

/// Values as CSV and JSON have them: figures keep every digit.
enum ValueText {
    /// RFC 4180; empty for what is missing. A text that a spreadsheet would take for a formula is
    /// made a text again by an apostrophe: headlines are foreign words.
    static func csv(_ value: ExportValue, _ kind: ExportColumn.Kind) -> String {
        guard case .text(let text) = value else { return plain(value, kind) ?? "" }
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        return safe.contains { ",\"\r\n".contains($0) || $0 == "\r\n" }
            ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }

    static func json(_ value: ExportValue, _ kind: ExportColumn.Kind) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .timestamp: plain(value, kind).map(quoted) ?? "null"
        default: plain(value, kind) ?? "null"
        }
    }

    /// `nil` for what is missing, and for a double that is no number.
    private static func plain(_ value: ExportValue, _ kind: ExportColumn.Kind) -> String? {
        switch value {
        case .missing: nil
        case .text(let text): text
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .double(let value): value.isFinite ? String(value) : nil
        case .decimal(let units):
            if case .decimal(let places) = kind {
                Decimal64.text(units, places: places)
            } else {
                String(units)
            }
        case .timestamp(let nanoseconds): moment(nanoseconds)
        }
    }

    /// RFC 3339 in UTC with nine fraction digits.
    private static func moment(_ nanoseconds: Int64) -> String {
        let moment = Timestamp(nanoseconds: nanoseconds)
        let fraction = String(nanoseconds &- moment.secondsFloor &* 1_000_000_000)
        let zeros = String(repeating: "0", count: max(0, 9 - fraction.count))
        return moment.description.prefix { $0 != "." } + "." + zeros + fraction + "Z"
    }

    static func quoted(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}
