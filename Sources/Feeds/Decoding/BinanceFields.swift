import MarketModel

/// A trade, `e` = `trade`.
struct BinanceTradeFields: ElementFields {
    static var type: FieldKey { "e" }

    var symbol: Symbol?
    private var price: Int64?
    private var size: Int64?
    private var executedAt: Timestamp?
    private var tradeID: Int64?
    private var aggressor = Aggressor.unknown

    init() {}

    @inline(__always) mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "s": symbol = cursor.symbol() ?? symbol
        case "p": price = cursor.quotedDecimal(places: Price.decimalPlaces) ?? price
        case "q": size = cursor.quotedDecimal(places: Size.decimalPlaces) ?? size
        case "T": executedAt = cursor.timestamp(.byMagnitude) ?? executedAt
        case "t": tradeID = cursor.integer() ?? tradeID
        case "m":
            // The buyer was the maker: the seller crossed the spread.
            if let buyerMade = cursor.boolean() { aggressor = buyerMade ? .seller : .buyer }
        default: cursor.skipField(type: "e")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then.
    @inline(__always) func trade(_ cursor: inout JSONCursor) -> Trade? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let price, let size, let executedAt, let tradeID else {
            cursor.note(.missingField, missing)
            return nil
        }
        guard price > 0, size > 0 else {
            cursor.note(price > 0 ? .size : .price, price > 0 ? "q" : "p")
            return nil
        }
        return Trade(
            symbol: symbol, price: Price(units: price), size: Size(units: size),
            executedAt: executedAt, sequence: tradeID, tradeID: UInt64(tradeID),
            aggressor: aggressor)
    }

    private var missing: FieldKey {
        if symbol == nil { return "s" }
        if price == nil { return "p" }
        if size == nil { return "q" }
        return executedAt == nil ? "T" : "t"
    }
}

/// The best bid and ask, `bookTicker`: the one object that names no type. Recordings may add the
/// time `E`.
struct BinanceQuoteFields: ElementFields {
    static var type: FieldKey { "e" }

    var symbol: Symbol?
    private var bid: Int64?
    private var ask: Int64?
    private var bidSize: Int64 = 0
    private var askSize: Int64 = 0
    private var sequence: Int64?
    private var quotedAt: Timestamp?

    init() {}

    @inline(__always) mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "s": symbol = cursor.symbol() ?? symbol
        case "b": bid = cursor.quotedDecimal(places: Price.decimalPlaces) ?? bid
        case "B": bidSize = cursor.quotedDecimal(places: Size.decimalPlaces) ?? bidSize
        case "a": ask = cursor.quotedDecimal(places: Price.decimalPlaces) ?? ask
        case "A": askSize = cursor.quotedDecimal(places: Size.decimalPlaces) ?? askSize
        case "u": sequence = cursor.integer() ?? sequence
        case "E": quotedAt = cursor.timestamp(.byMagnitude) ?? quotedAt
        default: cursor.skipField(type: "e")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then. Without `E` the quote carries its
    /// receive time.
    @inline(__always) func quote(_ cursor: inout JSONCursor, receivedAt: Timestamp) -> Quote? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let bid, let ask, let sequence else {
            cursor.note(.missingField, missing)
            return nil
        }
        guard bid | ask | bidSize | askSize >= 0 else {
            cursor.note(.quote, bid < 0 ? "b" : ask < 0 ? "a" : bidSize < 0 ? "B" : "A")
            return nil
        }
        return Quote(
            symbol: symbol, bid: Price(units: bid), ask: Price(units: ask),
            bidSize: Size(units: bidSize), askSize: Size(units: askSize),
            quotedAt: quotedAt ?? receivedAt, sequence: sequence, hasExchangeTime: quotedAt != nil)
    }

    private var missing: FieldKey {
        symbol == nil ? "s" : bid == nil ? "b" : ask == nil ? "a" : "u"
    }
}

/// Answers to our own requests: `{"result":null,"id":1}`, `{"error":{"code":2,"msg":""},"id":1}`,
/// `{"code":2,"msg":""}`.
struct BinanceAnswerFields: ElementFields {
    static var type: FieldKey { "e" }

    private var code: Int64?
    private var message = ""
    private var id: Int64?

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "code":
            if case .value(let code) = cursor.exactDecimal(places: 0) {
                self.code = code
            } else {
                cursor.skipValue()
            }
        case "msg": message = cursor.unescapedText() ?? message
        case "id" where cursor.current != UInt8(ascii: "\""): id = cursor.integer() ?? id
        case "error" where cursor.current == UInt8(ascii: "{"):
            cursor.at += 1
            let error = cursor.fields(BinanceAnswerFields.self)
            code = error.code ?? code
            message = error.message
        default: cursor.skipValue()
        }
    }

    var controlMessage: ControlMessage {
        if let code { return .refused(code: code, message: message, id: id) }
        return .accepted(id: id)
    }
}

extension JSONCursor {
    /// Reads `true` or `false`.
    @inline(__always) fileprivate mutating func boolean() -> Bool? {
        switch word(at) & 0xFFFF_FFFF {
        case 0x6575_7274 where JSONCursor.endsValue(byte(at + 4)):
            at += 4
            return true
        case 0x736C_6166
        where byte(at + 4) == UInt8(ascii: "e")
            && JSONCursor.endsValue(byte(at + 5)):
            at += 5
            return false
        default:
            if !skipNull() {
                note(.malformed)
                skipValue()
            }
            return nil
        }
    }
}
