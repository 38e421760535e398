import MarketModel

/// A place in an object that is spelled plainly: no white space, no escapes, short numbers.
///
/// Names and values are read eight bytes at a time, without looking where the text ends: whoever
/// reads keeps enough bytes in hand, and compares the end afterwards. What ends a value is looked
/// at when what follows is read.
struct PlainText {
    private let base: UnsafeRawPointer
    /// The object's opening brace.
    private let start: Int
    private(set) var at: Int

    @inline(__always)
    init(_ base: UnsafeRawPointer, object start: Int) {
        self.base = base
        self.start = start
        at = start
    }

    @inline(__always) func byte(_ offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always) func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always) mutating func skip(_ count: Int) { at &+= count }

    /// Moves behind a field's name, when it is the next.
    @inline(__always) mutating func passes(_ name: FieldName) -> Bool {
        guard word(at) &<< name.unusedBits == name.packed else { return false }
        at &+= name.count
        return true
    }

    /// Moves behind a byte, when it is the next.
    @inline(__always) mutating func passes(_ sign: Unicode.Scalar) -> Bool {
        guard byte(at) == UInt8(ascii: sign) else { return false }
        at &+= 1
        return true
    }

    /// A value is not plain: back to the opening brace, where neither a name nor an end is.
    @inline(__always) mutating func fail() -> UInt64 {
        at = start
        return 0
    }
}

/// A field's name with all signs between the value before it and its own: at most eight bytes.
struct FieldName {
    /// The bytes, the last one highest.
    let packed: UInt64
    let count: Int

    @inline(__always) init(_ text: StaticString) {
        count = text.utf8CodeUnitCount
        var packed: UInt64 = 0
        for index in 0..<count {
            packed = packed >> 8 | UInt64(text.utf8Start[index]) << 56
        }
        self.packed = packed
    }

    @inline(__always) var unusedBits: UInt64 { UInt64(truncatingIfNeeded: 64 &- 8 &* count) }
}

/// Numbers.
extension PlainText {
    /// Up to seven digits before the point, and up to seven after it.
    ///
    /// Nearly all have eight signs at most, point and what follows included: their digits are moved
    /// together and read as one number.
    @inline(__always) mutating func decimal(places: Int) -> Int64 {
        let letters = word(at)
        let signs = Signs(letters)
        let whole = signs.firstOther
        guard whole > 0, whole == 8 || letters & 0xFF != 0x30 else {
            return Int64(bitPattern: fail())
        }
        guard whole < 64, letters &>> whole & 0xFF == 0x2E else {
            return wholeDecimal(signs, places)
        }
        let all = signs.secondOther
        guard all < 64, all > whole &+ 8 else { return longDecimal(places: places) }
        let below = (1 &<< whole) &- 1
        let joined = signs.values & below | signs.values &>> 8 & ~below
        at &+= Int(truncatingIfNeeded: all &>> 3)
        let fractionDigits = Int(truncatingIfNeeded: (all &- whole) &>> 3) &- 1
        return Int64(
            bitPattern: Signs.number(joined &<< (72 &- all))
                &* JSONText.powerOfTen(places &- fractionDigits))
    }

    /// Without a point: seven digits at most.
    @inline(__always) private mutating func wholeDecimal(_ signs: Signs, _ places: Int) -> Int64 {
        guard signs.firstOther < 64 else { return Int64(bitPattern: fail()) }
        at &+= Int(truncatingIfNeeded: signs.firstOther &>> 3)
        return Int64(bitPattern: signs.firstNumber &* JSONText.powerOfTen(places))
    }

    @inline(never) private mutating func longDecimal(places: Int) -> Int64 {
        let whole = Signs(word(at))
        at &+= Int(truncatingIfNeeded: whole.firstOther &>> 3) &+ 1
        let fraction = Signs(word(at))
        let digits = Int(truncatingIfNeeded: fraction.firstOther &>> 3)
        guard digits > 0, digits < 8 else { return Int64(bitPattern: fail()) }
        at &+= digits
        return Int64(
            bitPattern: whole.firstNumber &* JSONText.powerOfTen(places)
                &+ fraction.firstNumber &* JSONText.powerOfTen(places &- digits))
    }

    /// Up to 15 digits; the first is no zero unless it is the only one.
    @inline(__always) mutating func integer() -> Int64 {
        let letters = word(at)
        guard letters & 0xFF != 0x30 || Signs(letters).firstOther == 8 else {
            return Int64(bitPattern: fail())
        }
        return Int64(bitPattern: digits(letters))
    }

