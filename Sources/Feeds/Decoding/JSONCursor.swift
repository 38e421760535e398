import MarketModel

/// A place in one frame's bytes, and what has been found wrong with the element being read.
struct JSONCursor {
    let text: JSONText
    var at: Int
    /// Whether the short cuts for the usual spelling are tried first. Both ways read the same.
    var speculates: Bool
    /// The name of the value being read, packed; 0 outside a value.
    var key: UInt64 = 0
    /// The first thing found wrong in this element.
    var fault: FieldFault?
    /// The element is spelled so unusually that its type has to be looked for first: to be read
    /// again.
    var needsCare = false

    /// `frame` has to lie within `bytes`.
    init(_ bytes: UnsafeRawBufferPointer, frame: Range<Int>, speculates: Bool) {
        precondition(frame.lowerBound >= 0 && frame.upperBound <= bytes.count && !frame.isEmpty)
        // A buffer with at least one byte has an address.
        text = JSONText(
            base: bytes.baseAddress.unsafelyUnwrapped, end: frame.upperBound,
            bufferEnd: bytes.count)
        at = frame.lowerBound
        self.speculates = speculates
    }

    @inline(__always) func byte(_ offset: Int) -> UInt8 { text.byte(offset) }

    @inline(__always) func word(_ offset: Int) -> UInt64 { text.word(offset) }

    @inline(__always) var current: UInt8 { text.byte(at) }

    /// Where the frame ends.
    @inline(__always) var end: Int { text.end }

    /// Does something rare on a copy, so that the cursor itself can stay in registers.
    @inline(__always) mutating func apart<Value>(_ act: (inout JSONCursor) -> Value) -> Value {
        var copy = self
        let value = act(&copy)
        self = copy
        return value
    }

    /// Moves to the next byte that is not white space.
    @inline(__always) mutating func skipSpace() {
        if current > 0x20 { return }
        apart { $0.skipSpaceSlowly() }
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
