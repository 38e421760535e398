import MarketModel

extension JSONCursor {
    /// Reads a ticker. `nil` with the fault noted: `malformed` when it is no string, `symbol` when
    /// no ticker.
    @inline(__always) mutating func symbol() -> Symbol? {
        if speculates, current == UInt8(ascii: "\"") {
            let letters = word(at + 1)
            let quotes = JSONCursor.quotes(in: letters)
            let count = quotes.trailingZeroBitCount >> 3
            if quotes != 0, count > 0 {
                let mask = UInt64.max >> UInt64(64 &- 8 &* count)
                let filled = (letters & mask) | (0x4141_4141_4141_4141 & ~mask)
                if JSONCursor.areCapitals(filled) {
                    at += count + 2
                    return Symbol(head: (letters & mask).byteSwapped, tail: 0)
                }
            }
        }
        return apart { $0.symbolSlowly() }
    }

    @inline(never) private mutating func symbolSlowly() -> Symbol? {
        guard current == UInt8(ascii: "\"") else {
            if !skipNull() {
                note(.malformed)
                skipValue()
            }
            return nil
        }
        let start = at
        skipString()
        guard at <= end, byte(at - 1) == UInt8(ascii: "\""), at > start + 1 else { return nil }
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var count = 0
        var place = start + 1
        while place < at - 1 {
            guard let letter = asciiCharacter(&place), count < Symbol.lengthMax,
                Symbol.isLegal(letter)
            else {
                note(.symbol)
                return nil
            }
            if count < 8 {
                head |= UInt64(letter) << UInt64(56 - 8 * count)
            } else {
                tail |= UInt64(letter) << UInt64(120 - 8 * count)
            }
            count += 1
        }
        guard count > 0 else {
            note(.symbol)
            return nil
        }
        return Symbol(head: head, tail: tail)
    }

    /// Reads a trade id: its value when it is a decimal number below 2^63, else a hash with the top
    /// bit set.
    @inline(__always) mutating func tradeID() -> UInt64? {
        if speculates, current == UInt8(ascii: "\"") {
            let (head, headCount) = JSONText.digits(word(at + 1))
            if headCount > 0 {
                let place = at + 1 + headCount
                if byte(place) == UInt8(ascii: "\"") {
                    at = place + 1
                    return head
                }
                let (tail, tailCount) = JSONText.digits(word(place))
                if headCount == 8, tailCount > 0, byte(place + tailCount) == UInt8(ascii: "\"") {
                    at = place + tailCount + 1
                    return head &* JSONText.powerOfTen(tailCount) &+ tail
                }
            }
        }
        return apart { $0.tradeIDSlowly() }
    }

    @inline(never) private mutating func tradeIDSlowly() -> UInt64? {
        guard let range = string() else { return nil }
        var value: UInt64? = range.isEmpty ? nil : 0
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
        for offset in range {
            let letter = byte(offset)
            hash = (hash ^ UInt64(letter)) &* 0x100_0000_01B3
            guard let known = value, letter >= 48, letter <= 57, known < 922_337_203_685_477_580
            else {
                value = lastDigit(after: value, letter, isLast: offset == range.upperBound - 1)
                continue
            }
            value = known * 10 + UInt64(letter - 48)
        }
        if range.isEmpty { return 0 }
        return value ?? hash | 1 << 63
    }

    /// The nineteenth digit, where the value may just reach 2^63 - 1.
    private func lastDigit(after value: UInt64?, _ letter: UInt8, isLast: Bool) -> UInt64? {
        guard isLast, letter >= 48, letter <= 57, value == 922_337_203_685_477_580, letter <= 55
        else { return nil }
        return 922_337_203_685_477_580 * 10 + UInt64(letter - 48)
    }

    /// Passes over a string and tells where its characters lie, escapes as written.
    ///
    /// `nil` for `null`, and with the fault noted for anything else.
    mutating func string() -> Range<Int>? {
        guard current == UInt8(ascii: "\"") else {
            if !skipNull() {
                note(.malformed)
                skipValue()
            }
            return nil
        }
        let start = at + 1
        let faultBefore = fault
        skipString()
        guard fault == faultBefore, at > start else { return nil }
        return start..<at - 1
    }

    /// A string's text, escapes resolved, cut after `bytesMax` written bytes.
    mutating func unescapedText(bytesMax: Int = 4096) -> String? {
        guard let range = string() else { return nil }
        var bytes: [UInt8] = []
        var place = range.lowerBound
        let stop = min(range.upperBound, range.lowerBound + bytesMax)
        while place < stop {
            guard byte(place) == UInt8(ascii: "\\") else {
                bytes.append(byte(place))
                place += 1
                continue
            }
            let scalar = escapedScalar(&place)
            bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The ASCII character at `place`, an escape resolved; `nil` for any other. Moves `place`
    /// behind it.
    func asciiCharacter(_ place: inout Int) -> UInt8? {
        guard byte(place) == UInt8(ascii: "\\") else {
            place += 1
            return byte(place - 1) < 0x80 ? byte(place - 1) : nil
        }
        let scalar = escapedScalar(&place)
        return scalar.isASCII ? UInt8(scalar.value) : nil
    }

    /// The character an escape stands for; half a pair stands for U+FFFD. The escape has to be
    /// legal.
    private func escapedScalar(_ place: inout Int) -> Unicode.Scalar {
        let letter = byte(place + 1)
        place += 2
        switch letter {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            let unit = hexadecimal(place)
            place += 4
            guard unit & 0xFC00 == 0xD800 else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
            guard byte(place) == UInt8(ascii: "\\"), byte(place + 1) == UInt8(ascii: "u") else {
                return "\u{FFFD}"
            }
            let low = hexadecimal(place + 2)
            guard low & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
            place += 6
            return Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)) ?? "\u{FFFD}"
        default: return Unicode.Scalar(letter)
        }
    }

    private func hexadecimal(_ place: Int) -> UInt32 {
        (0..<4).reduce(0) { value, index in
            value << 4 | UInt32(JSONCursor.hexadecimalValue(byte(place + index)) ?? 0)
        }
    }

    static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }

    /// The top bit of each byte that is a quotation mark; exact up to the first one.
    @inline(__always) static func quotes(in word: UInt64) -> UInt64 {
        let differences = word ^ 0x2222_2222_2222_2222
        return (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
    }

    /// Whether all eight bytes are A to Z.
    @inline(__always) static func areCapitals(_ word: UInt64) -> Bool {
        notCapitals(word) & Signs.topBits == 0
    }

    /// No top bit set when all eight bytes are A to Z; the other bits mean nothing.
    @inline(__always) static func notCapitals(_ word: UInt64) -> UInt64 {
        let atLeastA = word &+ 0x3F3F_3F3F_3F3F_3F3F
        let aboveZ = word &+ 0x2525_2525_2525_2525
        return ~atLeastA | aboveZ | word
    }
}
