import MarketModel

/// Objects with their fields in an order of their own: read in rounds.
extension PlainMassive {
    /// A trade, and where it ends.
    ///
    /// The fields are looked for in their usual order; another order takes another round. No round
    /// begins beyond `startMax`, where the first one must not.
    @inline(never)
    mutating func tradeInAnyOrder(
        _ base: UnsafeRawPointer, _ start: Int, startMax: Int
    ) -> (Trade?, end: Int) {
        var text = PlainText(base, at: start)
        var (head, price, size) = (UInt64(0), Int64(0), Int64(0))
        var (nanoseconds, sequence) = (Int64(0), Int64(0))
        var (tradeID, conditions, exchange) = (UInt64(0), UInt64(0), Int64(0))
        guard text.skipsType() else { return (nil, start) }
        while true {
            let start = text.at
            if text.passes(.symbol) { head = text.quotedSymbol() }
            if text.passes(.tradeID) { tradeID = text.quotedDigits() }
            if text.passes(.exchange) { exchange = text.shortInteger() }
            if text.passes(.price) { price = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.size) { size = text.decimal(places: Size.decimalPlaces) }
            if FieldName.conditions.begins(text) { conditions = lists.read(&text) }
            if let read = moment.read(&text) { nanoseconds = read }
            if text.passes(.sequence) { sequence = text.integer() }
            if text.passesTapeAtEnd() { break }
            if text.passes(.tape) { text.skipShortInteger() }
            if text.passes("}") { break }
            guard text.at > start, text.at <= startMax else { return (nil, start) }
        }
        guard text.isPlain, head > 0, price > 0, size > 0, nanoseconds > 0 else {
            return (nil, start)
        }
        let trade = Trade(
            symbol: Symbol(head: head, tail: 0), price: Price(units: price),
            size: Size(units: size), executedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence, conditions: TradeConditions(packed: conditions), tradeID: tradeID,
            exchange: Int16(truncatingIfNeeded: exchange))
        return (trade, text.at)
    }

    /// As `tradeInAnyOrder`.
    @inline(never)
    mutating func quoteInAnyOrder(
        _ base: UnsafeRawPointer, _ start: Int, startMax: Int
    ) -> (Quote?, end: Int) {
        var text = PlainText(base, at: start)
        var (head, nanoseconds, sequence) = (UInt64(0), Int64(0), Int64(0))
        var (bid, ask, bidSize, askSize) = (Int64(-1), Int64(-1), Int64(0), Int64(0))
        guard text.skipsType() else { return (nil, start) }
        while true {
            let start = text.at
            if text.passes(.symbol) { head = text.quotedSymbol() }
            if text.passes(.bidExchange) { text.skipShortInteger() }
            if text.passes(.bid) { bid = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.bidSize) { bidSize = text.decimal(places: Size.decimalPlaces) }
            if text.passes(.askExchange) { text.skipShortInteger() }
            if text.passes(.ask) { ask = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.askSize) { askSize = text.decimal(places: Size.decimalPlaces) }
            if text.passes(.condition) { text.skipShortInteger() }
            if let read = moment.read(&text) { nanoseconds = read }
            if text.passes(.sequence) { sequence = text.integer() }
            if text.passesTapeAtEnd() { break }
            if text.passes(.tape) { text.skipShortInteger() }
            if text.passes("}") { break }
            guard text.at > start, text.at <= startMax else { return (nil, start) }
        }
        guard text.isPlain, head > 0, nanoseconds > 0, bid & ask >= 0 else { return (nil, start) }
        let (bidUnits, bidOverflow) = bidSize.multipliedReportingOverflow(by: lot)
        let (askUnits, askOverflow) = askSize.multipliedReportingOverflow(by: lot)
        guard !bidOverflow, !askOverflow else { return (nil, start) }
        let quote = Quote(
            symbol: Symbol(head: head, tail: 0), bid: Price(units: max(bid, 0)),
            ask: Price(units: max(ask, 0)), bidSize: Size(units: bidUnits),
            askSize: Size(units: askUnits), quotedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence)
        return (quote, text.at)
    }
}

extension FieldName {
    @inline(__always) static var symbol: FieldName { FieldName(#","sym":""#) }
    @inline(__always) static var time: FieldName { FieldName(#","t":"#) }
    @inline(__always) static var sequence: FieldName { FieldName(#","q":"#) }
    @inline(__always) static var tape: FieldName { FieldName(#","z":"#) }

    @inline(__always) static var tradeID: FieldName { FieldName(#","i":""#) }
    @inline(__always) static var exchange: FieldName { FieldName(#","x":"#) }
    @inline(__always) static var price: FieldName { FieldName(#","p":"#) }
    @inline(__always) static var size: FieldName { FieldName(#","s":"#) }
    @inline(__always) static var conditions: FieldName { FieldName(#","c":["#) }

    @inline(__always) static var bidExchange: FieldName { FieldName(#","bx":"#) }
    @inline(__always) static var bid: FieldName { FieldName(#","bp":"#) }
    @inline(__always) static var bidSize: FieldName { FieldName(#","bs":"#) }
    @inline(__always) static var askExchange: FieldName { FieldName(#","ax":"#) }
    @inline(__always) static var ask: FieldName { FieldName(#","ap":"#) }
    @inline(__always) static var askSize: FieldName { FieldName(#","as":"#) }
    @inline(__always) static var condition: FieldName { FieldName(#","c":"#) }
}

extension PlainText {
    /// Moves behind an object's type of one letter, when another field follows.
    @inline(__always) fileprivate mutating func skipsType() -> Bool {
        guard word(at &+ 8, as: UInt16.self) == 0x2C22 else { return false }  // ",
        skip(9)
        return true
    }

    @inline(__always) fileprivate mutating func quotedSymbol() -> UInt64 {
        let head = symbol()
        if head == nil || !passes("\"") { note(.max) }
        return head ?? 0
    }

    /// Moves behind a tape of one digit and the closing brace, `,"z":3}`, when both are next.
    @inline(__always) mutating func passesTapeAtEnd() -> Bool {
        // The digit alone is left of seven bytes, moved to the lowest one.
        let digit = (word(at) ^ 0x007D_303A_227A_222C) &<< 8
        guard digit &<< 16 | digit &>> 48 <= 9 else { return false }
        skip(7)
        return true
    }
}
