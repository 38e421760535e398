import MarketModel

/// Trades and quotes spelled as Massive nearly always spells them: known fields, all plain.
/// Whatever else it meets is `nil`, and then read with care, with the same result for these too.
///
/// What is beyond the frame's end may be read, since the batch's bytes go on there, but nothing
/// that ends there is to be kept.
struct PlainMassive {
    /// How many shares a quote's size counts.
    let lot: Int64
    var moment = RepeatedMoment()
    var lists = RepeatedConditions()
    private var exchanges = RepeatedNumbers(.exchange)
    private var sizes = RepeatedNumbers(.size)
    private var bidExchanges = RepeatedNumbers(.bidExchangeName)
    private var bidSizes = RepeatedNumbers(.bidSizeName)
    private var askExchanges = RepeatedNumbers(.askExchangeName)
    private var askSizes = RepeatedNumbers(.askSizeName)
    private var quoteConditions = RepeatedNumbers(.condition)
    private var objectEnd = RepeatedEnd()
    /// To be kept in a variable by whoever reads many objects.
    var masks = NumeralMasks()

    init(lot: Int64) { self.lot = lot }

    /// More than an object's type, all fields, each once, and the word read at their end.
    static let roundBytesMax = 256

    /// Whether an object begins with `{"ev":"T"`. Ten bytes have to be there.
    @inline(__always) static func isTrade(_ text: PlainText) -> Bool {
        text.word(text.at) == 0x5422_3A22_7665_227B
    }

    /// Whether an object begins with `{"ev":"Q"`.
    @inline(__always) static func isQuote(_ text: PlainText) -> Bool {
        text.word(text.at) == 0x5122_3A22_7665_227B
    }

    /// Reads a trade from its opening brace to behind the closing one.
    ///
    /// Nearly all have their fields in the usual order; others may have a field beyond `startMax`,
    /// where no object must begin.
    @inline(__always)
    mutating func trade(_ text: inout PlainText, startMax: Int) -> Trade? {
        var usual = text
        if let trade = usualTrade(&usual, by: masks) {
            text = usual
            return trade
        }
        let (trade, end) = tradeInAnyOrder(text.base, text.at, startMax: startMax)
        text = PlainText(text.base, at: end)
        return trade
    }

    /// As `trade`.
    @inline(__always)
    mutating func quote(_ text: inout PlainText, startMax: Int) -> Quote? {
        var usual = text
        if let quote = usualQuote(&usual, by: masks) {
            text = usual
            return quote
        }
        let (quote, end) = quoteInAnyOrder(text.base, text.at, startMax: startMax)
        text = PlainText(text.base, at: end)
        return quote
    }

    /// A trade with its fields in the usual order; `text` is of no use behind anything else.
    @inline(__always)
    mutating func usualTrade(_ text: inout PlainText, by masks: NumeralMasks) -> Trade? {
        guard let head = text.symbolBehindType(), text.passes(.tradeIDBehindText) else {
            return nil
        }
        let tradeID = text.digits(by: masks)
        guard text.passes("\"") else { return nil }
        let exchange = exchanges.read(&text)
        guard text.passes(.price) else { return nil }
        let price = text.decimal(places: Price.decimalPlaces, by: masks)
        let size = size(&text)
        let conditions = lists.read(&text)
        guard let nanoseconds = moment.read(&text), text.passes(.sequence) else { return nil }
        let sequence = text.integer(by: masks)
        guard objectEnd.passes(&text), text.isPlain, price > 0, size > 0 else { return nil }
        return Trade(
            symbol: Symbol(head: head, tail: 0), price: Price(units: price),
            size: Size(units: size), executedAt: Timestamp(nanoseconds: nanoseconds),
            sequence: sequence, conditions: TradeConditions(packed: conditions), tradeID: tradeID,
            exchange: Int16(truncatingIfNeeded: exchange))
    }

    /// Most have three digits at most.
    @inline(__always) private mutating func size(_ text: inout PlainText) -> Int64 {
        let start = text.at
        if let shares = sizes.known(&text), text.byte(text.at) == UInt8(ascii: ",") {
            return shares &* Size.scale
        }
        text.goBack(to: start)
        return Int64(bitPattern: text.take(anotherSize(text.base, start)))
    }

