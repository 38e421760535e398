import MarketModel

/// A trade, `ev` = `T`.
struct MassiveTradeFields: ElementFields {
    static var type: FieldKey { "ev" }

    var symbol: Symbol?
    private var price: Int64?
    private var wholeSize: Int64?
    private var size: Int64?
    private var executedAt: Timestamp?
    private var sequence: Int64 = 0
    private var tradeID: UInt64 = 0
    private var exchange: Int16 = 0
    private var conditions = TradeConditions.none

    init() {}

    @inline(__always) mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "sym": symbol = cursor.symbol() ?? symbol
        case "p": price = cursor.decimal(places: Price.decimalPlaces) ?? price
        case "s": wholeSize = cursor.decimal(places: Size.decimalPlaces) ?? wholeSize
        case "ds": size = cursor.quotedDecimal(places: Size.decimalPlaces) ?? size
        case "t": executedAt = cursor.timestamp(.milliseconds) ?? executedAt
        case "q": sequence = cursor.integer() ?? sequence
        case "i": tradeID = cursor.tradeID() ?? tradeID
        case "x": exchange = cursor.exchange() ?? exchange
        case "c": conditions = cursor.conditions() ?? conditions
        default: cursor.skipField(type: "ev")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then.
    @inline(__always) func trade(_ cursor: inout JSONCursor) -> Trade? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let price, let size = size ?? wholeSize, let executedAt else {
            cursor.apart { $0.note(.missingField, missing) }
            return nil
        }
        guard price > 0, size > 0 else {
            cursor.note(price > 0 ? .size : .price, price > 0 ? sizeField : "p")
            return nil
        }
        return Trade(
            symbol: symbol, price: Price(units: price), size: Size(units: size),
            executedAt: executedAt, sequence: sequence, conditions: conditions, tradeID: tradeID,
            exchange: exchange)
    }

    private var missing: FieldKey {
        symbol == nil ? "sym" : price == nil ? "p" : executedAt == nil ? "t" : "s"
    }

    private var sizeField: FieldKey { size == nil ? "s" : "ds" }
}

/// A quote, `ev` = `Q`. Sizes are in whole units here: round lots.
struct MassiveQuoteFields: ElementFields {
    static var type: FieldKey { "ev" }

    var symbol: Symbol?
    private var bid: Int64?
    private var ask: Int64?
    private var bidSize: Int64 = 0
    private var askSize: Int64 = 0
    private var quotedAt: Timestamp?
    private var sequence: Int64 = 0

    init() {}

    @inline(__always) mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "sym": symbol = cursor.symbol() ?? symbol
        case "bp": bid = cursor.decimal(places: Price.decimalPlaces) ?? bid
        case "ap": ask = cursor.decimal(places: Price.decimalPlaces) ?? ask
        case "bs": bidSize = cursor.decimal(places: Size.decimalPlaces) ?? bidSize
        case "as": askSize = cursor.decimal(places: Size.decimalPlaces) ?? askSize
        case "t": quotedAt = cursor.timestamp(.milliseconds) ?? quotedAt
        case "q": sequence = cursor.integer() ?? sequence
        default: cursor.skipField(type: "ev")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then.
    @inline(__always) func quote(_ cursor: inout JSONCursor, lot: Int64) -> Quote? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let quotedAt, bid != nil || ask != nil else {
            cursor.note(.missingField, symbol == nil ? "sym" : quotedAt == nil ? "t" : "bp")
            return nil
        }
        let (bid, ask) = (bid ?? 0, ask ?? 0)
        guard bid | ask | bidSize | askSize >= 0 else {
            cursor.note(.quote, bid < 0 ? "bp" : ask < 0 ? "ap" : bidSize < 0 ? "bs" : "as")
            return nil
        }
        let (bidUnits, bidOverflow) = bidSize.multipliedReportingOverflow(by: lot)
        let (askUnits, askOverflow) = askSize.multipliedReportingOverflow(by: lot)
        guard !bidOverflow, !askOverflow else {
            cursor.note(.range, bidOverflow ? "bs" : "as")
            return nil
        }
        return Quote(
            symbol: symbol, bid: Price(units: bid), ask: Price(units: ask),
            bidSize: Size(units: bidUnits), askSize: Size(units: askUnits), quotedAt: quotedAt,
            sequence: sequence)
    }
}

/// A bar, `ev` = `A` or `AM`.
struct MassiveBarFields: ElementFields {
    static var type: FieldKey { "ev" }

