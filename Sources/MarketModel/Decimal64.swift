/// Exact decimal text of fixed-point integers: how prices, sizes and volumes are printed and read.
public enum Decimal64 {
    /// The decimal with `places` fraction digits that `units` counts, trailing zeros dropped.
    public static func text(_ units: some FixedWidthInteger & SignedInteger, places: Int) -> String
    {
        let digits = String(units.magnitude)
        let padded =
            digits.utf8.count > places
            ? digits : String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
        let whole = padded.dropLast(places)
        let fraction = padded.suffix(places).reversed().drop { $0 == "0" }.reversed()
        let sign = units < 0 ? "-" : ""
        return fraction.isEmpty ? sign + whole : sign + whole + "." + String(fraction)
    }

    /// The decimal with exactly `shown` fraction digits (at most `places`), rounded half away from
    /// zero.
    public static func text(_ units: Int64, places: Int, shown: Int) -> String {
        precondition((0...places).contains(shown), "cannot show \(shown) of \(places) places")
        var divisor: UInt64 = 1
        for _ in shown..<places { divisor *= 10 }
        let (quotient, remainder) = units.magnitude.quotientAndRemainder(dividingBy: divisor)
        let rounded = remainder >= divisor - remainder && divisor > 1 ? quotient + 1 : quotient
        return text(rounded, shown: shown, isNegative: units < 0 && rounded > 0)
    }

    /// In the room it takes and no more, for most are so short that they need no memory of their
    /// own: a screen shows hundreds a second.
    private static func text(_ digits: UInt64, shown: Int, isNegative: Bool) -> String {
        var count = shown + 1
        var above = digits
        for _ in 0..<count { above /= 10 }
        while above > 0 {
            above /= 10
            count += 1
        }
        let length = count + (shown > 0 ? 1 : 0) + (isNegative ? 1 : 0)
        return String(unsafeUninitializedCapacity: length) { bytes in
            var rest = digits
            var place = length
            for written in 0..<count {
                if written == shown, shown > 0 {
                    place -= 1
                    bytes[place] = UInt8(ascii: ".")
                }
                place -= 1
                bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            if isNegative { bytes[0] = UInt8(ascii: "-") }
            return length
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
