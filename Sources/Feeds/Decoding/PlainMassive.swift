import MarketModel

/// A trade or a quote spelled as Massive nearly always spells it: known fields in any order, no
/// white space, no escapes, plain numbers. Whatever else it meets is `nil`, and then read with
/// care, with the same result for these too.
///
/// What is beyond the frame's end may be read, since the batch's bytes go on there, but nothing
/// that ends there is kept.
struct PlainMassive {
    private let base: UnsafeRawPointer
    /// Where the frame ends.
    private let end: Int
    /// A field that starts here or before cannot reach beyond the buffer.
    private let startMax: Int
    private(set) var at: Int

    /// The longest field: a name, eight conditions of three digits, and the word read at the end of
    /// them.
    private static let fieldBytesMax = 64

    @inline(__always)
    init(_ text: JSONText, at: Int) {
        base = text.base
        end = text.end
        startMax = text.bufferEnd &- PlainMassive.fieldBytesMax
        self.at = at
    }

    /// Reads from the first name behind `ev` to behind the closing brace.
    @inline(__always)
    mutating func trade() -> Trade? {
        var (head, price, size) = (UInt64(0), Int64(0), Int64(0))
        var (nanoseconds, sequence) = (Int64(0), Int64(0))
        var (tradeID, conditions, exchange) = (UInt64(0), UInt64(0), Int64(0))
        var goesOn = true
        while goesOn {
            guard at <= startMax else { return nil }
            let word = word(at)
            if PlainMassive.isLetterName(word) {
                at &+= 4
                switch UInt8(truncatingIfNeeded: word &>> 8) {
                case UInt8(ascii: "p"): price = decimal(places: Price.decimalPlaces)
                case UInt8(ascii: "s"): size = decimal(places: Size.decimalPlaces)
                case UInt8(ascii: "t"): nanoseconds = milliseconds()
                case UInt8(ascii: "q"): sequence = integer()
                case UInt8(ascii: "i"): tradeID = quotedInteger()
                case UInt8(ascii: "x"): exchange = shortInteger()
                case UInt8(ascii: "c"): conditions = conditionList()
                case UInt8(ascii: "z"): skipDigit()
                default: return nil
                }
            } else if PlainMassive.isSymbolName(word) {
                at &+= 6
                head = symbol()
            } else {
                return nil
            }
            goesOn = continues()
        }
        guard at > 0, at <= end, head > 0, price > 0, size > 0, nanoseconds > 0 else { return nil }
        return Trade(
            symbol: Symbol(head: head, tail: 0), price: Price(units: price),
            size: Size(units: size), executedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence, conditions: TradeConditions(packed: conditions), tradeID: tradeID,
            exchange: Int16(truncatingIfNeeded: exchange))
    }

    /// As `trade`; `lot` is how many units a size counts.
    @inline(__always)
    mutating func quote(lot: Int64) -> Quote? {
        var (head, nanoseconds, sequence) = (UInt64(0), Int64(0), Int64(0))
        var (bid, ask, bidSize, askSize) = (Int64(-1), Int64(-1), Int64(0), Int64(0))
        var goesOn = true
        while goesOn {
            guard at <= startMax else { return nil }
            let word = word(at)
            if PlainMassive.isPairName(word) {
                at &+= 5
                switch UInt16(truncatingIfNeeded: word &>> 8) {
                case 0x7062: bid = decimal(places: Price.decimalPlaces)  // bp
                case 0x7061: ask = decimal(places: Price.decimalPlaces)  // ap
                case 0x7362: bidSize = decimal(places: Size.decimalPlaces)  // bs
                case 0x7361: askSize = decimal(places: Size.decimalPlaces)  // as
                case 0x7862, 0x7861: _ = shortInteger()  // bx, ax
                default: return nil
                }
            } else if PlainMassive.isLetterName(word) {
                at &+= 4
                switch UInt8(truncatingIfNeeded: word &>> 8) {
                case UInt8(ascii: "t"): nanoseconds = milliseconds()
                case UInt8(ascii: "q"): sequence = integer()
                case UInt8(ascii: "c"), UInt8(ascii: "z"): skipDigit()
                default: return nil
                }
            } else if PlainMassive.isSymbolName(word) {
                at &+= 6
                head = symbol()
            } else {
                return nil
            }
            goesOn = continues()
        }
        guard at > 0, at <= end, head > 0, nanoseconds > 0, bid & ask >= 0 else { return nil }
        let (bidUnits, bidOverflow) = bidSize.multipliedReportingOverflow(by: lot)
        let (askUnits, askOverflow) = askSize.multipliedReportingOverflow(by: lot)
        guard !bidOverflow, !askOverflow else { return nil }
        return Quote(
            symbol: Symbol(head: head, tail: 0), bid: Price(units: max(bid, 0)),
            ask: Price(units: max(ask, 0)), bidSize: Size(units: bidUnits),
            askSize: Size(units: askUnits), quotedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence)
    }
}

/// Values. One that is not plain sets `at` so far back that the object is refused at its next sign.
extension PlainMassive {
    @inline(__always) private func byte(_ offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always) private func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// `"?":`
    @inline(__always) private static func isLetterName(_ word: UInt64) -> Bool {
        word & 0xFFFF_00FF == 0x3A22_0022
    }

    /// `"??":`
    @inline(__always) private static func isPairName(_ word: UInt64) -> Bool {
        word & 0xFF_FF00_00FF == 0x3A_2200_0022
    }

