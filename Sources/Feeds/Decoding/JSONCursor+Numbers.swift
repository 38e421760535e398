import MarketModel

/// A number as fixed point, or why it is none.
enum NumberReading: Equatable {
    case value(Int64)
    /// More digits than the fixed point keeps, or a larger value than it holds.
    case range
    /// `null` where a number may be missing.
    case null
    case malformed
}

extension JSONCursor {
    /// Reads a number into units of 10^-`places`, exactly.
    ///
    /// `nil`, with the fault noted, when it is none; `nil` without a fault for `null`.
    @inline(__always) mutating func decimal(places: Int) -> Int64? {
        if speculates {
            let (units, end) = text.plainDecimal(at, places: places)
            let next = byte(end)
            if end > 0, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") {
                at = end
                return units
            }
        }
        return apart { $0.noted($0.exactDecimal(places: places)) }
    }

    /// Reads a decimal that the provider sends as a string: `"0.00120000"`.
    @inline(__always) mutating func quotedDecimal(places: Int) -> Int64? {
        if speculates, current == UInt8(ascii: "\"") {
            let (units, end) = text.plainDecimal(at &+ 1, places: places)
            if end > 0, byte(end) == UInt8(ascii: "\"") {
                at = end &+ 1
                return units
            }
        }
        return apart { $0.quotedExactDecimal(places: places) }
    }

    @inline(never) private mutating func quotedExactDecimal(places: Int) -> Int64? {
        guard current == UInt8(ascii: "\"") else {
            return noted(isNull ? exactDecimal(places: places) : .malformed)
        }
        let start = at
        at += 1
        let reading = number(places: places)
        guard current == UInt8(ascii: "\""), reading != .malformed else {
            at = start
            return noted(.malformed)
        }
        at += 1
        return noted(reading)
    }

    /// Reads a whole number that is not negative.
    @inline(__always) mutating func integer() -> Int64? {
        if speculates {
            let (value, end) = text.plainInteger(at)
            let next = byte(end)
            if end > 0, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") {
                at = end
                return value
            }
        }
        return apart { $0.integerSlowly() }
    }

    @inline(never) private mutating func integerSlowly() -> Int64? {
        guard let value = noted(exactDecimal(places: 0)) else { return nil }
        if value < 0 { note(.malformed) }
        return value < 0 ? nil : value
    }

    /// An average, which may have more digits than a price: rounded half up.
    mutating func roundedDecimal(places: Int) -> Int64? {
        noted(exactDecimal(places: places, rounds: true))
    }

    /// Turns what was read into a value or a noted fault, and passes over a value of another type.
    @inline(never) private mutating func noted(_ reading: NumberReading) -> Int64? {
        switch reading {
        case .value(let units): return units
        case .null: return nil
        case .range: note(.range)
        case .malformed:
            note(.malformed)
            skipValue()
        }
        return nil
    }
}

// MARK: - Any spelling

extension JSONCursor {
    private var isNull: Bool { word(at) & 0xFFFF_FFFF == 0x6C6C_756E }

    /// Reads any JSON number exactly; stays where it is when there is none.
    @inline(never) mutating func exactDecimal(places: Int, rounds: Bool = false) -> NumberReading {
        let start = at
        if isNull, JSONCursor.endsValue(byte(at + 4)) {
            at += 4
            return .null
        }
        let reading = number(places: places, rounds: rounds)
        guard reading != .malformed, JSONCursor.endsValue(current) else {
            at = start
            return .malformed
        }
        return reading
    }

    static func endsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D, 0:
            true
        default: false
        }
    }

    /// By the grammar of RFC 8259, section 6.
    private mutating func number(places: Int, rounds: Bool = false) -> NumberReading {
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var significand = Significand()
        let wholeStart = at
        significand.take(&self)
        let wholeCount = at - wholeStart
        guard wholeCount > 0, wholeCount == 1 || byte(wholeStart) != UInt8(ascii: "0") else {
            return .malformed
        }
        var exponent = 0
        if current == UInt8(ascii: ".") {
            at += 1
            let fractionStart = at
            significand.take(&self)
            guard at > fractionStart else { return .malformed }
            exponent = fractionStart - at
        }
        if current | 0x20 == UInt8(ascii: "e") {
            guard let written = writtenExponent() else { return .malformed }
            exponent += written
        }
        guard let units = significand.scaled(by: exponent + places, rounds: rounds) else {
            return .range
        }
        return .value(isNegative ? -units : units)
    }

    private mutating func writtenExponent() -> Int? {
        at += 1
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { at += 1 }
        let start = at
        var exponent = 0
        while current >= 48, current <= 57 {
            exponent = min(exponent * 10 + Int(current - 48), 1_000_000)
            at += 1
        }
        return at == start ? nil : isNegative ? -exponent : exponent
    }
}

/// The digits of a number, without the zeros at its end.
private struct Significand {
    private var value: UInt64 = 0
    private var zeros = 0
    private var isTooLong = false

    mutating func take(_ cursor: inout JSONCursor) {
        while cursor.current >= 48, cursor.current <= 57 {
            append(UInt64(cursor.current - 48))
            cursor.at += 1
        }
    }

    private mutating func append(_ digit: UInt64) {
        guard digit > 0 else {
            zeros += 1
            return
        }
        if value == 0 { zeros = 0 }
        guard zeros < 19 else {
            isTooLong = true
            return
        }
        while zeros > 0 {
            shift(appending: 0)
            zeros -= 1
        }
        shift(appending: digit)
    }

    private mutating func shift(appending digit: UInt64) {
        let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = scaled.addingReportingOverflow(digit)
        isTooLong = isTooLong || overflow || carry
        value = sum
    }

    /// The digits times 10^`exponent`; `nil` when that is no whole number (unless rounded) or too
    /// large.
    func scaled(by exponent: Int, rounds: Bool) -> Int64? {
        if value == 0 && !isTooLong { return 0 }
        guard !isTooLong else { return nil }
        var units = value
        var left = exponent + zeros
        guard left <= 19 else { return nil }
        while left > 0 {
            let (scaled, overflow) = units.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            units = scaled
            left -= 1
        }
        guard left == 0 || rounds else { return nil }
        guard left >= -19 else { return 0 }
        while left < -1 {
            units /= 10
            left += 1
        }
        if left == -1 { units = (units + 5) / 10 }
        return Int64(exactly: units)
    }
}
