import MarketModel

/// Binance's spot streams: one object a frame, bare or wrapped as `{"stream":"...","data":{...}}`.
public struct BinanceDecoder: Sendable {
    /// Control messages met so far; the owner empties it.
    public var controls: [ControlMessage] = []
    private let speculates: Bool

    public init() { self.init(speculates: true) }

    /// Without speculation every byte is read the general way: slower, with the same result.
    init(speculates: Bool) { self.speculates = speculates }

    /// Appends the events of the frame that lies at `payload` in `batch.bytes`.
    ///
    /// Positions count on from `position`, one an element. No heap allocation for trades and
    /// quotes.
    public mutating func decode(
        _ payload: Range<Int>, source: FeedSource = .binance, receivedAt: Timestamp,
        position: LogPosition, into batch: inout EventBatch
    ) {
        var origin = EventOrigin(source: source, receivedAt: receivedAt, position: position)
        var elements = BinanceElements(receivedAt: receivedAt)
        FrameDecoder.decode(
            payload, by: &elements, speculates: speculates, from: &origin, controls: &controls,
            into: &batch)
    }
}

/// The objects of the streams.
struct BinanceElements: ElementDecoder {
    let receivedAt: Timestamp

    /// The usual object is known by its first bytes; any other is looked through before it is read.
    @inline(__always) func element(_ cursor: inout JSONCursor) -> ElementReading {
        let start = cursor.at
        if cursor.speculates, let reading = usual(&cursor), !cursor.needsCare, cursor.fault == nil {
            return reading
        }
        let speculates = cursor.speculates
        cursor.speculates = false
        cursor.fault = nil
        cursor.at = start
        let reading = carefully(&cursor)
        cursor.speculates = speculates
        cursor.needsCare = false
        return reading
    }

    @inline(__always) private func usual(_ cursor: inout JSONCursor) -> ElementReading? {
        guard cursor.word(cursor.at) == BinanceElements.streamHead else {
            return payload(&cursor)
        }
        guard cursor.word(cursor.at + 8) & 0xFF_FFFF == 0x22_3A22 else { return nil }  // ":"
        cursor.at += 10
        cursor.skipString()
        guard cursor.word(cursor.at) == BinanceElements.dataHead else { return nil }
        cursor.at += 8
        guard let reading = payload(&cursor), cursor.fault == nil,
            cursor.current == UInt8(ascii: "}")
        else { return nil }
        cursor.at += 1
        return reading
    }

    @inline(__always) private func payload(_ cursor: inout JSONCursor) -> ElementReading? {
        switch cursor.word(cursor.at) {
        case BinanceElements.tradeHead
        where cursor.word(cursor.at + 8) & 0xFF_FFFF_FFFF == 0x2C_2265_6461:  // ade",
            cursor.at += 13
            return trade(&cursor)
        case let head where head & 0xFF_FFFF_FFFF == 0x3A_2275_227B:  // {"u":
            cursor.at += 1
            return quote(&cursor)
        default: return nil
        }
    }

    /// `{"stream`, `,"data":` and `{"e":"tr`, first byte lowest.
    private static var streamHead: UInt64 { 0x6D61_6572_7473_227B }
    private static var dataHead: UInt64 { 0x3A22_6174_6164_222C }
    private static var tradeHead: UInt64 { 0x7274_223A_2265_227B }

    @inline(__always) private func trade(_ cursor: inout JSONCursor) -> ElementReading {
        var fields = BinanceTradeFields()
        cursor.remainingFields(&fields)
        guard let trade = fields.trade(&cursor) else { return .refused(symbol: fields.symbol) }
        return .event(.trade(trade))
    }

    @inline(__always) private func quote(_ cursor: inout JSONCursor) -> ElementReading {
        var fields = BinanceQuoteFields()
        cursor.remainingFields(&fields)
        guard let quote = fields.quote(&cursor, receivedAt: receivedAt) else {
            return .refused(symbol: fields.symbol)
        }
        return .event(.quote(quote))
    }

    @inline(never) private func carefully(_ cursor: inout JSONCursor) -> ElementReading {
        let outline = cursor.outline()
        guard cursor.fault == nil else { return .refused(symbol: nil) }
        guard let inner = outline.data else { return bare(outline, &cursor) }
        let end = cursor.at
        cursor.at = inner
        let reading = bare(cursor.outline(), &cursor)
        cursor.at = end
        return reading
    }

    private func bare(_ outline: BinanceOutline, _ cursor: inout JSONCursor) -> ElementReading {
        let end = cursor.at
        defer { cursor.at = end }
        cursor.at = outline.start + 1
        cursor.skipSpace()
        switch outline.type {
        case "trade": return trade(&cursor)
        case "serverShutdown": return .control(.serverShutdown, type: "serverShutdown")
        case let type?: return .ignored(type: type)
        case nil where outline.isQuote: return quote(&cursor)
        case nil where outline.isAnswer:
            var fields = BinanceAnswerFields()
            cursor.remainingFields(&fields)
            guard cursor.fault == nil else { return .refused(symbol: nil) }
            return .control(fields.controlMessage, type: "answer")
        case nil:
            cursor.note(.missingField, "e")
            return .refused(symbol: nil)
        }
    }
}

/// Which fields an object has: what tells the types apart.
struct BinanceOutline {
    var start: Int
    var type: String?
    /// Where the wrapped object begins.
    var data: Int?
    var isQuote: Bool { names & 7 == 7 }
    var isAnswer: Bool { names & 8 != 0 }
    fileprivate var names = 0

    fileprivate init(start: Int) { self.start = start }
}

extension JSONCursor {
    /// Passes over an object and tells what it holds.
    mutating func outline() -> BinanceOutline {
        var outline = BinanceOutline(start: at)
        guard opens(closing: UInt8(ascii: "}")) else { return outline }
        repeat {
            switch fieldKeySlowly() {
            case "e":
                outline.type = unescapedText(bytesMax: 32) ?? outline.type
                continue
            case "data" where current == UInt8(ascii: "{"): outline.data = at
            case "u": outline.names |= 1
            case "b": outline.names |= 2
            case "a": outline.names |= 4
            case "result", "error", "code": outline.names |= 8
            default: break
            }
            skipValue()
        } while continues(until: UInt8(ascii: "}"))
        key = 0
        return outline
    }
}