    @inline(never)
    private mutating func anotherSize(_ base: UnsafeRawPointer, _ start: Int) -> PlainReading {
        var text = PlainText(base, at: start)
        guard text.passes(.size) else { return .notPlain }
        let units = UInt64(bitPattern: text.decimal(places: Size.decimalPlaces))
        guard text.isPlain else { return .notPlain }
        let count = text.at &- start
        let (shares, rest) = units.quotientAndRemainder(dividingBy: UInt64(Size.scale))
        if rest == 0 {
            sizes.keep(PlainReading(value: shares, count: count), of: text.word(start))
        }
        return PlainReading(value: units, count: count)
    }

    /// As `usualTrade`.
    @inline(__always)
    mutating func usualQuote(_ text: inout PlainText, by masks: NumeralMasks) -> Quote? {
        guard let head = text.symbolBehindType(), text.passes("\""), text.passes(",") else {
            return nil
        }
        _ = bidExchanges.read(&text)
        guard text.passes(.bid) else { return nil }
        let bid = text.decimal(places: Price.decimalPlaces, by: masks)
        guard text.passes(",") else { return nil }
        let bidSize = bidSizes.read(&text) &* Size.scale
        guard text.passes(",") else { return nil }
        _ = askExchanges.read(&text)
        guard text.passes(.ask) else { return nil }
        let ask = text.decimal(places: Price.decimalPlaces, by: masks)
        guard text.passes(",") else { return nil }
        let askSize = askSizes.read(&text) &* Size.scale
        _ = quoteConditions.read(&text)
        guard let nanoseconds = moment.read(&text), text.passes(.sequence) else { return nil }
        let sequence = text.integer(by: masks)
        guard objectEnd.passes(&text), text.isPlain else { return nil }
        let (bidUnits, bidOverflow) = bidSize.multipliedReportingOverflow(by: lot)
        let (askUnits, askOverflow) = askSize.multipliedReportingOverflow(by: lot)
        guard !bidOverflow, !askOverflow else { return nil }
        return Quote(
            symbol: Symbol(head: head, tail: 0), bid: Price(units: bid), ask: Price(units: ask),
            bidSize: Size(units: bidUnits), askSize: Size(units: askUnits),
            quotedAt: Timestamp(nanoseconds: nanoseconds), sequence: sequence)
    }
}

extension PlainText {
    /// The ticker of an object that names it behind its type, up to its last quotation mark; none
    /// where another field is the second.
    @inline(__always) fileprivate mutating func symbolBehindType() -> UInt64? {
        skip(8)
        guard passes(.symbolBehindType), passes("\"") else { return nil }
        return symbol()
    }
}

/// The end of most objects: a tape of one digit and the closing brace, as the object before had
/// them.
private struct RepeatedEnd {
    /// `,"z":3}` and the byte behind.
    private var text: UInt64 = 0x0A7D_333A_227A_222C

    /// Moves behind the brace; false for what is no such end.
    @inline(__always) mutating func passes(_ text: inout PlainText) -> Bool {
        let letters = text.word(text.at)
        if letters == self.text {
            text.skip(7)
            return true
        }
        guard text.passesTapeAtEnd() else { return false }
        self.text = letters
        return true
    }
}

extension FieldName {
    @inline(__always) fileprivate static var symbolBehindType: FieldName { FieldName(#"","sym":"#) }
    @inline(__always) fileprivate static var tradeIDBehindText: FieldName { FieldName(#"","i":""#) }
    @inline(__always) fileprivate static var bidExchangeName: FieldName { FieldName(#""bx":"#) }
    @inline(__always) fileprivate static var bidSizeName: FieldName { FieldName(#""bs":"#) }
    @inline(__always) fileprivate static var askExchangeName: FieldName { FieldName(#""ax":"#) }
    @inline(__always) fileprivate static var askSizeName: FieldName { FieldName(#""as":"#) }
}
