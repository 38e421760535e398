import MarketModel

/// One key of the configuration: what it is called, what it may be, and what it is when nobody
/// says.
public struct SettingKey: Sendable {
    public let section: String
    public let name: String
    public let kind: SettingKind
    public let standard: SettingValue
    /// One sentence for `config defaults`.
    public let comment: String

    init(
        _ section: String, _ name: String, _ kind: SettingKind, _ standard: SettingValue,
        _ comment: String
    ) {
        self.section = section
        self.name = name
        self.kind = kind
        self.standard = standard
        self.comment = comment
    }

    /// `screen.update_hz`
    public var path: String { "\(section).\(name)" }
    /// `TICKTOP_SCREEN_UPDATE_HZ`
    public var environmentName: String { "TICKTOP_\(section)_\(name)".uppercased() }
}

public enum SettingValue: Equatable, Sendable {
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([String])

    /// As TOML.
    public var text: String {
        switch self {
        case .flag(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): SettingValue.text(value)
        case .text(let value): SettingValue.quoted(value)
        case .list(let values): "[\(values.map(SettingValue.quoted).joined(separator: ", "))]"
        }
    }

    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15
            ? String(Int64(number)) : number.description
    }

    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            case let control where control.value < 32 || control.value == 127:
                "\\u00" + (control.value < 16 ? "0" : "") + String(control.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

/// What a key may be.
public enum SettingKind: Sendable {
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case text
    case choice([String])
    case tickers
    case hosts
    /// A list of texts, each one of these, each at most once.
    case names([String])
    /// A list of texts, each a name and its value: `NAME=VALUE`, each name once.
    case pairs
    /// A list of texts, each a number of bars, at most so many.
    case periods(ClosedRange<Int>, countMax: Int)

    /// As it stands after "expected" in an error.
    public var expectation: String {
        switch self {
        case .flag: "true|false"
        case .integer(let range): "\(range.lowerBound)..\(range.upperBound)"
        case .number(let range):
            SettingValue.text(range.lowerBound) + ".." + SettingValue.text(range.upperBound)
        case .text: "a text"
        case .choice(let names): names.joined(separator: "|")
        case .tickers:
            "a list of tickers, each of 1 to \(Symbol.lengthMax) letters, digits or . - / : _ ^ ="
        case .hosts: "a list of hosts, each NAME or NAME:PORT"
        case .names(let names): "a list of " + names.joined(separator: "|")
        case .pairs: "a list of NAME=VALUE, each name once"
        case .periods(let range, let countMax):
            "at most \(countMax) texts, each \(range.lowerBound)..\(range.upperBound)"
        }
    }

    /// The value as this kind, or `nil` when it is none.
    func admitted(_ value: SettingValue) -> SettingValue? {
        switch (self, value) {
        case (.flag, .flag), (.text, .text): value
        case (.integer(let range), .integer(let count)): range.contains(count) ? value : nil
        case (.number(let range), .number(let number)): range.contains(number) ? value : nil
        case (.number(let range), .integer(let count)):
            range.contains(Double(count)) ? .number(Double(count)) : nil
        case (.choice(let names), .text(let name)): names.contains(name) ? value : nil
        case (.tickers, .list(let names)): names.allSatisfy { Symbol($0) != nil } ? value : nil
        case (.hosts, .list(let names)): names.allSatisfy(SettingKind.isHost) ? value : nil
        case (.names(let known), .list(let names)):
            Set(names).count == names.count && names.allSatisfy(known.contains) ? value : nil
        case (.pairs, .list(let texts)):
            Set(texts.compactMap { SettingKind.pair($0)?.name }).count == texts.count ? value : nil
        case (.periods(let range, let countMax), .list(let names)):
            names.count <= countMax
                && names.allSatisfy { Int($0).map(range.contains) ?? false } ? value : nil
        default: nil
        }
    }

    /// Text of an environment variable or a flag; lists are separated by commas. `nil` when it is
    /// no such value.
    func read(_ text: String) -> SettingValue? {
        let value: SettingValue?
        switch self {
        case .flag: value = ["true": .flag(true), "false": .flag(false)][text]
        case .integer: value = Int(text).map { .integer($0) }
        case .number: value = Double(text).map { .number($0) }
        case .text, .choice: value = .text(text)
        case .tickers, .hosts, .names, .periods, .pairs:
            let names = text.split(separator: ",").map {
                String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            value = .list(names)
        }
        return value.flatMap(admitted)
    }

    /// The two sides of the first `=`; `nil` without one, or without a name.
    static func pair(_ text: String) -> (name: String, value: String)? {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"/\\\"'@?#".utf8.contains($0) }
    }
}
