import MarketModel

/// Texts and lists.
extension PlainText {
    /// A trade id that is a number of up to 15 digits, from behind its first quotation mark.
    @inline(__always) mutating func quotedDigits() -> UInt64 {
        let value = digits()
        if !passes("\"") { note(.max) }
        return value
    }

    /// One to seven capitals, packed as a symbol's head, from behind the first quotation mark to
    /// the last one; `nil` for any other text.
    @inline(__always) mutating func symbol() -> UInt64? {
        let letters = word(at)
        // The top bit is set for what comes before A, and, wrongly, for bytes behind.
        let marks = (0xC0C0_C0C0_C0C0_C0C0 &- letters) & Signs.topBits
        let head = letters & (marks ^ (marks &- 1)) &>> 8
        let aboveZ = head &+ 0x2525_2525_2525_2525
        guard marks != 0, head != 0, aboveZ & Signs.topBits == 0 else { return nil }
        skip(marks.trailingZeroBitCount &>> 3)
        return head.byteSwapped
    }

    /// Up to eight ids of at most three digits, packed as `TradeConditions` packs them,
    /// from behind the opening bracket to behind the closing one.
    @inline(never)
    static func conditionList(_ base: UnsafeRawPointer, _ start: Int) -> PlainReading {
        var text = PlainText(base, at: start)
        var packed: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let id = text.shortInteger()
            guard text.isPlain, id < Int64(TradeConditions.unknownID) else { return .notPlain }
            packed |= UInt64(id &+ 1) &<< shift
            shift &+= 8
            if text.passes("]") { return PlainReading(value: packed, count: text.at &- start) }
            guard text.passes(",") else { return .notPlain }
        }
        return .notPlain
    }
}

/// The lists of conditions met last: a day knows a few dozen, and nearly each trade has one of
/// them, or none.
struct RepeatedConditions {
    /// A list's bytes from behind the opening bracket, the closing one included where it is among
    /// the first eight, and zeros behind; none at all of no list.
    private var texts = InlineArray<64, UInt64>(repeating: .max)
    private var packed = InlineArray<64, UInt64>(repeating: 0)

    private static let nameBytes = FieldName.conditions.count

    /// The conditions of a list, as `PlainText.conditionList` has them, from its name on; 0 where
    /// no list is next.
    ///
    /// Both are read alike, without a jump: which trade has a list nobody can foretell.
    @inline(__always) mutating func read(_ text: inout PlainText) -> UInt64 {
        let isList: UInt64 = FieldName.conditions.isNext(text) ? .max : 0
        let letters = text.word(text.at &+ RepeatedConditions.nameBytes)
        // The closing bracket has a bit that neither digits nor commas have.
        let brackets = letters &<< 1 & Signs.topBits
        // Nine bytes at most: a bracket that is not among the first eight has to be the ninth.
        let key = letters & (brackets ^ (brackets &- 1)) & isList
        let bytes = RepeatedConditions.nameBytes &+ brackets.trailingZeroBitCount &>> 3
        let place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 58)
        let end = UInt64(text.byte(text.at &+ bytes)) ^ UInt64(UInt8(ascii: "]"))
        if texts[place] == key, end & isList == 0 {
            text.skip((bytes &+ 1) & Int(truncatingIfNeeded: isList))
            return packed[place]
        }
        return readAnother(&text, key, bytes, place)
    }

    @inline(__always) private mutating func readAnother(
        _ text: inout PlainText, _ key: UInt64, _ bytes: Int, _ place: Int
    ) -> UInt64 {
        guard text.passes(.conditions) else {
            (texts[place], packed[place]) = (key, 0)
            return 0
        }
        let reading = PlainText.conditionList(text.base, text.at)
        if reading.count == bytes &+ 1 &- RepeatedConditions.nameBytes {
            texts[place] = key
            packed[place] = reading.value
        }
        return text.take(reading)
    }
}
