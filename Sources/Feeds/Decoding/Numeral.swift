/// Eight bytes of text that begin with a number of at most seven signs.
///
/// What is no digit and may stand behind one, a comma, a quotation mark or a point, lacks a bit
/// that all digits have. So a number's end is found before anyone knows whether all before it are
/// digits: that is told by `faults`, for many numbers at once.
struct Numeral {
    /// A digit's value in each byte that is one.
    private let values: UInt64
    /// The top bit of each byte that ends a number.
    private let endBits: UInt64

    private let masks: NumeralMasks

    @inline(__always) init(_ letters: UInt64, by masks: NumeralMasks) {
        values = letters ^ masks.zeros
        endBits = values &<< 3 & masks.topBits
        self.masks = masks
    }

    /// Whether the first is a digit from 1 to 9.
    @inline(__always) var beginsUsually: Bool { UInt8(truncatingIfNeeded: values) &- 1 < 9 }

    /// Whether a byte ends the number.
    @inline(__always) var ends: Bool { endBits != 0 }

    /// Whether a second byte ends a number.
    @inline(__always) var endsTwice: Bool { endBits & (endBits &- 1) != 0 }

    /// How many bytes come before the first that ends a number.
    @inline(__always) var count: Int { Numeral.count(before: endBits) }

    /// The same for the second, where `endsTwice`.
    @inline(__always) var countUpToSecond: Int { Numeral.count(before: endBits & (endBits &- 1)) }

    @inline(__always) private static func count(before ends: UInt64) -> Int {
        Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: ends.trailingZeroBitCount) &>> 3)
    }

    /// The digits before the first end.
    @inline(__always) var digits: Digits { Digits(values, upTo: endBits, by: masks) }

    /// The digits before the second end, without the byte that is the first.
    @inline(__always) var joinedDigits: Digits {
        // All bits up to the first end and with it; below them, digits move up by one.
        let upToFirst = endBits ^ (endBits &- 1)
        let joined = values ^ ((values ^ values &<< 8) & upToFirst)
        return Digits(joined, upTo: endBits & (endBits &- 1), by: masks)
    }

    /// Up to seven digits, moved so that the last one's top bit is that of the seventh byte, and
    /// one more; what is above is no digit.
    struct Digits {
        private let moved: UInt64
        private let masks: NumeralMasks

        @inline(__always)
        fileprivate init(_ values: UInt64, upTo ends: UInt64, by masks: NumeralMasks) {
            self.masks = masks
            // The place of the end's top bit is 7, 15 and so on.
            moved = values &<< (0 &- UInt64(truncatingIfNeeded: ends.trailingZeroBitCount))
        }

        /// A bit of `faultBits` is set for each byte that is no digit; other bits mean nothing.
        @inline(__always) var faults: UInt64 { moved &+ masks.sixes }

        /// Neighbours are joined three times, to pairs, fours, and all.
        @inline(__always) var number: UInt64 {
            let pairs = (moved &* 2561) &>> 1 & masks.pairs
            let fours = (pairs &* 6_553_601) &>> 16 & masks.fours
            return (fours &* masks.weights) &>> 32
        }
    }

    /// The upper halves of seven bytes that are moved as digits are.
    static var faultBits: UInt64 { 0x01E1_E1E1_E1E1_E1E0 }
}

/// Numbers of eight bytes that are needed for every numeral.
///
/// A reader that keeps them in a variable of its own has them in memory, from where they are read
/// as a part of the instruction that needs them: else each takes an instruction wherever it is
/// needed.
struct NumeralMasks {
    fileprivate var zeros: UInt64 = 0x3030_3030_3030_3030
    fileprivate var topBits: UInt64 = 0x8080_8080_8080_8080
    fileprivate var sixes: UInt64 = 0x000C_0C0C_0C0C_0C0C
    fileprivate var pairs: UInt64 = 0x00FF_00FF_00FF_00FF
    fileprivate var fours: UInt64 = 0x0000_FFFF_0000_FFFF
    fileprivate var weights: UInt64 = 42_949_672_960_001
}
