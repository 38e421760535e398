import MarketModel

/// A place in one frame's bytes, and what has been found wrong with the element being read.
///
/// Every read is checked against the frame's end; beyond it a cursor sees zero bytes, which no JSON text holds, so
/// a reader that runs out of text stops by itself. A cursor lives only inside the call that lends it the bytes.
struct JSONCursor {
    private let base: UnsafeRawPointer
    /// Where the frame ends.
    let end: Int
    var at: Int
    /// Whether the short cuts for the usual spelling are tried first. Both ways read the same.
    var speculates: Bool
    /// The name of the value being read, packed; 0 outside a value.
    var key: UInt64 = 0
    /// The first thing found wrong in this element.
    var fault: FieldFault?
    /// The element is spelled so unusually that its type has to be looked for first: to be read again.
    var needsCare = false

    /// `frame` has to lie within `bytes`.
    init(_ bytes: UnsafeRawBufferPointer, frame: Range<Int>, speculates: Bool) {
        precondition(frame.lowerBound >= 0 && frame.upperBound <= bytes.count && !frame.isEmpty)
        // A buffer with at least one byte has an address.
        base = bytes.baseAddress.unsafelyUnwrapped
        end = frame.upperBound
        at = frame.lowerBound
        self.speculates = speculates
    }

    /// The byte at an offset of the buffer; 0 beyond the frame's end.
    @inline(__always) func byte(_ offset: Int) -> UInt8 {
        offset < end ? base.load(fromByteOffset: offset, as: UInt8.self) : 0
    }

    @inline(__always) var current: UInt8 { byte(at) }

    /// Eight bytes from an offset, the first one lowest; 0 beyond the frame's end.
    @inline(__always) func word(_ offset: Int) -> UInt64 {
        if offset + 8 <= end {
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

    /// Moves to the next byte that is not white space.
    @inline(__always) mutating func skipSpace() {
        if current > 0x20 { return }
        skipSpaceSlowly()
    }

    @inline(never) private mutating func skipSpaceSlowly() {
        while at < end {
            switch current {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    /// Notes what is wrong with the value being read; only the first fault of an element counts.
    @inline(never) mutating func note(_ reason: RefusalReason) {
        if fault == nil { fault = FieldFault(reason: reason, key: key) }
    }

    /// Notes a fault of a named field.
    @inline(never) mutating func note(_ reason: RefusalReason, _ field: FieldKey) {
        if fault == nil { fault = FieldFault(reason: reason, key: field.packed) }
    }

    /// The text cannot be followed from here: moves to the end, where every reader stops.
    @inline(never) mutating func giveUp() {
        note(.malformed)
        at = end
    }

    /// Text of a part of the frame; bytes that are not UTF-8 are replaced.
    func text(_ range: Range<Int>) -> String {
        String(decoding: range.map { byte($0) }, as: UTF8.self)
    }
}

/// What is wrong with an element, and in which of its fields.
struct FieldFault: Equatable {
    var reason: RefusalReason
    /// The field's name, packed; 0 for the whole element.
    var key: UInt64
}

/// A field's name of at most eight bytes, as one number: first byte lowest.
struct FieldKey: ExpressibleByStringLiteral {
    let packed: UInt64

    @inline(__always) init(stringLiteral name: StaticString) {
        var packed: UInt64 = 0
        for index in 0..<min(name.utf8CodeUnitCount, 8) {
            packed |= UInt64(name.utf8Start[index]) << UInt64(8 * index)
        }
        self.packed = packed
    }

    @inline(__always) static func ~= (field: FieldKey, key: UInt64) -> Bool { field.packed == key }

    /// The name a packed key stands for.
    static func name(_ packed: UInt64) -> String {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: packed >> UInt64(8 * $0)) }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
