import MarketModel

/// A JSON value to be sent: members keep their order, decimals their exact digits.
indirect enum JSON {
    case null
    case bool(Bool)
    /// Digits, printed as they are.
    case number(String)
    case text(String)
    case list([JSON])
    case object([(name: String, value: JSON)])
}

extension JSON: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { (name: $0.0, value: $0.1) })
    }
}

extension JSON {
    static func of(_ value: Price?) -> JSON { value.map { .number($0.description) } ?? .null }
    static func of(_ value: Size?) -> JSON { value.map { .number($0.description) } ?? .null }
    static func of(_ value: Volume?) -> JSON { value.map { .number($0.description) } ?? .null }
    static func of(_ value: Timestamp?) -> JSON { value.map { .text($0.description) } ?? .null }
    static func of(_ value: Symbol?) -> JSON { value.map { .text($0.description) } ?? .null }
    static func of(_ value: String?) -> JSON { value.map { .text($0) } ?? .null }
    static func of(_ value: Bool) -> JSON { .bool(value) }
    static func of(_ value: (some BinaryInteger)?) -> JSON {
        value.map { .number(String($0)) } ?? .null
    }

    /// The shortest decimal that reads back as the same number; `null` for what is none.
    static func of(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value.description)
    }
}

extension JSON {
    var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        append(to: &out)
        return out
    }

    private func append(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let digits): out += digits.utf8
        case .text(let text): JSON.append(quoted: text, to: &out)
        case .list(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.append(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.append(quoted: member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.append(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Escapes what RFC 8259 says must be; everything else is sent as UTF-8.
    private static func append(quoted text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case UInt8(ascii: "\n"): out += "\\n".utf8
            case UInt8(ascii: "\r"): out += "\\r".utf8
            case UInt8(ascii: "\t"): out += "\\t".utf8
            case 0..<16: out += "\\u000\(String(byte, radix: 16))".utf8
            case 16..<32: out += "\\u00\(String(byte, radix: 16))".utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
