import MarketModel

/// The sliding windows of one ticker (analytics.md, section 2).
///
/// One second is the resolution: memory does not grow with the trade rate, and applying a trade
/// costs a few integer additions. Sums over closed seconds are kept apart from those of the current
/// one, so only the turn of a second touches them. Nothing is divided until somebody asks for
/// `figures`.
///
/// Trades come in log order, filtered: no duplicates, none late.
public struct TickerWindows: ~Copyable {
    public let symbol: Symbol
    public let market: Market
    var usesSizes: Bool

    /// floor(T) of engine time T; `Int64.min` before the first event.
    var slot = Int64.min
    /// Unix nanoseconds; the slot is `slotStart..<slotEnd`.
    var slotStart = Int64.min
    var slotEnd = Int64.min
    var current = SlotTotals.zero
    var currentTradeCount: Int64 = 0
    var currentExtremes = PriceExtremes.empty
    /// Of the four slots before the current one.
    var earlierExtremes = PriceExtremes.empty

    var lastPrice: Int64 = 0
    var lastOrder = TradeOrder.none
    /// Trades applied so far.
    var ordinal: Int64 = 0
    var session = SessionTotals(slot: 0, market: .continuous)
    /// Of the first session, before it is known.
    private let likelyDay: TradingDay?
    var change = ChangeReference()
    var sizes = RecentSizes()

    /// Of closed slots, as all that follows.
    var minuteVolume: Int128 = 0
    var minuteNotional: Int128 = 0
    var minuteTradeCount: Int64 = 0
    var fiveMinutes = SlotTotals.zero
    /// The last eligible price of the session that is 60 s old or older.
    var priceMinuteAgo: Int64 = 0
    var orderMinuteAgo = TradeOrder.none
    /// The first and the newest slot with a trade.
    var firstSlot = Int64.max
    var newestSlot = Int64.min
    var extremes = InlineArray<4, PriceExtremes>(repeating: .empty)
    var ring = SlotRing()
    var recent = RecentSeconds()

    /// `nil` when too few blocks; only meaningful while `baselineIsFresh`.
    var baseline: VolumeBaseline?
    var baselineIsFresh = false
    /// Of the nine seconds before the current one; fresh together with the baseline.
    var blockVolume: Int128 = 0

    /// `day` is one of the market's that the first trade may well be of; any other is looked up.
    public init(
        symbol: Symbol, market: Market, settings: AnalyticsSettings, day: TradingDay? = nil
    ) {
        self.symbol = symbol
        self.market = market
        likelyDay = day
        usesSizes = settings.volumeZScoreMode == .trade
    }

    /// Settings that came with the log.
    public mutating func use(_ settings: AnalyticsSettings) {
        usesSizes = settings.volumeZScoreMode == .trade
    }

    /// Slides the windows to the ticker's engine time. Going back does nothing.
    @inline(__always)
    public mutating func advance(to engineTime: Timestamp) {
        if engineTime.nanoseconds < slotEnd { return }
        turn(to: engineTime)
    }

    /// Counts a trade in the windows it belongs to.
    ///
    /// Engine time is never behind a trade: the windows slide to it when that has not been done.
    @inline(__always)
    public mutating func apply(_ trade: Trade, flags: TradeFlags) {
        if trade.executedAt.nanoseconds >= slotEnd { turn(to: trade.executedAt) }
        if trade.executedAt.nanoseconds >= slotStart {
            applyNow(trade, flags)
        } else {
            applyEarlier(trade, flags)
        }
    }

    @inline(__always)
    private mutating func applyNow(_ trade: Trade, _ flags: TradeFlags) {
        ordinal &+= 1
        if flags.contains(.updatesVolume) {
            current.addVolume(trade.size, at: trade.price)
            currentTradeCount &+= 1
            if usesSizes { sizes.append(trade.size) }
        }
        if flags.contains(session.highLowFlag) { session.takeHighLow(trade.price.units) }
        guard flags.isEligiblePrice else { return }
        let order = TradeOrder(trade)
        current.addPrice(trade.price)
        currentExtremes.take(trade.price.units, order, ordinal: ordinal)
        if lastOrder == .none { change.setFirstSeen(trade.price, today: session.day.date) }
        if order >= lastOrder {
            lastOrder = order
            lastPrice = trade.price.units
        }
    }
}

