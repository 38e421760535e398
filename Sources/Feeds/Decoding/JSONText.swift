/// One frame's bytes, and where they end: small enough to travel in registers.
///
/// Every read is checked against the frame's end; beyond it there are zero bytes, which no JSON
/// text holds, so a reader that runs out of text stops by itself. Lives only inside the call that
/// lends the bytes.
struct JSONText {
    let base: UnsafeRawPointer
    let end: Int
    /// Where the bytes end that may be read at all.
    let bufferEnd: Int

    /// The byte at an offset of the buffer; 0 beyond the frame's end.
    @inline(__always) func byte(_ offset: Int) -> UInt8 {
        offset < end ? base.load(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// Eight bytes from an offset, the first one lowest; 0 beyond the frame's end.
    @inline(__always) func word(_ offset: Int) -> UInt64 {
        if offset &+ 8 <= end {
            return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        return wordAtEnd(offset)
    }

    @inline(never) private func wordAtEnd(_ offset: Int) -> UInt64 {
        var word: UInt64 = 0
        var index = 0
        while offset + index < end, index < 8 {
            word |= UInt64(byte(offset + index)) << UInt64(8 * index)
            index += 1
        }
        return word
    }

    /// Up to eight digits before the point and up to eight after it, and where they end; -1 for any
    /// other spelling.
    @inline(never) func plainDecimal(_ start: Int, places: Int) -> (units: Int64, end: Int) {
        let letters = word(start)
        let (whole, wholeCount) = JSONText.digits(letters)
        guard wholeCount > 0, wholeCount == 1 || letters & 0xFF != 0x30 else { return (-1, -1) }
        let units = whole &* JSONText.powerOfTen(places)
        let point = start &+ wholeCount
        guard byte(point) == UInt8(ascii: ".") else { return (Int64(bitPattern: units), point) }
        let (fraction, fractionCount) = JSONText.digits(word(point &+ 1))
        guard fractionCount > 0, fractionCount <= places else { return (-1, -1) }
        let scaled = fraction &* JSONText.powerOfTen(places &- fractionCount)
        return (Int64(bitPattern: units &+ scaled), point &+ 1 &+ fractionCount)
    }

    /// Up to 15 digits, and where they end; -1 for any other spelling.
    @inline(__always) func plainInteger(_ start: Int) -> (value: Int64, end: Int) {
        let letters = word(start)
        let (head, headCount) = JSONText.digits(letters)
        guard headCount > 0, headCount == 1 || letters & 0xFF != 0x30 else { return (-1, -1) }
        guard headCount == 8 else { return (Int64(bitPattern: head), start &+ headCount) }
        let (tail, tailCount) = JSONText.digits(word(start &+ 8))
        guard tailCount < 8 else { return (-1, -1) }
        let value = head &* JSONText.powerOfTen(tailCount) &+ tail
        return (Int64(bitPattern: value), start &+ 8 &+ tailCount)
    }

    /// The value of the digits a word begins with, and how many there are.
    @inline(__always) static func digits(_ word: UInt64) -> (value: UInt64, count: Int) {
        let signs = Signs(word)
        let count = Int(truncatingIfNeeded: signs.firstOther &>> 3)
        return count > 0 ? (signs.firstNumber, count) : (0, 0)
    }

    /// 10 to the power of 0 to 9.
    @inline(__always) static func powerOfTen(_ exponent: Int) -> UInt64 {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        default: 1_000_000_000
        }
    }
}
