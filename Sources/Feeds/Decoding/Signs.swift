/// Eight bytes of text, told into digits and other signs.
///
/// Places are counted in bits: 8 for each byte before.
struct Signs {
    /// A digit's value in each byte that is one.
    let values: UInt64
    /// The top bit of each byte that is no digit.
    private let others: UInt64

    static var topBits: UInt64 { 0x8080_8080_8080_8080 }

    @inline(__always) init(_ letters: UInt64) {
        values = letters ^ 0x3030_3030_3030_3030
        others = ((values &+ 0x7676_7676_7676_7676) | values) & Signs.topBits
    }

    /// The place of the first sign that is no digit; 64 when all are digits.
    @inline(__always) var firstOther: UInt64 {
        UInt64(truncatingIfNeeded: others.trailingZeroBitCount) & 0x78
    }

    /// The digits before the first other sign, at least one, as a number.
    @inline(__always) var firstNumber: UInt64 { Signs.number(values &<< (0 &- firstOther)) }

    /// Eight digits' number: neighbours are joined three times, to pairs, fours, and all.
    @inline(__always) static func number(_ values: UInt64) -> UInt64 {
        let pairs = (values &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
        return (fours &* 42_949_672_960_001) &>> 32
    }
}

/// The same for four bytes, of which three are digits at most.
struct ShortSigns {
    private let values: UInt32
    private let others: UInt32

    @inline(__always) init(_ letters: UInt32) {
        values = letters ^ 0x3030_3030
        others = ((values &+ 0x7676_7676) | values) & 0x8080_8080
    }

    /// Whether one to three digits come first, no zero before others.
    @inline(__always) var beginNumber: Bool {
        let first = UInt8(truncatingIfNeeded: values)
        return others != 0 && (first &- 1 < 9 || first == 0 && digitCount == 1)
    }

    @inline(__always) var digitCount: Int { others.trailingZeroBitCount &>> 3 }

    /// The number that `beginNumber` tells of.
    @inline(__always) var number: Int64 {
        let place = UInt32(truncatingIfNeeded: others.trailingZeroBitCount) & 0x18
        let pairs = (values &<< (0 &- place) &* 2561) &>> 8 & 0x00FF_00FF
        return Int64((pairs &* 6_553_601) &>> 16)
    }
}
