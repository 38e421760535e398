import MarketModel

/// What one element of a frame turned out to be.
enum ElementReading {
    case event(MarketEvent)
    case ignored(type: String)
    case control(ControlMessage, type: String)
    case refused(symbol: Symbol?)
}

/// Reads one JSON object of a provider's protocol. The cursor is at its opening brace, and ends
/// behind it; what is wrong with the object is noted on the cursor.
protocol ElementDecoder {
    /// The event of an object in the provider's usual spelling, read fast; `nil`, with the cursor
    /// where it was, for any other.
    mutating func plainEvent(_ cursor: inout JSONCursor) -> MarketEvent?

    mutating func element(_ cursor: inout JSONCursor) -> ElementReading
}

extension ElementDecoder {
    @inline(__always) func plainEvent(_ cursor: inout JSONCursor) -> MarketEvent? { nil }
}

/// Follows a frame's structure, one object or an array of them, and files what each element is.
enum FrameDecoder {
    /// A larger frame is refused whole: the provider sends no such frame.
    static let frameBytesMax = 1 << 20

    /// Appends one event for each element of the frame at `payload` in `batch.bytes`. Empty frames
    /// give none.
    ///
    /// Where the structure is lost, one refusal stands for the rest.
    @inline(__always)
    static func decode(
        _ payload: Range<Int>, by decoder: inout some ElementDecoder, speculates: Bool,
        from origin: inout EventOrigin, controls: inout [ControlMessage],
        into batch: inout EventBatch
    ) {
        guard payload.count <= frameBytesMax else {
            return origin.refuse(.tooLarge, raw: payload, in: &batch)
        }
        guard !payload.isEmpty else { return }
        // The bytes are taken out, so that the rest of the batch can be written meanwhile; a second
        // reference would be counted for every frame.
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        defer { swap(&bytes, &batch.bytes) }
        bytes.withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, frame: payload, speculates: speculates)
            var frame = Frame(payload: payload, origin: origin)
            frame.follow(&cursor, by: &decoder, controls: &controls, into: &batch)
            origin = frame.origin
        }
    }
}

/// One frame while it is followed.
private struct Frame {
    let payload: Range<Int>
    var origin: EventOrigin

    @inline(__always)
    mutating func follow(
        _ cursor: inout JSONCursor, by decoder: inout some ElementDecoder,
        controls: inout [ControlMessage], into batch: inout EventBatch
    ) {
        cursor.skipSpace()
        switch cursor.current {
        case UInt8(ascii: "{"):
            guard take(&cursor, by: &decoder, controls: &controls, into: &batch) else { return }
        case UInt8(ascii: "["):
            guard cursor.opens(closing: UInt8(ascii: "]")) else { break }
            while true {
                cursor.skipSpace()
                guard take(&cursor, by: &decoder, controls: &controls, into: &batch) else { return }
                cursor.skipSpace()
                let next = cursor.current
                if next == UInt8(ascii: "]") {
                    cursor.at += 1
                    break
                }
                guard next == UInt8(ascii: ",") else {
                    return refuseRest(from: cursor.at, in: &batch)
                }
                cursor.at += 1
            }
        default:
            if cursor.at < cursor.end { origin.refuse(.malformed, raw: payload, in: &batch) }
            return
        }
        cursor.skipSpace()
        if cursor.at < cursor.end { refuseRest(from: cursor.at, in: &batch) }
    }

    /// Reads one element; false when the frame cannot be followed behind it.
    @inline(__always)
    private mutating func take(
        _ cursor: inout JSONCursor, by decoder: inout some ElementDecoder,
        controls: inout [ControlMessage], into batch: inout EventBatch
    ) -> Bool {
        let start = cursor.at
        if let event = decoder.plainEvent(&cursor) {
            origin.append(event, raw: start..<cursor.at, to: &batch)
            return true
        }
        if cursor.current == UInt8(ascii: "{") {
            let reading = decoder.element(&cursor)
            if case .event(let event) = reading, cursor.fault == nil {
                origin.append(event, raw: start..<cursor.at, to: &batch)
                return true
            }
            return file(reading, start, &cursor, controls: &controls, into: &batch)
        }
        cursor.skipValue()
        cursor.key = 0
        cursor.note(.malformed)
        return file(.refused(symbol: nil), start, &cursor, controls: &controls, into: &batch)
    }

    @inline(never)
    private mutating func file(
        _ reading: ElementReading, _ start: Int, _ cursor: inout JSONCursor,
        controls: inout [ControlMessage], into batch: inout EventBatch
    ) -> Bool {
        let fault = cursor.fault
        cursor.fault = nil
        guard let fault else {
            switch reading {
            case .ignored(let type): origin.ignore(type, raw: start..<cursor.at, in: &batch)
            case .control(let message, let type):
                controls.append(message)
                origin.ignore(type, raw: start..<cursor.at, in: &batch)
            case .event, .refused: preconditionFailure("an element refused without a fault")
            }
            return true
        }
        let isWhole = cursor.at < cursor.end || isClosed(start, cursor)
        if !isWhole {
            guard let found = cursor.endOfBrokenElement(from: start) else {
                refuseRest(from: start, fault, in: &batch)
                return false
            }
            cursor.at = found
        }
        var symbol: Symbol?
        if case .refused(let known) = reading { symbol = known }
        origin.refuse(
            fault.reason, field: FieldKey.name(fault.key), symbol: symbol, raw: start..<cursor.at,
            in: &batch)
        return true
    }

    /// Whether an element that reaches to the frame's end was read to its own end there.
    private func isClosed(_ start: Int, _ cursor: JSONCursor) -> Bool {
        var again = cursor
        again.at = start
        again.fault = nil
        again.speculates = false
        again.skipValueSlowly(depth: 0)
        return again.fault == nil
    }

    private mutating func refuseRest(
        from start: Int, _ fault: FieldFault? = nil, in batch: inout EventBatch
    ) {
        // With nothing left to show, the whole frame is what was broken.
        let rest = start < payload.upperBound ? start..<payload.upperBound : payload
        origin.refuse(
            fault?.reason ?? .malformed, field: FieldKey.name(fault?.key ?? 0), raw: rest,
            in: &batch)
    }
}
