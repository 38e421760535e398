import MarketModel

extension JSONCursor {
    /// Deeper nesting than any provider sends is not followed.
    private static let depthMax = 64

    /// Reads a field's name and the colon, and moves to the value. 0 for a name that no field of
    /// ours has.
    ///
    /// Gives up when there is no name.
    @inline(__always) mutating func fieldKey() -> UInt64 {
        key = 0
        if speculates, current == UInt8(ascii: "\"") {
            let letters = word(at + 1)
            let quotes = JSONCursor.quotes(in: letters)
            let count = quotes.trailingZeroBitCount >> 3
            if quotes != 0, count > 0, byte(at + count + 2) == UInt8(ascii: ":") {
                let name = letters & (UInt64.max >> UInt64(64 &- 8 &* count))
                // A zero byte at its end would make another name of it.
                if byte(at + count + 3) > 0x20, byte(at + count) > 0 {
                    at += count + 3
                    key = name
                    return name
                }
            }
        }
        return apart { $0.fieldKeySlowly() }
    }

    /// Passes over the value of a field that is not received.
    ///
    /// A name with an escape may spell a field that is; a second type may change what all the
    /// others mean.
    @inline(__always) mutating func skipField(type: FieldKey) {
        if key == type.packed || (speculates && JSONCursor.holdsEscape(key)) { needsCare = true }
        skipValue()
    }

    /// Whether one of a name's bytes is a backslash or a control character.
    @inline(__always) private static func holdsEscape(_ name: UInt64) -> Bool {
        // The top three bits of a control character are zero, and so is the filling, which the
        // length tells apart.
        let length = 8 &- name.leadingZeroBitCount &>> 3
        let used = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* max(length, 1))
        let printable = (name | name &<< 1 | name &<< 2) & 0x8080_8080_8080_8080
        let escapes = name ^ 0x5C5C_5C5C_5C5C_5C5C
        let hasEscape = (escapes &- 0x0101_0101_0101_0101) & ~escapes & 0x8080_8080_8080_8080
        return hasEscape != 0 || printable != used & 0x8080_8080_8080_8080
    }

    @inline(never) mutating func fieldKeySlowly() -> UInt64 {
        skipSpace()
        guard current == UInt8(ascii: "\"") else {
            giveUp()
            return 0
        }
        guard let range = string() else { return 0 }
        skipSpace()
        guard current == UInt8(ascii: ":") else {
            giveUp()
            return 0
        }
        at += 1
        skipSpace()
        key = packedName(range)
        return key
    }

    private func packedName(_ range: Range<Int>) -> UInt64 {
        var packed: UInt64 = 0
        var count = 0
        var place = range.lowerBound
        while place < range.upperBound {
            guard count < 8, let letter = asciiCharacter(&place), letter > 0 else { return 0 }
            packed |= UInt64(letter) << UInt64(8 * count)
            count += 1
        }
        return packed
    }

    /// After a value: moves behind a comma (true), or behind the closing bracket (false). Else
    /// gives up.
    @inline(__always) mutating func continues(until close: UInt8) -> Bool {
        skipSpace()
        let next = current
        if next == UInt8(ascii: ",") {
            at += 1
            return true
        }
        if next == close {
            at += 1
            return false
        }
        key = 0
        apart { $0.giveUp() }
        return false
    }

    /// Moves into a bracket. False when it is empty; it is then passed over.
    @inline(__always) mutating func opens(closing close: UInt8) -> Bool {
        at += 1
        skipSpace()
        if current == close {
            at += 1
            return false
        }
        return true
    }

    mutating func skipNull() -> Bool {
        guard word(at) & 0xFFFF_FFFF == 0x6C6C_756E, JSONCursor.endsValue(byte(at + 4)) else {
            return false
        }
        at += 4
        return true
    }

    /// Passes over one value of any type; gives up when there is none.
    @inline(__always) mutating func skipValue() {
        if speculates {
            let (_, count) = JSONText.digits(word(at))
            let first = current
            let next = byte(at + count)
            if count > 0, count < 8, first != UInt8(ascii: "0") || count == 1,
                next == UInt8(ascii: ",") || next == UInt8(ascii: "}")
            {
                at += count
                return
            }
        }
        apart { $0.skipValueSlowly(depth: 0) }
    }

    @inline(never) func hasLiteral(_ literal: StaticString) -> Bool {
        (0..<literal.utf8CodeUnitCount).allSatisfy { byte(at + $0) == literal.utf8Start[$0] }
            && JSONCursor.endsValue(byte(at + literal.utf8CodeUnitCount))
    }

    @inline(never) mutating func skipValueSlowly(depth: Int) {
        switch current {
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < JSONCursor.depthMax else { return giveUp() }
            skipNested(depth: depth)
        case UInt8(ascii: "-"), 48...57:
            if exactDecimal(places: 0) == .malformed { giveUp() }
        case UInt8(ascii: "t") where hasLiteral("true"): at += 4
        case UInt8(ascii: "f") where hasLiteral("false"): at += 5
        case UInt8(ascii: "n") where hasLiteral("null"): at += 4
        default: giveUp()
        }
    }

    private mutating func skipNested(depth: Int) {
        let isObject = current == UInt8(ascii: "{")
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        guard opens(closing: close) else { return }
        let outerKey = key
        repeat {
            if isObject {
                _ = fieldKeySlowly()
                key = outerKey
            } else {
                skipSpace()
            }
            skipValueSlowly(depth: depth + 1)
        } while continues(until: close)
        key = outerKey
    }

    /// Passes over a string; gives up on a control character, an illegal escape or a missing end.
    @inline(never) mutating func skipString() {
        at += 1
        while at < end {
            let letter = current
            if letter == UInt8(ascii: "\"") {
                at += 1
                return
            }
            if letter == UInt8(ascii: "\\") {
                guard let length = escapeLength(at) else { return giveUp() }
                at += length
            } else if letter < 0x20 {
                return giveUp()
            } else {
                at += 1
            }
        }
        giveUp()
    }

    private func escapeLength(_ place: Int) -> Int? {
        switch byte(place + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            2
        case UInt8(ascii: "u")
        where (2..<6).allSatisfy { JSONCursor.hexadecimalValue(byte(place + $0)) != nil }:
            6
        default: nil
        }
    }

    /// Where a broken element ends if only its brackets and strings are looked at; `nil` when they
    /// do not balance, or when what follows is not the next element or the array's end.
    func endOfBrokenElement(from start: Int) -> Int? {
        var depth = 0
        var place = start
        var isInString = false
        while place < end {
            switch byte(place) {
            case UInt8(ascii: "\\") where isInString: place += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString, UInt8(ascii: "[") where !isInString:
                depth += 1
            case UInt8(ascii: "}") where !isInString, UInt8(ascii: "]") where !isInString:
                if depth == 0 { return place > start ? place : nil }
                depth -= 1
                if depth == 0 { return endsElement(place + 1) ? place + 1 : nil }
            case UInt8(ascii: ",") where !isInString && depth == 0: return place
            default: break
            }
            place += 1
        }
        return nil
    }

    private func endsElement(_ place: Int) -> Bool {
        var after = self
        after.at = place
        after.skipSpace()
        return after.current == UInt8(ascii: ",") || after.current == UInt8(ascii: "]")
    }
}
