/// Exact decimal text of fixed-point integers: how prices, sizes and volumes are printed and read.
public enum Decimal64 {
    /// The decimal with `places` fraction digits that `units` counts, trailing zeros dropped.
    public static func text(_ units: some FixedWidthInteger & SignedInteger, places: Int) -> String
    {
        written(units.magnitude, isNegative: units < 0, places: places, dropsZeros: true)
    }

    /// The decimal with exactly `shown` fraction digits (at most `places`), rounded half away from
    /// zero.
    public static func text(_ units: Int64, places: Int, shown: Int) -> String {
        precondition((0...places).contains(shown), "cannot show \(shown) of \(places) places")
        var divisor: UInt64 = 1
        for _ in shown..<places { divisor *= 10 }
        let (quotient, remainder) = units.magnitude.quotientAndRemainder(dividingBy: divisor)
        let rounded = remainder >= divisor - remainder && divisor > 1 ? quotient + 1 : quotient
        return written(
            rounded, isNegative: units < 0 && rounded > 0, places: shown, dropsZeros: false)
    }

    /// The digits, the last `places` of them behind a point. Up to 15 characters take no memory.
    private static func written(
        _ magnitude: some FixedWidthInteger & UnsignedInteger, isNegative: Bool, places: Int,
        dropsZeros: Bool
    ) -> String {
        // The last digit first; 128 bits are 39 of them.
        var digits = InlineArray<64, UInt8>(repeating: UInt8(ascii: "0"))
        var count = 0
        var rest = magnitude
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[count] += UInt8(truncatingIfNeeded: digit)
            rest = quotient
            count += 1
        }
        count = max(count, places + 1)
        var end = 0
        if dropsZeros { while end < places, digits[end] == UInt8(ascii: "0") { end += 1 } }
        let length = (isNegative ? 1 : 0) + count - end + (end < places ? 1 : 0)
        return String(unsafeUninitializedCapacity: length) { text in
            var at = 0
            if isNegative {
                text[at] = UInt8(ascii: "-")
                at += 1
            }
            for place in stride(from: count - 1, through: end, by: -1) {
                if place == places - 1 {
                    text[at] = UInt8(ascii: ".")
                    at += 1
                }
                text[at] = digits[place]
                at += 1
            }
            return at
        }
    }

    /// Reads plain decimal text exactly; `nil` for anything else, for lost digits and beyond the
    /// range.
    static func units(_ text: some StringProtocol, places: Int) -> Int64? {
        var units: Int64 = 0
        var fractionDigits: Int?
        var digitsSeen = 0
        let negative = text.utf8.first == UInt8(ascii: "-")
        for byte in text.utf8.dropFirst(negative ? 1 : 0) {
            if byte == UInt8(ascii: "."), fractionDigits == nil {
                fractionDigits = 0
                continue
            }
            guard byte >= 48, byte <= 57 else { return nil }
            digitsSeen += 1
            if let seen = fractionDigits {
                guard seen < places else {
                    if byte == 48 { continue }
                    return nil
                }
                fractionDigits = seen + 1
            }
            guard let next = appended(units, digit: Int64(byte - 48)) else { return nil }
            units = next
        }
        guard digitsSeen > 0 else { return nil }
        for _ in (fractionDigits ?? 0)..<places {
            guard let next = appended(units, digit: 0) else { return nil }
            units = next
        }
        return negative ? -units : units
    }

    private static func appended(_ units: Int64, digit: Int64) -> Int64? {
        let (scaled, overflow) = units.multipliedReportingOverflow(by: 10)
        let (sum, carry) = scaled.addingReportingOverflow(digit)
        return overflow || carry ? nil : sum
    }
}
