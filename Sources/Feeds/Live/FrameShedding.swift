import Foundation
import MarketModel

/// Gives up quotes, or whole frames, without decoding them: by the shape of the provider's events
/// alone.
enum FrameShedding {
    private static let quote = UInt8(ascii: "\"")

    /// Cuts the quotes out of a frame; the payload is empty when nothing is left. Returns what
    /// went.
    static func removeQuotes(from record: inout LogRecord) -> ShedCounts.Events {
        var shed = ShedCounts.Events()
        guard record.source != .binance else {
            if kind(ofBinance: record.payload[...]) == .quote {
                shed.quotes = 1
                record.payload = []
            }
            return shed
        }
        guard let elements = elements(of: record.payload) else { return shed }
        let kept = elements.filter { kind(ofMassive: record.payload[$0]) != .quote }
        shed.quotes = Int64(elements.count - kept.count)
        guard shed.quotes > 0 else { return shed }
        record.payload = joined(kept, of: record.payload)
        return shed
    }

    /// What is lost with the whole frame. Control messages, which are no market events, count for
    /// nothing.
    static func countAll(in record: LogRecord) -> ShedCounts.Events {
        var shed = ShedCounts.Events()
        let kinds: [Kind] =
            if record.source == .binance {
                [kind(ofBinance: record.payload[...])]
            } else {
                elements(of: record.payload)?.map { kind(ofMassive: record.payload[$0]) }
                    ?? [.other]
            }
        for kind in kinds {
            switch kind {
            case .trade: shed.trades += 1
            case .quote: shed.quotes += 1
            case .other: shed.other += 1
            case .control: break
            }
        }
        return shed
    }

    private enum Kind { case trade, quote, other, control }

    private static func joined(_ elements: [Range<Int>], of bytes: [UInt8]) -> [UInt8] {
        guard !elements.isEmpty else { return [] }
        var joined = [UInt8(ascii: "[")]
        for (index, element) in elements.enumerated() {
            if index > 0 { joined.append(UInt8(ascii: ",")) }
            joined += bytes[element]
        }
        joined.append(UInt8(ascii: "]"))
        return joined
    }

    /// The top-level elements of a JSON array; `nil` when the frame is not one.
    private static func elements(of bytes: [UInt8]) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        var depth = 0
        var start = 0
        var isInText = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == quote {
                    isInText = false
                }
                continue
            }
            switch byte {
            case quote: isInText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if depth == 1 { start = index }
                depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 1 { ranges.append(start..<index + 1) }
            default:
                // Garbage between elements, or no array at all.
                if depth == 0, byte > 0x20 { return nil }
            }
        }
        return depth == 0 && bytes.contains(UInt8(ascii: "[")) ? ranges : nil
    }

    /// Massive writes `ev` first, so the search is short.
    private static func kind(ofMassive element: ArraySlice<UInt8>) -> Kind {
        guard let value = value(of: "\"ev\":\"", in: element) else { return .other }
        switch value {
        case "T": return .trade
        case "Q": return .quote
        case "A", "AM", "LULD": return .other
        default: return .control
        }
    }

    /// `trade` says so in its `e`; `bookTicker` has no `e` at all.
    private static func kind(ofBinance frame: ArraySlice<UInt8>) -> Kind {
        if let event = value(of: "\"e\":\"", in: frame) {
            return event == "trade" ? .trade : .control
        }
        let hasQuote = contains("\"b\":\"", frame) && contains("\"a\":\"", frame)
        return hasQuote ? .quote : contains("\"result\"", frame) ? .control : .other
    }

    /// The text that follows `key` up to the next quotation mark; white space after the colon is
    /// not expected.
    private static func value(of key: StaticString, in bytes: ArraySlice<UInt8>) -> String? {
        guard let start = end(of: key, in: bytes) else { return nil }
        let text = bytes[start...].prefix { $0 != quote }
        return String(decoding: text, as: UTF8.self)
    }

    static func contains(_ key: StaticString, _ bytes: ArraySlice<UInt8>) -> Bool {
        end(of: key, in: bytes) != nil
    }

    private static func end(of key: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        let count = key.utf8CodeUnitCount
        let wanted = key.utf8Start
        guard bytes.count >= count, count > 1 else { return nil }
        return bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return nil }
            let (first, second) = (wanted[0], wanted[1])
            for start in 0...all.count - count {
                // Two bytes tell nearly every place apart without a call.
                if all[start] == first, all[start + 1] == second,
                    memcmp(base + start, wanted, count) == 0
                {
                    return bytes.startIndex + start + count
                }
            }
            return nil
        }
    }
}