    /// Up to 15 digits, at least one, leading zeros or not.
    @inline(__always) mutating func digits(_ letters: UInt64) -> UInt64 {
        let signs = Signs(letters)
        guard signs.firstOther > 0 else { return fail() }
        at &+= Int(truncatingIfNeeded: signs.firstOther &>> 3)
        guard signs.firstOther == 64 else { return signs.firstNumber }
        return moreDigits(after: Signs.number(signs.values))
    }

    @inline(__always) private mutating func moreDigits(after head: UInt64) -> UInt64 {
        let signs = Signs(word(at))
        let count = Int(truncatingIfNeeded: signs.firstOther &>> 3)
        guard count < 8 else { return fail() }
        guard count > 0 else { return head }
        at &+= count
        return head &* JSONText.powerOfTen(count) &+ signs.firstNumber
    }

    /// Up to four digits.
    @inline(__always) mutating func shortInteger() -> Int64 {
        let letters = word(at)
        let signs = Signs(letters)
        guard signs.firstOther > 0, signs.firstOther <= 32,
            signs.firstOther == 8 || letters & 0xFF != 0x30
        else { return Int64(bitPattern: fail()) }
        at &+= Int(truncatingIfNeeded: signs.firstOther &>> 3)
        return Int64(bitPattern: signs.firstNumber)
    }

    /// Passes over up to four digits: a number that is not received.
    @inline(__always) mutating func skipShortInteger() {
        let letters = word(at)
        let count = Signs(letters).firstOther
        guard count > 0, count <= 32, count == 8 || letters & 0xFF != 0x30 else {
            _ = fail()
            return
        }
        at &+= Int(truncatingIfNeeded: count &>> 3)
    }
}

/// Texts and lists.
extension PlainText {
    /// A trade id that is a number of up to 15 digits, from behind its first quotation mark.
    @inline(__always) mutating func quotedDigits() -> UInt64 {
        let value = digits(word(at))
        guard passes("\"") else { return fail() }
        return value
    }

    /// Up to seven capitals, packed as a symbol's head, from behind the first quotation mark.
    @inline(__always) mutating func symbol() -> UInt64 {
        let letters = word(at)
        let quotes = JSONCursor.quotes(in: letters)
        let bits = UInt64(truncatingIfNeeded: quotes.trailingZeroBitCount) & 0x78
        guard quotes != 0, bits > 0 else { return fail() }
        let rest = UInt64.max &<< bits
        guard JSONCursor.areCapitals(letters & ~rest | 0x4141_4141_4141_4141 & rest) else {
            return fail()
        }
        at &+= Int(truncatingIfNeeded: bits &>> 3) &+ 1
        return (letters & ~rest).byteSwapped
    }

    /// Up to eight ids of at most three digits, packed as `TradeConditions` packs them,
    /// from behind the opening bracket.
    @inline(__always) mutating func conditionList() -> UInt64 {
        var packed: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let letters = word(at)
            let signs = Signs(letters)
            let id = signs.firstNumber
            guard signs.firstOther > 0, signs.firstOther < 32,
                signs.firstOther == 8 || letters & 0xFF != 0x30,
                id < UInt64(TradeConditions.unknownID)
            else { return fail() }
            packed |= (id &+ 1) &<< shift
            shift &+= 8
            at &+= Int(truncatingIfNeeded: signs.firstOther &>> 3)
            if passes("]") { return packed }
            guard passes(",") else { return fail() }
        }
        return fail()
    }
}

/// Eight bytes of text, told into digits and other signs. Places are counted in bits.
struct Signs {
    /// A digit's value in each byte that is one.
    let values: UInt64
    /// The top bit of each byte that is no digit.
    private let others: UInt64

    @inline(__always) init(_ letters: UInt64) {
        values = letters ^ 0x3030_3030_3030_3030
        others = ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
    }

    /// 8 for each digit before the first other sign; 64 when all are digits.
    @inline(__always) var firstOther: UInt64 {
        UInt64(truncatingIfNeeded: others.trailingZeroBitCount) & 0x78
    }

    /// The same for the second other sign.
    @inline(__always) var secondOther: UInt64 {
        UInt64(truncatingIfNeeded: (others & (others &- 1)).trailingZeroBitCount) & 0x78
    }

    /// The digits before the first other sign, at least one, as a number.
    @inline(__always) var firstNumber: UInt64 { Signs.number(values &<< (64 &- firstOther)) }

    /// Eight digits' number: neighbours are joined three times.
    @inline(__always) static func number(_ values: UInt64) -> UInt64 {
        let pairs = (values &* 10) &+ (values &>> 8)
        let even = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let odd = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (even &+ odd) &>> 32
    }
}
