import MarketModel

/// Trades and quotes spelled as Massive nearly always spells them: known fields, all plain.
/// Whatever else it meets is `nil`, and then read with care, with the same result for these too.
///
/// What is beyond the frame's end may be read, since the batch's bytes go on there, but nothing
/// that ends there is to be kept.
struct PlainMassive {
    /// How many shares a quote's size counts.
    private let lot: Int64
    private var moment = RepeatedMoment()

    init(lot: Int64) { self.lot = lot }

    /// What an object is that names its type first, `{"ev":"T",` or `{"ev":"Q",`.
    enum Kind {
        case trade, quote
    }

    /// Ten bytes have to be there.
    @inline(__always) static func kind(_ text: PlainText) -> Kind? {
        // {"ev":"T and {"ev":"Q, first byte lowest; then ",
        let head = text.word(text.at)
        guard head & 0x00FF_FFFF_FFFF_FFFF == 0x0022_3A22_7665_227B,
            text.word(text.at &+ 2) &>> 48 == 0x2C22
        else { return nil }
        switch UInt8(truncatingIfNeeded: head &>> 56) {
        case UInt8(ascii: "T"): return .trade
        case UInt8(ascii: "Q"): return .quote
        default: return nil
        }
    }

    /// `{"ev":"T"`
    private static let typeCount = 9
    /// More than all fields of an object, each once, and the word read at their end.
    static let roundBytesMax = 256

    /// Reads a trade from its opening brace to behind the closing one.
    ///
    /// The fields are looked for in their usual order; another order takes another round. No round
    /// begins beyond `startMax`.
    @inline(__always)
    mutating func trade(_ text: inout PlainText, startMax: Int) -> Trade? {
        var (head, price, size) = (UInt64(0), Int64(0), Int64(0))
        var (nanoseconds, sequence) = (Int64(0), Int64(0))
        var (tradeID, conditions, exchange) = (UInt64(0), UInt64(0), Int64(0))
        text.skip(PlainMassive.typeCount)
        repeat {
            let start = text.at
            guard start <= startMax else { return nil }
            if text.passes(.symbol) { head = text.symbol() }
            if text.passes(.tradeID) { tradeID = text.quotedDigits() }
            if text.passes(.exchange) { exchange = text.shortInteger() }
            if text.passes(.price) { price = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.size) { size = text.decimal(places: Size.decimalPlaces) }
            if text.passes(.conditions) { conditions = text.conditionList() }
            if text.passes(.time) { nanoseconds = moment.read(&text) }
            if text.passes(.sequence) { sequence = text.integer() }
            if text.passes(.tape) { text.skipShortInteger() }
            // Also where a value was not plain.
            guard text.at > start else { return nil }
        } while !text.passes("}")
        guard head > 0, price > 0, size > 0, nanoseconds > 0 else { return nil }
        return Trade(
            symbol: Symbol(head: head, tail: 0), price: Price(units: price),
            size: Size(units: size), executedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence, conditions: TradeConditions(packed: conditions), tradeID: tradeID,
            exchange: Int16(truncatingIfNeeded: exchange))
    }

    /// As `trade`.
    @inline(__always)
    mutating func quote(_ text: inout PlainText, startMax: Int) -> Quote? {
        var (head, nanoseconds, sequence) = (UInt64(0), Int64(0), Int64(0))
        var (bid, ask, bidSize, askSize) = (Int64(-1), Int64(-1), Int64(0), Int64(0))
        text.skip(PlainMassive.typeCount)
        repeat {
            let start = text.at
            guard start <= startMax else { return nil }
            if text.passes(.symbol) { head = text.symbol() }
            if text.passes(.bidExchange) { text.skipShortInteger() }
            if text.passes(.bid) { bid = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.bidSize) { bidSize = text.decimal(places: Size.decimalPlaces) }
            if text.passes(.askExchange) { text.skipShortInteger() }
            if text.passes(.ask) { ask = text.decimal(places: Price.decimalPlaces) }
            if text.passes(.askSize) { askSize = text.decimal(places: Size.decimalPlaces) }
            if text.passes(.condition) { text.skipShortInteger() }
            if text.passes(.time) { nanoseconds = moment.read(&text) }
            if text.passes(.sequence) { sequence = text.integer() }
            if text.passes(.tape) { text.skipShortInteger() }
            guard text.at > start else { return nil }
        } while !text.passes("}")
        guard head > 0, nanoseconds > 0, bid & ask >= 0 else { return nil }
        let (bidUnits, bidOverflow) = bidSize.multipliedReportingOverflow(by: lot)
        let (askUnits, askOverflow) = askSize.multipliedReportingOverflow(by: lot)
        guard !bidOverflow, !askOverflow else { return nil }
        return Quote(
            symbol: Symbol(head: head, tail: 0), bid: Price(units: max(bid, 0)),
            ask: Price(units: max(ask, 0)), bidSize: Size(units: bidUnits),
            askSize: Size(units: askUnits), quotedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence)
    }
}

extension FieldName {
    fileprivate static var symbol: FieldName { FieldName(#","sym":""#) }
    fileprivate static var time: FieldName { FieldName(#","t":"#) }
    fileprivate static var sequence: FieldName { FieldName(#","q":"#) }
    fileprivate static var tape: FieldName { FieldName(#","z":"#) }

    fileprivate static var tradeID: FieldName { FieldName(#","i":""#) }
    fileprivate static var exchange: FieldName { FieldName(#","x":"#) }
    fileprivate static var price: FieldName { FieldName(#","p":"#) }
    fileprivate static var size: FieldName { FieldName(#","s":"#) }
    fileprivate static var conditions: FieldName { FieldName(#","c":["#) }

    fileprivate static var bidExchange: FieldName { FieldName(#","bx":"#) }
    fileprivate static var bid: FieldName { FieldName(#","bp":"#) }
    fileprivate static var bidSize: FieldName { FieldName(#","bs":"#) }
    fileprivate static var askExchange: FieldName { FieldName(#","ax":"#) }
    fileprivate static var ask: FieldName { FieldName(#","ap":"#) }
    fileprivate static var askSize: FieldName { FieldName(#","as":"#) }
    fileprivate static var condition: FieldName { FieldName(#","c":"#) }
}

/// The time of an event, most often the one that the event before it had: compared as text, and
/// read only when it is another.
private struct RepeatedMoment {
    /// The first and the last eight of thirteen digits.
    private var head: UInt64 = 0
    private var tail: UInt64 = 0
    private var nanoseconds: Int64 = 0

    private static let digitCount = 13

    /// A moment of this century in milliseconds, which has 12 or 13 digits, in nanoseconds.
    @inline(__always) mutating func read(_ text: inout PlainText) -> Int64 {
        let start = text.at
        if text.word(start) == head, text.word(start &+ 5) == tail {
            text.skip(RepeatedMoment.digitCount)
            return nanoseconds
        }
        return readAnother(&text)
    }

    @inline(never) private mutating func readAnother(_ text: inout PlainText) -> Int64 {
        let start = text.at
        guard let moment = TimeUnit.milliseconds.timestamp(text.integer()) else {
            return Int64(bitPattern: text.fail())
        }
        if text.at == start + RepeatedMoment.digitCount {
            head = text.word(start)
            tail = text.word(start &+ 5)
            nanoseconds = moment.nanoseconds
        }
        return moment.nanoseconds
    }
}
