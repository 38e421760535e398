import MarketModel

/// Massive's (formerly Polygon's) stocks stream: a frame is an array of objects of mixed types, or
/// one object.
public struct MassiveDecoder: Sendable {
    /// Control messages met so far; the owner empties it.
    public var controls: [ControlMessage] = []
    var elements: MassiveElements
    private let speculates: Bool

    public init(roundLot: Int64 = 100) { self.init(roundLot: roundLot, speculates: true) }

    /// Shares in the round lots that quote sizes count.
    public var roundLot: Int64 { elements.roundLot }

    /// Without speculation every byte is read the general way: slower, with the same result.
    init(roundLot: Int64 = 100, speculates: Bool) {
        precondition(roundLot > 0, "a round lot has at least one share")
        elements = MassiveElements(roundLot: roundLot)
        self.speculates = speculates
    }

    /// Appends the events of the frame that lies at `payload` in `batch.bytes`.
    ///
    /// Positions count on from `position`, one an element. No heap allocation for trades, quotes,
    /// bars and bands.
    public mutating func decode(
        _ payload: Range<Int>, source: FeedSource = .massive, receivedAt: Timestamp,
        position: LogPosition, into batch: inout EventBatch
    ) {
        var origin = EventOrigin(source: source, receivedAt: receivedAt, position: position)
        FrameDecoder.decode(
            payload, by: &elements, speculates: speculates, from: &origin, controls: &controls,
            into: &batch)
    }
}

/// The objects of the stream.
///
/// Its methods are mutating, even where they change nothing, so that no call moves aside what it
/// remembers: 20 KB.
struct MassiveElements: ElementDecoder {
    let roundLot: Int64
    var plain: PlainMassive

    init(roundLot: Int64) {
        self.roundLot = roundLot
        plain = PlainMassive(lot: roundLot)
    }

    @inline(__always) mutating func plainEvent(_ cursor: inout JSONCursor) -> MarketEvent? {
        let startMax = cursor.text.bufferEnd &- PlainMassive.roundBytesMax
        guard cursor.speculates, cursor.at <= startMax else { return nil }
        var text = PlainText(cursor.text.base, at: cursor.at)
        var event: MarketEvent?
        if PlainMassive.isTrade(text) {
            event = plain.trade(&text, startMax: startMax).map { .trade($0) }
        } else if PlainMassive.isQuote(text) {
            event = plain.quote(&text, startMax: startMax).map { .quote($0) }
        }
        guard event != nil, text.at <= cursor.end else { return nil }
        cursor.at = text.at
        return event
    }

    /// The usual object names its type first; any other is looked through for it before it is read.
    @inline(never) mutating func element(_ cursor: inout JSONCursor) -> ElementReading {
        let start = cursor.at
        if cursor.speculates, namesTypeFirst(cursor) {
            switch cursor.word(start) {
            case MassiveElements.tradeHead:
                cursor.at = start + 10
                let reading = trade(&cursor)
                if !cursor.needsCare, cursor.fault == nil { return reading }
            case MassiveElements.quoteHead:
                cursor.at = start + 10
                let reading = quote(&cursor)
                if !cursor.needsCare, cursor.fault == nil { return reading }
            default: break
            }
        }
        return carefully(from: start, &cursor)
    }

    /// A type of one letter, and another field behind it.
    @inline(__always) private func namesTypeFirst(_ cursor: JSONCursor) -> Bool {
        cursor.word(cursor.at + 8) & 0xFF_FFFF == 0x22_2C22  // ","
    }

    /// `{"ev":"T` and `{"ev":"Q`, first byte lowest.
    private static var tradeHead: UInt64 { 0x5422_3A22_7665_227B }
    private static var quoteHead: UInt64 { 0x5122_3A22_7665_227B }

    private mutating func trade(_ cursor: inout JSONCursor) -> ElementReading {
        var fields = MassiveTradeFields()
        cursor.remainingFields(&fields)
        guard let trade = fields.trade(&cursor) else { return .refused(symbol: fields.symbol) }
        return .event(.trade(trade))
    }

    private mutating func quote(_ cursor: inout JSONCursor) -> ElementReading {
        var fields = MassiveQuoteFields()
        cursor.remainingFields(&fields)
        guard let quote = fields.quote(&cursor, lot: roundLot) else {
            return .refused(symbol: fields.symbol)
        }
        return .event(.quote(quote))
    }

    @inline(never)
    private mutating func carefully(from start: Int, _ cursor: inout JSONCursor) -> ElementReading {
        let speculates = cursor.speculates
        defer { cursor.speculates = speculates }
        defer { cursor.needsCare = false }
        cursor.speculates = false
        cursor.fault = nil
        cursor.at = start
        let type = cursor.type(named: "ev")
        let broken = cursor.fault
        guard let type else {
            cursor.note(.missingField, "ev")
            return .refused(symbol: nil)
        }
        let end = cursor.at
        cursor.fault = nil
        cursor.at = start + 1
        cursor.skipSpace()
        let reading = element(of: type, endingAt: end, &cursor)
        if cursor.fault == nil { cursor.fault = broken }
        return reading
    }

    private mutating func element(
        of type: String, endingAt end: Int, _ cursor: inout JSONCursor
    ) -> ElementReading {
        switch type {
        case "T": return trade(&cursor)
        case "Q": return quote(&cursor)
        case "A": return bar(&cursor, length: .second)
        case "AM": return bar(&cursor, length: .minute)
        case "LULD": return band(&cursor)
        case "status":
            var fields = MassiveStatusFields()
            cursor.remainingFields(&fields)
            return .control(fields.controlMessage, type: type)
        default:
            cursor.at = end
            return .ignored(type: type)
        }
    }

    private mutating func bar(_ cursor: inout JSONCursor, length: BarInterval) -> ElementReading {
        var fields = MassiveBarFields()
        cursor.remainingFields(&fields)
        guard let bar = fields.bar(&cursor, length: length) else {
            return .refused(symbol: fields.symbol)
        }
        return .event(.bar(bar))
    }

    private mutating func band(_ cursor: inout JSONCursor) -> ElementReading {
        var fields = MassiveBandFields()
        cursor.remainingFields(&fields)
        guard let band = fields.band(&cursor) else { return .refused(symbol: fields.symbol) }
        return .event(.band(band))
    }
}

extension JSONCursor {
    /// Passes over an object and tells the text of one of its fields, the last if it comes twice.
    ///
    /// `nil` when it has none; the fault is noted when the field is no text, or the object no JSON.
    mutating func type(named field: FieldKey) -> String? {
        guard opens(closing: UInt8(ascii: "}")) else { return nil }
        var type: String?
        repeat {
            if fieldKeySlowly() == field.packed {
                type = unescapedText(bytesMax: 32) ?? type
            } else {
                skipValue()
            }
        } while continues(until: UInt8(ascii: "}"))
        key = 0
        return type
    }
}
