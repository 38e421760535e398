import MarketModel

/// What the change of a ticker is measured against: the previous close, else the session's open,
/// else the first eligible price seen.
struct ChangeReference: BitwiseCopyable, Sendable {
    private var previousClose: Price?
    private var previousCloseDate = CivilDate(daysSince1970: .min)
    /// Told by the provider, not taken from trades.
    private var isOfficial = false
    /// Of the trade that the previous close is the price of.
    private var previousCloseOrder = TradeOrder.none
    private var sessionOpen: Price?
    private var firstSeen: Price?

    /// `nil` while nothing is known.
    private(set) var price: Price?
    private(set) var basis = ChangeBasis.firstSeen

    init() {}

    mutating func setFirstSeen(_ price: Price, today: CivilDate) {
        firstSeen = price
        choose(today: today)
    }

    mutating func setSessionOpen(_ price: Price?, today: CivilDate) {
        sessionOpen = price
        choose(today: today)
    }

    /// The provider's close of a trading day wins over the last trade of the same day; an older one
    /// is ignored.
    mutating func setOfficialClose(_ price: Price, of date: CivilDate, today: CivilDate) {
        guard date >= previousCloseDate || previousCloseDate >= today else { return }
        previousClose = price
        previousCloseDate = date
        isOfficial = true
        choose(today: today)
    }

    /// The last eligible price of a day that is over.
    mutating func setTradedClose(
        _ price: Price, order: TradeOrder, of date: CivilDate, today: CivilDate
    ) {
        let isNewerDay = date > previousCloseDate || previousCloseDate >= today
        let amends = date == previousCloseDate && !isOfficial && order >= previousCloseOrder
        if isNewerDay || amends {
            previousClose = price
            previousCloseDate = date
            previousCloseOrder = order
            isOfficial = false
        }
        choose(today: today)
    }

    /// A new trading day has begun: its open is not known yet.
    mutating func beginDay(_ today: CivilDate) {
        sessionOpen = nil
        choose(today: today)
    }

    /// The ticker's first day is known now.
    mutating func review(today: CivilDate) { choose(today: today) }

    private mutating func choose(today: CivilDate) {
        if let previousClose, previousCloseDate < today {
            price = previousClose
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
        writer.writeOptional(previousClose) { $0.write($1) }
        writer.write(previousCloseDate.daysSince1970)
        writer.write(isOfficial)
        writer.write(previousCloseOrder.executed)
        writer.write(previousCloseOrder.sequence)
        writer.writeOptional(sessionOpen) { $0.write($1) }
        writer.writeOptional(firstSeen) { $0.write($1) }
    }

    init(from reader: inout StateReader, today: CivilDate) throws(StateCodecError) {
        previousClose = try reader.readOptional(readPrice)
        previousCloseDate = CivilDate(daysSince1970: try reader.read())
        isOfficial = try reader.readBool()
        previousCloseOrder = TradeOrder(
            executed: try reader.read(), sequence: try reader.read())
        sessionOpen = try reader.readOptional(readPrice)
        firstSeen = try reader.readOptional(readPrice)
        choose(today: today)
    }
}

private func readPrice(_ reader: inout StateReader) throws(StateCodecError) -> Price {
    try reader.readPrice()
}
