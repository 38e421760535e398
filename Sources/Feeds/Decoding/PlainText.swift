import MarketModel

/// A place in an object that is spelled plainly: no white space, no escapes, short numbers.
///
/// Names and values are read eight bytes at a time, without looking where the text ends: whoever
/// reads keeps enough bytes in hand, and compares the end afterwards. What ends a value is looked
/// at when what follows is read. A value that is not plain is noted, and asked for once, when the
/// whole object has been read.
struct PlainText {
    let base: UnsafeRawPointer
    private(set) var at: Int
    /// One of `Numeral.faultBits` is set for what is not plain; the other bits mean nothing.
    private var faults: UInt64 = 0

    @inline(__always)
    init(_ base: UnsafeRawPointer, at: Int) {
        self.base = base
        self.at = at
    }

    /// Whether all values read so far were.
    @inline(__always) var isPlain: Bool { faults & Numeral.faultBits == 0 }

    @inline(__always) func byte(_ offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// Two, four or eight bytes, the first one lowest.
    @inline(__always)
    func word<Word: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as: Word.Type) -> Word {
        Word(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }

    @inline(__always) func word(_ offset: Int) -> UInt64 { word(offset, as: UInt64.self) }

    @inline(__always) mutating func skip(_ count: Int) { at &+= count }

    @inline(__always) mutating func goBack(to offset: Int) { at = offset }

    /// Moves behind a field's name, when it is the next.
    @inline(__always) mutating func passes(_ name: FieldName) -> Bool {
        guard name.begins(self) else { return false }
        at &+= name.count
        return true
    }

    /// Moves behind a byte, when it is the next.
    @inline(__always) mutating func passes(_ sign: Unicode.Scalar) -> Bool {
        guard byte(at) == UInt8(ascii: sign) else { return false }
        at &+= 1
        return true
    }

    /// Notes which of `Numeral.faultBits` are set.
    @inline(__always) mutating func note(_ faults: UInt64) { self.faults |= faults }

    /// Takes what was read apart from the cursor, so that the cursor can stay in registers.
    @inline(__always) mutating func take(_ reading: PlainReading) -> UInt64 {
        if reading.count == 0 { note(.max) }
        at &+= reading.count
        return reading.value
    }
}

/// A value, and how many bytes it has: none when it is not plain.
struct PlainReading {
    static var notPlain: PlainReading { PlainReading(value: 0, count: 0) }

    let value: UInt64
    let count: Int
}

/// A field's name with all signs between the value before it and its own: five to eight bytes.
struct FieldName {
    /// The first four bytes and the last four, some of them in both, the first byte lowest.
    private let head: UInt32
    private let tail: UInt32
    let count: Int

    @inline(__always) init(_ text: StaticString) {
        count = text.utf8CodeUnitCount
        let bytes = PlainText(UnsafeRawPointer(text.utf8Start), at: 0)
        head = bytes.word(0, as: UInt32.self)
        tail = bytes.word(count &- 4, as: UInt32.self)
    }

    /// Numbers of four bytes can be a part of an instruction, longer ones cannot.
    @inline(__always) func begins(_ text: PlainText) -> Bool {
        text.word(text.at, as: UInt32.self) == head
            && text.word(text.at &+ count &- 4, as: UInt32.self) == tail
    }

    /// As `begins`, without a jump.
    @inline(__always) func isNext(_ text: PlainText) -> Bool {
        let others =
            (text.word(text.at, as: UInt32.self) ^ head)
            | (text.word(text.at &+ count &- 4, as: UInt32.self) ^ tail)
        return others == 0
    }
}
