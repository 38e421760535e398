import MarketModel

/// What the change of a ticker is measured against: the previous close, else the session's open,
/// else the first eligible price seen.
struct ChangeReference: BitwiseCopyable, Sendable {
    /// `nil` while nothing is known.
    private(set) var price: Price?
    private(set) var basis = ChangeBasis.firstSeen

    /// The close of the latest day that one is known of, and of the latest before that: a provider
    /// may send today's close while today is still measured against yesterday's.
    private var newestClose = DayClose()
    private var closeBefore = DayClose()
    private var sessionOpen: Price?
    private var firstSeen: Price?

    init() {}

    mutating func setFirstSeen(_ price: Price, today: CivilDate) {
        firstSeen = price
        choose(today: today)
    }

    mutating func setSessionOpen(_ price: Price?, today: CivilDate) {
        sessionOpen = price
        choose(today: today)
    }

    /// The provider's close of a trading day wins over the last trade of the same day; one older
    /// than the latest two is ignored.
    mutating func setOfficialClose(_ price: Price, of date: CivilDate, today: CivilDate) {
        keep(DayClose(price: price, date: date, isOfficial: true))
        choose(today: today)
    }

    /// The last eligible price of a day that is over.
    mutating func setTradedClose(
        _ price: Price, order: TradeOrder, of date: CivilDate, today: CivilDate
    ) {
        keep(DayClose(price: price, date: date, isOfficial: false, order: order))
        choose(today: today)
    }

    private mutating func keep(_ close: DayClose) {
        if close.date > newestClose.date {
            closeBefore = newestClose
            newestClose = close
        } else if close.date == newestClose.date {
            newestClose.amend(close)
        } else if close.date > closeBefore.date {
            closeBefore = close
        } else if close.date == closeBefore.date {
            closeBefore.amend(close)
        }
    }

    /// A new trading day has begun: its open is not known yet.
    mutating func beginDay(_ today: CivilDate) {
        sessionOpen = nil
        choose(today: today)
    }

    /// The ticker's first day is known now.
    mutating func review(today: CivilDate) { choose(today: today) }

    private mutating func choose(today: CivilDate) {
        if let close = newestClose.price(before: today) ?? closeBefore.price(before: today) {
            price = close
            basis = .previousClose
        } else if let sessionOpen {
            price = sessionOpen
            basis = .sessionOpen
        } else {
            price = firstSeen
            basis = .firstSeen
        }
        // Nothing can be measured against nothing.
        if let units = price?.units, units <= 0 { price = nil }
    }

    func encode(into writer: inout StateWriter) {
        newestClose.encode(into: &writer)
        closeBefore.encode(into: &writer)
        writer.writeOptional(sessionOpen) { $0.write($1) }
        writer.writeOptional(firstSeen) { $0.write($1) }
    }

    init(from reader: inout StateReader, today: CivilDate) throws(StateCodecError) {
        newestClose = try DayClose(from: &reader)
        closeBefore = try DayClose(from: &reader)
        sessionOpen = try reader.readOptional(readPrice)
        firstSeen = try reader.readOptional(readPrice)
        choose(today: today)
    }
}

/// What a trading day closed at, as the provider says or as its last eligible trade was.
private struct DayClose: BitwiseCopyable, Sendable {
    private var price: Price?
    private(set) var date = CivilDate(daysSince1970: .min)
    private var isOfficial = false
    /// Of the trade that it is the price of.
    private var order = TradeOrder.none

    /// None is known.
    init() {}

    init(price: Price, date: CivilDate, isOfficial: Bool, order: TradeOrder = .none) {
        self.price = price
        self.date = date
        self.isOfficial = isOfficial
        self.order = order
    }

    func price(before today: CivilDate) -> Price? { date < today ? price : nil }

    /// Of the same day: the provider's word stands, a later trade replaces an earlier one.
    mutating func amend(_ other: DayClose) {
        if other.isOfficial || (!isOfficial && other.order >= order) { self = other }
    }

    func encode(into writer: inout StateWriter) {
        writer.writeOptional(price) { $0.write($1) }
        writer.write(date.daysSince1970)
        writer.write(isOfficial)
        writer.write(order.executed)
        writer.write(order.sequence)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        price = try reader.readOptional(readPrice)
        date = CivilDate(daysSince1970: try reader.read())
        isOfficial = try reader.readBool()
        order = TradeOrder(executed: try reader.read(), sequence: try reader.read())
    }
}

private func readPrice(_ reader: inout StateReader) throws(StateCodecError) -> Price {
    try reader.readPrice()
}
