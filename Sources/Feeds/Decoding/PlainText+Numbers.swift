import MarketModel

/// Numbers. The usual ones have seven digits at most and begin with another one than zero; what is
/// not usual for different reasons is read by different functions, so that each is one comparison.
extension PlainText {
    /// Up to seven digits before the point, and up to seven after it.
    ///
    /// Nearly all have eight signs at most, point and what follows included: their digits are moved
    /// together and read as one number.
    @inline(__always) mutating func decimal(
        places: Int, by masks: NumeralMasks = NumeralMasks()
    ) -> Int64 {
        let numeral = Numeral(word(at), by: masks)
        guard numeral.beginsUsually else {
            return Int64(bitPattern: take(PlainText.decimalFromZero(base, at, places)))
        }
        guard numeral.endsTwice else {
            return Int64(bitPattern: take(PlainText.longDecimal(base, at, places)))
        }
        let whole = numeral.count
        guard byte(at &+ whole) == UInt8(ascii: ".") else {
            skip(whole)
            let digits = numeral.digits
            note(digits.faults)
            return Int64(bitPattern: digits.number &* JSONText.powerOfTen(places))
        }
        let all = numeral.countUpToSecond
        guard all &- whole > 1 else {
            return Int64(bitPattern: take(PlainText.longDecimal(base, at, places)))
        }
        skip(all)
        let digits = numeral.joinedDigits
        note(digits.faults)
        return Int64(
            bitPattern: digits.number &* JSONText.powerOfTen(places &- (all &- whole &- 1)))
    }

    @inline(never)
    private static func decimalFromZero(
        _ base: UnsafeRawPointer, _ start: Int, _ places: Int
    ) -> PlainReading {
        rareDecimal(base, start, places)
    }

    @inline(never)
    private static func longDecimal(
        _ base: UnsafeRawPointer, _ start: Int, _ places: Int
    ) -> PlainReading {
        rareDecimal(base, start, places)
    }

    @inline(__always)
    private static func rareDecimal(
        _ base: UnsafeRawPointer, _ start: Int, _ places: Int
    ) -> PlainReading {
        let text = PlainText(base, at: start)
        let whole = Signs(text.word(start))
        let wholeCount = Int(truncatingIfNeeded: whole.firstOther &>> 3)
        guard wholeCount > 0, wholeCount < 8,
            wholeCount == 1 || text.byte(start) != UInt8(ascii: "0")
        else { return .notPlain }
        let units = whole.firstNumber &* JSONText.powerOfTen(places)
        guard text.byte(start &+ wholeCount) == UInt8(ascii: ".") else {
            return PlainReading(value: units, count: wholeCount)
        }
        let fraction = Signs(text.word(start &+ wholeCount &+ 1))
        let count = Int(truncatingIfNeeded: fraction.firstOther &>> 3)
        guard count > 0, count < 8 else { return .notPlain }
        return PlainReading(
            value: units &+ fraction.firstNumber &* JSONText.powerOfTen(places &- count),
            count: wholeCount &+ 1 &+ count)
    }

    /// Up to 15 digits; the first is no zero unless it is the only one.
    @inline(__always) mutating func integer(by masks: NumeralMasks = NumeralMasks()) -> Int64 {
        Int64(bitPattern: digits(mayBeginWithZero: false, by: masks))
    }

    /// Up to 15 digits, at least one, leading zeros or not.
    @inline(__always) mutating func digits(by masks: NumeralMasks = NumeralMasks()) -> UInt64 {
        digits(mayBeginWithZero: true, by: masks)
    }

    @inline(__always) private mutating func digits(mayBeginWithZero: Bool, by masks: NumeralMasks)
        -> UInt64
    {
        let numeral = Numeral(word(at), by: masks)
        guard numeral.beginsUsually else {
            return take(PlainText.digitsFromZero(base, at, mayBeginWithZero: mayBeginWithZero))
        }
        guard numeral.ends else { return take(PlainText.longDigits(base, at)) }
        skip(numeral.count)
        let digits = numeral.digits
        note(digits.faults)
        return digits.number
    }

    @inline(never)
    private static func digitsFromZero(
        _ base: UnsafeRawPointer, _ start: Int, mayBeginWithZero: Bool
    ) -> PlainReading {
        rareDigits(base, start, mayBeginWithZero: mayBeginWithZero)
    }

    @inline(never)
    private static func longDigits(_ base: UnsafeRawPointer, _ start: Int) -> PlainReading {
        rareDigits(base, start, mayBeginWithZero: true)
    }

    @inline(__always)
    private static func rareDigits(
        _ base: UnsafeRawPointer, _ start: Int, mayBeginWithZero: Bool
    ) -> PlainReading {
        let text = PlainText(base, at: start)
        let head = Signs(text.word(start))
        let headCount = Int(truncatingIfNeeded: head.firstOther &>> 3)
        guard headCount > 0,
            mayBeginWithZero || headCount == 1 || text.byte(start) != UInt8(ascii: "0")
        else { return .notPlain }
        guard headCount == 8 else { return PlainReading(value: head.firstNumber, count: headCount) }
        let value = Signs.number(head.values)
        let tail = Signs(text.word(start &+ 8))
        let tailCount = Int(truncatingIfNeeded: tail.firstOther &>> 3)
        guard tailCount > 0 else { return PlainReading(value: value, count: 8) }
        guard tailCount < 8 else { return .notPlain }
        return PlainReading(
            value: value &* JSONText.powerOfTen(tailCount) &+ tail.firstNumber,
            count: 8 &+ tailCount)
    }

    /// Up to three digits.
    @inline(__always) mutating func shortInteger() -> Int64 {
        let signs = ShortSigns(word(at, as: UInt32.self))
        guard signs.beginNumber else {
            note(.max)
            return 0
        }
        skip(signs.digitCount)
        return signs.number
    }

    /// Passes over up to three digits: a number that is not received.
    @inline(__always) mutating func skipShortInteger() {
        let signs = ShortSigns(word(at, as: UInt32.self))
        guard signs.beginNumber else { return note(.max) }
        skip(signs.digitCount)
    }
}