    /// `"sym":`
    @inline(__always) private static func isSymbolName(_ word: UInt64) -> Bool {
        word & 0xFFFF_FFFF_FFFF == 0x3A22_6D79_7322
    }

    /// Moves behind the sign after a value: true at a comma, false at the closing brace and where
    /// there is neither.
    @inline(__always) private mutating func continues() -> Bool {
        guard at > 0 else { return false }
        let next = byte(at)
        at &+= 1
        if next == UInt8(ascii: ",") { return true }
        if next != UInt8(ascii: "}") { at = -1 }
        return false
    }

    @inline(__always) private mutating func fail() -> Int64 {
        at = -1
        return 0
    }

    /// Up to seven digits before the point, and up to `places` after it.
    @inline(__always) private mutating func decimal(places: Int) -> Int64 {
        let letters = word(at)
        let (whole, count) = JSONText.digits(letters)
        guard count > 0, count < 8, count == 1 || letters & 0xFF != 0x30 else { return fail() }
        let units = whole &* JSONText.powerOfTen(places)
        at &+= count
        guard letters &>> UInt64(truncatingIfNeeded: 8 &* count) & 0xFF == 0x2E else {
            return Int64(bitPattern: units)
        }
        let (fraction, fractionCount) = JSONText.digits(word(at &+ 1))
        guard fractionCount > 0, fractionCount < 8 else { return fail() }
        at &+= 1 &+ fractionCount
        let scaled = fraction &* JSONText.powerOfTen(places &- fractionCount)
        return Int64(bitPattern: units &+ scaled)
    }

    /// Up to 15 digits.
    @inline(__always) private mutating func integer() -> Int64 {
        let letters = word(at)
        let (head, headCount) = JSONText.digits(letters)
        guard headCount > 0, headCount == 1 || letters & 0xFF != 0x30 else { return fail() }
        at &+= headCount
        guard headCount == 8 else { return Int64(bitPattern: head) }
        let (tail, tailCount) = JSONText.digits(word(at))
        guard tailCount < 8 else { return fail() }
        at &+= tailCount
        return Int64(bitPattern: head &* JSONText.powerOfTen(tailCount) &+ tail)
    }

    /// Up to four digits.
    @inline(__always) private mutating func shortInteger() -> Int64 {
        let letters = word(at)
        let (value, count) = JSONText.digits(letters)
        guard count > 0, count <= 4, count == 1 || letters & 0xFF != 0x30 else { return fail() }
        at &+= count
        return Int64(bitPattern: value)
    }

    /// A number that is not received: mostly a single digit.
    @inline(__always) private mutating func skipDigit() {
        let next = byte(at &+ 1)
        if byte(at) &- 0x30 < 10, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") {
            at &+= 1
        } else {
            _ = shortInteger()
        }
    }

    /// A moment of this century in milliseconds, which has 12 or 13 digits, in nanoseconds.
    @inline(__always) private mutating func milliseconds() -> Int64 {
        guard let moment = TimeUnit.milliseconds.timestamp(integer()) else { return fail() }
        return moment.nanoseconds
    }

    /// A trade id that is a number of up to 15 digits, leading zeros or not.
    @inline(__always) private mutating func quotedInteger() -> UInt64 {
        let (head, headCount) = JSONText.digits(word(at &+ 1))
        guard byte(at) == UInt8(ascii: "\""), headCount > 0 else { return UInt64(fail()) }
        at &+= 1 &+ headCount
        var value = head
        if headCount == 8 {
            let (tail, tailCount) = JSONText.digits(word(at))
            guard tailCount < 8 else { return UInt64(fail()) }
            value = head &* JSONText.powerOfTen(tailCount) &+ tail
            at &+= tailCount
        }
        guard byte(at) == UInt8(ascii: "\"") else { return UInt64(fail()) }
        at &+= 1
        return value
    }

    /// Up to seven capitals, packed as a symbol's head.
    @inline(__always) private mutating func symbol() -> UInt64 {
        let letters = word(at &+ 1)
        let quotes = JSONCursor.quotes(in: letters)
        let count = quotes.trailingZeroBitCount &>> 3
        guard byte(at) == UInt8(ascii: "\""), quotes != 0, count > 0 else {
            return UInt64(fail())
        }
        let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        guard JSONCursor.areCapitals((letters & mask) | (0x4141_4141_4141_4141 & ~mask)) else {
            return UInt64(fail())
        }
        at &+= count &+ 2
        return (letters & mask).byteSwapped
    }

    /// Up to eight ids of at most three digits, packed as `TradeConditions` packs them.
    @inline(__always) private mutating func conditionList() -> UInt64 {
        guard byte(at) == UInt8(ascii: "[") else { return UInt64(fail()) }
        var packed: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            at &+= 1
            let letters = word(at)
            let (id, count) = JSONText.digits(letters)
            guard count > 0, count < 4, count == 1 || letters & 0xFF != 0x30,
                id < UInt64(TradeConditions.unknownID)
            else { return UInt64(fail()) }
            packed |= (id &+ 1) &<< shift
            shift &+= 8
            at &+= count
            let next = byte(at)
            if next == UInt8(ascii: "]") {
                at &+= 1
                return packed
            }
            guard next == UInt8(ascii: ",") else { return UInt64(fail()) }
        }
        return UInt64(fail())
    }
}
