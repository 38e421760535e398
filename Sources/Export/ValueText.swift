import MarketModel

/// Values as CSV and JSON have them: figures keep every digit.
enum ValueText {
    /// Empty for what is missing.
    static func csv(_ value: ExportValue, _ kind: ExportColumn.Kind) -> String {
        guard case .text(let text) = value else { return plain(value, kind) ?? "" }
        return QuotedText.csv(text)
    }

    static func json(_ value: ExportValue, _ kind: ExportColumn.Kind) -> String {
        switch value {
        case .text(let text): QuotedText.json(text)
        case .timestamp: plain(value, kind).map(QuotedText.json) ?? "null"
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
}