/// The turn of the second.
extension TickerWindows {
    @inline(never)
    mutating func turn(to engineTime: Timestamp) {
        let next = engineTime.secondsFloor
        guard engineTime != .distantPast, next > slot else { return }
        if slot == .min {
            session = SessionTotals(slot: next, market: market, near: likelyDay)
            change.review(today: session.day.date)
        } else {
            closeSlot()
            if next >= session.nextStartSlot { beginSession(at: next) }
            slideExtremes(to: next)
            slide(to: next)
        }
        slot = next
        slotStart = next &* 1_000_000_000
        slotEnd = engineTime.nanoseconds > .max - 1_000_000_000 ? .max : slotStart + 1_000_000_000
        current = .zero
        currentTradeCount = 0
        currentExtremes = .empty
        baselineIsFresh = false
    }

    /// Books the current slot into everything that counts closed ones, but the ring.
    private mutating func closeSlot() {
        guard currentTradeCount > 0 || current.priceCount > 0 else { return }
        newestSlot = slot
        firstSlot = min(firstSlot, slot)
        session.totals.accumulate(current)
        session.tradeCount += currentTradeCount
        minuteVolume &+= current.volume
        minuteNotional &+= current.notional
        minuteTradeCount += currentTradeCount
        fiveMinutes += current
        var second = RecentSeconds.Second()
        second.tradeCount = UInt32(clamping: currentTradeCount)
        // A price of the current slot is newer than any other.
        if lastOrder.executed >= slotStart {
            second.price = lastPrice
            second.sequence = lastOrder.sequence
            second.nanosecond = Int32(truncatingIfNeeded: lastOrder.executed - slotStart)
        }
        recent[slot] = second
    }

    /// A new session, and perhaps a new day, begins at or before the slot.
    private mutating func beginSession(at next: Int64) {
        let ended = session.day
        session = SessionTotals(slot: next, market: market, near: session.day)
        orderMinuteAgo = .none
        priceMinuteAgo = 0
        let today = session.day.date
        guard today != ended.date else { return }
        change.beginDay(today)
        if lastOrder.executed >= ended.startsAt.nanoseconds {
            change.setTradedClose(
                Price(units: lastPrice), order: lastOrder, of: ended.date, today: today)
        }
    }

    private mutating func slideExtremes(to next: Int64) {
        extremes[Int(truncatingIfNeeded: slot & 3)] = currentExtremes
        for skipped in 1..<max(1, min(next - slot, 5)) {
            extremes[Int(truncatingIfNeeded: (slot &+ skipped) & 3)] = .empty
        }
        combineExtremes(before: next)
    }

    mutating func combinedExtremes(before next: Int64) -> PriceExtremes {
        var combined = extremes[Int(truncatingIfNeeded: next & 3)]
        for later in 1...3 {
            combined.append(extremes[Int(truncatingIfNeeded: (next &+ Int64(later)) & 3)])
        }
        return combined
    }

    mutating func combineExtremes(before next: Int64) {
        earlierExtremes = combinedExtremes(before: next)
    }

    private mutating func slide(to next: Int64) {
        // Nothing within five minutes: every ring is empty.
        if newestSlot == .min || slot - newestSlot >= Int64(SlotRing.count) { return }
        var closing = current
        for step in 1...min(next - slot, Int64(SlotRing.count)) {
            fiveMinutes -= ring.turn(closing: closing)
            closing = .zero
            let leaving = ring.totals(age: 60)
            minuteVolume &-= leaving.volume
            minuteNotional &-= leaving.notional
            let entering = slot &+ step
            leaveMinute(entering &- 60)
            recent[entering] = .empty
        }
    }

