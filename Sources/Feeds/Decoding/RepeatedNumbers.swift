/// The short numbers that a field had last: exchanges, lots, most sizes.
///
/// A day knows a few dozen of them, so that eight bytes of text nearly always say all at once: that
/// the field is the next, what its number is, and where it ends.
struct RepeatedNumbers {
    private static let placeBits: UInt64 = 8

    private let name: FieldName
    /// Eight bytes from the name's first one on; before any were met, some that are no text, at
    /// whose place no next field can be.
    private var texts = InlineArray<256, UInt64>(repeating: .max)
    private var values = InlineArray<256, UInt16>(repeating: 0)
    /// How many bytes name and number have.
    private var counts = InlineArray<256, UInt8>(repeating: 0)

    init(_ name: FieldName) { self.name = name }

    /// The field's number when these eight bytes are known to hold it; `nil` for others.
    ///
    /// It may have more digits than are among them: what comes next tells.
    @inline(__always) mutating func known(_ text: inout PlainText) -> Int64? {
        let letters = text.word(text.at)
        let place = RepeatedNumbers.place(of: letters)
        guard texts[place] == letters else { return nil }
        text.skip(Int(counts[place]))
        return Int64(values[place])
    }

    /// A field's number of up to three digits; anything else, another field too, is not plain.
    @inline(__always) mutating func read(_ text: inout PlainText) -> Int64 {
        if let value = known(&text) { return value }
        return Int64(bitPattern: text.take(another(text.base, text.at)))
    }

    @inline(never)
    private mutating func another(_ base: UnsafeRawPointer, _ start: Int) -> PlainReading {
        var text = PlainText(base, at: start)
        guard text.passes(name) else { return .notPlain }
        let value = text.shortInteger()
        guard text.isPlain else { return .notPlain }
        let reading = PlainReading(value: UInt64(bitPattern: value), count: text.at &- start)
        keep(reading, of: text.word(start))
        return reading
    }

    /// Keeps a number and how long it is with its name, if it is among the eight bytes whole.
    mutating func keep(_ reading: PlainReading, of letters: UInt64) {
        guard reading.count <= 8, reading.value < 1000 else { return }
        let place = RepeatedNumbers.place(of: letters)
        texts[place] = letters
        values[place] = UInt16(truncatingIfNeeded: reading.value)
        counts[place] = UInt8(truncatingIfNeeded: reading.count)
    }

    @inline(__always) private static func place(of letters: UInt64) -> Int {
        Int(truncatingIfNeeded: (letters &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- placeBits))
    }
}