    var symbol: Symbol?
    private var open: Int64?
    private var high: Int64?
    private var low: Int64?
    private var close: Int64?
    private var wholeVolume: Int64?
    private var volume: Int64?
    private var vwap: Int64?
    private var sessionOpen: Int64?
    private var start: Timestamp?
    private var end: Timestamp?

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "sym": symbol = cursor.symbol() ?? symbol
        case "o": open = cursor.decimal(places: Price.decimalPlaces) ?? open
        case "h": high = cursor.decimal(places: Price.decimalPlaces) ?? high
        case "l": low = cursor.decimal(places: Price.decimalPlaces) ?? low
        case "c": close = cursor.decimal(places: Price.decimalPlaces) ?? close
        case "v": wholeVolume = cursor.decimal(places: Size.decimalPlaces) ?? wholeVolume
        case "dv": volume = cursor.quotedDecimal(places: Size.decimalPlaces) ?? volume
        case "vw": vwap = cursor.roundedDecimal(places: Price.decimalPlaces) ?? vwap
        case "op": sessionOpen = cursor.decimal(places: Price.decimalPlaces) ?? sessionOpen
        case "s": start = cursor.timestamp(.milliseconds) ?? start
        case "e": end = cursor.timestamp(.milliseconds) ?? end
        default: cursor.skipField(type: "ev")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then. A bar without an end is `length` long.
    func bar(_ cursor: inout JSONCursor, length: BarInterval) -> ProviderBar? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let open, let high, let low, let close, let start,
            let volume = volume ?? wholeVolume
        else {
            cursor.apart { $0.note(.missingField, missing) }
            return nil
        }
        let end = end ?? start.advanced(by: .seconds(length.rawValue))
        guard open > 0, high > 0, low > 0, close > 0, high >= low else {
            cursor.note(.price, open <= 0 ? "o" : low <= 0 ? "l" : close <= 0 ? "c" : "h")
            return nil
        }
        guard volume >= 0, end > start else {
            cursor.note(volume < 0 ? .size : .time, volume < 0 ? "v" : "e")
            return nil
        }
        return ProviderBar(
            symbol: symbol, start: start, end: end, open: Price(units: open),
            high: Price(units: high), low: Price(units: low), close: Price(units: close),
            volume: Size(units: volume), vwap: positive(vwap), sessionOpen: positive(sessionOpen))
    }

    private func positive(_ units: Int64?) -> Price? {
        units.flatMap { $0 > 0 ? Price(units: $0) : nil }
    }

    private var missing: FieldKey {
        if symbol == nil { return "sym" }
        if open == nil { return "o" }
        if high == nil { return "h" }
        if low == nil { return "l" }
        if close == nil { return "c" }
        return start == nil ? "s" : "v"
    }
}

/// Limit up, limit down: `ev` = `LULD`, whose symbol is `T`.
struct MassiveBandFields: ElementFields {
    static var type: FieldKey { "ev" }

    var symbol: Symbol?
    private var upper: Int64?
    private var lower: Int64?
    private var at: Timestamp?
    private var sequence: Int64 = 0

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "T": symbol = cursor.symbol() ?? symbol
        case "h": upper = cursor.decimal(places: Price.decimalPlaces) ?? upper
        case "l": lower = cursor.decimal(places: Price.decimalPlaces) ?? lower
        case "t": at = cursor.timestamp(.byMagnitude) ?? at
        case "q": sequence = cursor.integer() ?? sequence
        default: cursor.skipField(type: "ev")
        }
    }

    /// Notes what is missing or out of bounds; `nil` then.
    func band(_ cursor: inout JSONCursor) -> PriceBand? {
        guard cursor.fault == nil else { return nil }
        guard let symbol, let upper, let lower, let at else {
            cursor.note(
                .missingField, symbol == nil ? "T" : upper == nil ? "h" : lower == nil ? "l" : "t")
            return nil
        }
        guard lower > 0, upper >= lower else {
            cursor.note(.price, lower > 0 ? "h" : "l")
            return nil
        }
        return PriceBand(
            symbol: symbol, upper: Price(units: upper), lower: Price(units: lower), at: at,
            sequence: sequence)
    }
}

/// A control message, `ev` = `status`.
struct MassiveStatusFields: ElementFields {
    static var type: FieldKey { "ev" }

    private var status = ""
    private var message = ""

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "status": status = cursor.unescapedText() ?? status
        case "message": message = cursor.unescapedText() ?? message
        default: cursor.skipField(type: "ev")
        }
    }

    var controlMessage: ControlMessage { ControlMessage(status: status, message: message) }
}

/// An object of which only its type is wanted.
struct OtherFields: ElementFields {
    static var type: FieldKey { "ev" }

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) { cursor.skipValue() }
}

extension JSONCursor {
    /// Reads an exchange's number.
    @inline(__always) fileprivate mutating func exchange() -> Int16? {
        guard let number = integer() else { return nil }
        guard let exchange = Int16(exactly: number) else {
            apart { $0.note(.range) }
            return nil
        }
        return exchange
    }

    /// Reads a list of condition numbers.
    @inline(__always) fileprivate mutating func conditions() -> TradeConditions? {
        guard current == UInt8(ascii: "[") else { return apart { $0.noConditions() } }
        var conditions = TradeConditions.none
        guard opens(closing: UInt8(ascii: "]")) else { return conditions }
        repeat {
            skipSpace()
            let (value, count) = JSONText.digits(word(at))
            let next = byte(at + count)
            if speculates, count > 0, count < 4, count == 1 || current != UInt8(ascii: "0"),
                next == UInt8(ascii: ",") || next == UInt8(ascii: "]")
            {
                at += count
                conditions.append(Int(value))
            } else if let id = apart({ $0.condition() }) {
                conditions.append(id)
            }
        } while continues(until: UInt8(ascii: "]"))
        return conditions
    }

    @inline(never) fileprivate mutating func noConditions() -> TradeConditions? {
        if !skipNull() {
            note(.malformed)
            skipValue()
        }
        return nil
    }

    /// A condition's number in any spelling; beyond every table when it is larger than an `Int16`.
    @inline(never) fileprivate mutating func condition() -> Int? {
        switch exactDecimal(places: 0) {
        case .value(let id) where id >= 0: return Int(min(id, 254))
        case .value, .null, .range: note(.malformed)
        case .malformed:
            note(.malformed)
            skipValue()
        }
        return nil
    }
}