    private mutating func leaveMinute(_ old: Int64) {
        let second = recent[old]
        minuteTradeCount -= Int64(second.tradeCount)
        guard second.hasPrice, old >= session.startSlot else { return }
        priceMinuteAgo = second.price
        orderMinuteAgo = TradeOrder(
            executed: old &* 1_000_000_000 &+ Int64(second.nanosecond), sequence: second.sequence)
    }
}

/// Trades of earlier slots, within lateness.
extension TickerWindows {
    @inline(never)
    private mutating func applyEarlier(_ trade: Trade, _ flags: TradeFlags) {
        ordinal &+= 1
        let earlier = trade.executedAt.secondsFloor
        let age = slot - earlier
        let isOfSession = earlier >= session.startSlot
        if flags.contains(.updatesVolume) {
            addEarlierVolume(trade, slot: earlier, age: age, isOfSession: isOfSession)
        }
        if isOfSession, flags.contains(session.highLowFlag) {
            session.takeHighLow(trade.price.units)
        }
        if flags.isEligiblePrice {
            addEarlierPrice(trade, slot: earlier, age: age, isOfSession: isOfSession)
        }
        guard flags.contains(.updatesVolume) || flags.isEligiblePrice else { return }
        firstSlot = min(firstSlot, earlier)
        newestSlot = max(newestSlot, earlier)
        baselineIsFresh = false
    }

    private mutating func addEarlierVolume(
        _ trade: Trade, slot earlier: Int64, age: Int64, isOfSession: Bool
    ) {
        if usesSizes { sizes.append(trade.size) }
        var added = SlotTotals.zero
        added.addVolume(trade.size, at: trade.price)
        if isOfSession {
            session.totals.accumulate(added)
            session.tradeCount += 1
        }
        guard age < Int64(SlotRing.count) else { return }
        ring.set(ring.totals(age: Int(age)) + added, age: Int(age))
        fiveMinutes += added
        guard age < 60 else { return }
        minuteVolume &+= added.volume
        minuteNotional &+= added.notional
        minuteTradeCount += 1
        recent[earlier].tradeCount &+= 1
    }

    private mutating func addEarlierPrice(
        _ trade: Trade, slot earlier: Int64, age: Int64, isOfSession: Bool
    ) {
        let order = TradeOrder(trade)
        if lastOrder == .none { change.setFirstSeen(trade.price, today: session.day.date) }
        if order >= lastOrder {
            lastOrder = order
            lastPrice = trade.price.units
        }
        if trade.executedAt < session.day.startsAt {
            let date = TradingCalendar.day(containing: trade.executedAt, market: market).date
            change.setTradedClose(
                trade.price, order: order, of: date, today: session.day.date)
        }
        if age <= 4 {
            let index = Int(truncatingIfNeeded: earlier & 3)
            extremes[index].take(trade.price.units, order, ordinal: ordinal)
            combineExtremes(before: slot)
        }
        if age < 60 {
            takeRecent(trade, order, slot: earlier)
        } else if isOfSession, order >= orderMinuteAgo {
            priceMinuteAgo = trade.price.units
            orderMinuteAgo = order
        }
        guard age < Int64(SlotRing.count) else { return }
        var added = SlotTotals.zero
        added.addPrice(trade.price)
        ring.set(ring.totals(age: Int(age)) + added, age: Int(age))
        fiveMinutes += added
    }

    private mutating func takeRecent(_ trade: Trade, _ order: TradeOrder, slot earlier: Int64) {
        let start = earlier &* 1_000_000_000
        var second = recent[earlier]
        let held = TradeOrder(
            executed: start &+ Int64(second.nanosecond), sequence: second.sequence)
        guard !second.hasPrice || order >= held else { return }
        second.price = trade.price.units
        second.sequence = trade.sequence
        second.nanosecond = Int32(truncatingIfNeeded: order.executed &- start)
        recent[earlier] = second
    }
}
