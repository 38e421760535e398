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
    // What every trade reads or writes comes first and lies together, in the order in which it
    // fills lines of the cache: with thousands of tickers each line is waited for.

    /// Unix nanoseconds; the slot is `slotStart..<slotEnd`.
    var slotStart = Int64.min
    var slotEnd = Int64.min
    /// floor(T) of engine time T; `Int64.min` before the first event.
    var slot = Int64.min
    var lastPrice: Int64 = 0

    var lastOrder = TradeOrder.none
    /// Trades applied so far.
    var ordinal: Int64 = 0
    var currentTradeCount: Int64 = 0
    var current = SlotTotals.zero
    /// The newest slot with a trade.
    var newestSlot = Int64.min
    var session: SessionTotals
    var usesSizes: Bool
    var baselineIsFresh = false
    /// One bit an age, 1 to 4: the slot has extremes.
    var extremeAges: UInt8 = 0
    /// The first slot with a trade.
    var firstSlot = Int64.max

    /// Of closed slots, as the sums that follow.
    var minuteVolume: Int128 = 0
    var minuteNotional: Int128 = 0
    var minuteTradeCount: Int64 = 0
    /// The last eligible price of the session that is 60 s old or older.
    var priceMinuteAgo: Int64 = 0
    var orderMinuteAgo = TradeOrder.none
    var currentExtremes = PriceExtremes.empty
    var fiveMinutes = SlotTotals.zero
    var ring: SlotRing
    /// Of the nine seconds before the current one; fresh together with the baseline.
    var blockVolume: Int128 = 0
    /// Only meaningful while `baselineIsFresh`.
    var baseline = VolumeBaseline.tooEarly
    var change = ChangeReference()

    // What is touched seldom, or only while trades follow each other within seconds.

    /// Of the four slots before the current one; only meaningful while `extremeAges` has any.
    var earlierExtremes = PriceExtremes.empty
    var extremes = InlineArray<4, PriceExtremes>(repeating: .empty)
    var sizes = RecentSizes()
    /// Engine time's; before the first event one that it may well be in, if any is known.
    var day: TradingDay?
    public let symbol: Symbol
    public let market: Market

    /// `day` is one of the market's that the first trade may well be of; any other is looked up.
    /// Slots are kept in `memory`.
    public init(
        symbol: Symbol, market: Market, settings: AnalyticsSettings, day: TradingDay? = nil,
        memory: MarketMemory = MarketMemory()
    ) {
        self.symbol = symbol
        self.market = market
        self.day = day
        session = SessionTotals(slot: 0, of: TradingDay(slot: 0, market: .continuous))
        ring = SlotRing(memory: memory)
        usesSizes = settings.volumeZScoreMode == .trade
    }

    /// Settings that came with the log.
    public mutating func use(_ settings: AnalyticsSettings) {
        usesSizes = settings.volumeZScoreMode == .trade
    }

    /// Where the turn of a second writes apart from the windows themselves; `nil` before the first.
    public var ends: (slot: UnsafeRawPointer, price: UnsafeRawPointer)? {
        @inline(__always) mutating get { ring.ends }
    }

    /// What the turn of a second reads apart from the windows, once slots leave the minute and
    /// volumes have a baseline.
    @inline(__always)
    public mutating func forEachLineOfMinute(_ take: (UnsafeRawPointer) -> Void) {
        guard slot &- firstSlot >= TickerWindows.slotsOfBaselineMin else { return }
        ring.forEachLineOfMinute(take)
    }

    private static let slotsOfBaselineMin: Int64 = 50

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
        if lastOrder == .none { change.setFirstSeen(trade.price, today: today) }
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
            let today = TradingDay(slot: next, market: market, near: day)
            day = today
            session = SessionTotals(slot: next, of: today)
            change.review(today: today.date)
        } else {
            closeSlot()
            if next >= session.nextStartSlot { beginSession(at: next) }
            slideExtremes(by: next &- slot)
            slide(by: next &- slot)
        }
        slot = next
        slotStart = next &* 1_000_000_000
        slotEnd = engineTime.nanoseconds > .max - 1_000_000_000 ? .max : slotStart + 1_000_000_000
        current = .zero
        currentTradeCount = 0
        currentExtremes = .empty
        baselineIsFresh = false
    }

    /// Books the current slot into everything that counts closed ones.
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
        var second = ClosedSecond()
        second.tradeCount = UInt32(clamping: currentTradeCount)
        // A price of the current slot is newer than any other.
        if lastOrder.executed >= slotStart {
            second.price = lastPrice
            second.sequence = lastOrder.sequence
            second.nanosecond = Int32(truncatingIfNeeded: lastOrder.executed - slotStart)
        }
        ring.push(current, second)
    }

    /// A new session, and perhaps a new day, begins at or before the slot.
    private mutating func beginSession(at next: Int64) {
        let ended = day
        let today = TradingDay(slot: next, market: market, near: day)
        day = today
        session = SessionTotals(slot: next, of: today)
        orderMinuteAgo = .none
        priceMinuteAgo = 0
        guard let ended, today.date != ended.date else { return }
        change.beginDay(today.date)
        if lastOrder.executed >= ended.startsAt.nanoseconds {
            change.setTradedClose(
                Price(units: lastPrice), order: lastOrder, of: ended.date, today: today.date)
        }
    }

    private mutating func slideExtremes(by elapsed: Int64) {
        guard elapsed <= 4 else {
            extremeAges = 0
            return
        }
        let earlier = extremeAges
        if !currentExtremes.isEmpty {
            extremes[Int(truncatingIfNeeded: slot & 3)] = currentExtremes
            extremeAges |= 1
        }
        let ages = UInt32(extremeAges) << UInt32(elapsed)
        extremeAges = UInt8(ages & 0b11110)
        if ages > 0b11110 {
            combineExtremes(before: slot &+ elapsed)
        } else if earlier == 0 {
            // Nothing is old enough to leave: only the current slot comes to what there is.
            earlierExtremes = currentExtremes
        } else {
            earlierExtremes.append(currentExtremes)
        }
    }

    /// The extremes of the slot so many seconds, 1 to 4, before `slot`.
    @inline(__always)
    func extremes(age: Int, before slot: Int64) -> PriceExtremes {
        guard extremeAges >> UInt8(age) & 1 == 1 else { return .empty }
        return extremes[Int(truncatingIfNeeded: (slot &- Int64(age)) & 3)]
    }

    mutating func combineExtremes(before next: Int64) {
        var ages = UInt32(extremeAges)
        guard ages != 0 else { return }
        // Where they lie: an array whose element is asked for would first be copied whole.
        earlierExtremes = withUnsafePointer(to: &extremes) { kept in
            let kept = UnsafeRawPointer(kept).assumingMemoryBound(to: PriceExtremes.self)
            var highest = takeOldest(&ages, before: next, kept)
            var lowest = highest
            while ages != 0 {
                let later = takeOldest(&ages, before: next, kept)
                highest = later.pointee.high > highest.pointee.high ? later : highest
                lowest = later.pointee.low < lowest.pointee.low ? later : lowest
            }
            return PriceExtremes(highOf: highest, lowOf: lowest)
        }
    }

    private mutating func slide(by elapsed: Int64) {
        guard !ring.isEmpty else { return }
        let seconds = Int(min(elapsed, Int64(SlotRing.span)))
        leaveMinute(after: min(seconds, SlotRing.minute))
        let leaving = ring.ages.count(from: SlotRing.span - seconds)
        guard leaving < ring.count else {
            fiveMinutes = .zero
            ring.removeAll()
            return
        }
        for rank in ring.count - leaving..<ring.count { fiveMinutes -= ring.totals(rank) }
        ring.turn(by: seconds, leaving: leaving)
    }

    /// Takes the slots out of the minute that so many seconds, at most 60, push out of it.
    @inline(__always)
    private mutating func leaveMinute(after seconds: Int) {
        let youngest = SlotRing.minute - seconds
        var leaving = ring.ages.bits(from: youngest, count: seconds)
        guard leaving != 0 else { return }
        var rank = ring.ages.count(below: youngest)
        var isPriced = false
        while leaving != 0 {
            let totals = ring.totals(rank)
            let second = ring.second(rank)
            minuteVolume &-= totals.volume
            minuteNotional &-= totals.notional
            minuteTradeCount -= Int64(second.tradeCount)
            if second.hasPrice, !isPriced {
                isPriced = true
                keepPrice(of: second, slot: slot &- Int64(youngest + leaving.trailingZeroBitCount))
            }
            leaving &= leaving &- 1
            rank += 1
        }
    }

    /// The price of 60 s ago is that of a slot of this session.
    private mutating func keepPrice(of second: ClosedSecond, slot old: Int64) {
        guard old >= session.startSlot else { return }
        priceMinuteAgo = second.price
        orderMinuteAgo = TradeOrder(
            executed: old &* 1_000_000_000 &+ Int64(second.nanosecond), sequence: second.sequence)
    }
}

/// Takes the largest out of some ages: where the extremes of that slot lie.
@inline(__always)
private func takeOldest(
    _ ages: inout UInt32, before next: Int64, _ kept: UnsafePointer<PriceExtremes>
) -> UnsafePointer<PriceExtremes> {
    let age = 31 - ages.leadingZeroBitCount
    ages &= ~(1 << UInt32(age))
    return kept + Int(truncatingIfNeeded: (next &- Int64(age)) & 3)
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
        guard age < Int64(SlotRing.span) else { return }
        let rank = ring.add(added, age: Int(age))
        fiveMinutes += added
        guard age < Int64(SlotRing.minute) else { return }
        minuteVolume &+= added.volume
        minuteNotional &+= added.notional
        minuteTradeCount += 1
        var second = ring.second(rank)
        second.tradeCount &+= 1
        ring.setSecond(second, rank)
    }

    private mutating func addEarlierPrice(
        _ trade: Trade, slot earlier: Int64, age: Int64, isOfSession: Bool
    ) {
        let order = TradeOrder(trade)
        if lastOrder == .none { change.setFirstSeen(trade.price, today: today) }
        if order >= lastOrder {
            lastOrder = order
            lastPrice = trade.price.units
        }
        if let day, trade.executedAt < day.startsAt {
            let date = TradingCalendar.day(containing: trade.executedAt, market: market).date
            change.setTradedClose(
                trade.price, order: order, of: date, today: day.date)
        }
        if age <= 4 {
            let place = Int(truncatingIfNeeded: earlier & 3)
            extremes[place] = extremes(age: Int(age), before: slot)
            extremes[place].take(trade.price.units, order, ordinal: ordinal)
            extremeAges |= 1 << UInt8(age)
            combineExtremes(before: slot)
        }
        if age >= Int64(SlotRing.minute), isOfSession, order >= orderMinuteAgo {
            priceMinuteAgo = trade.price.units
            orderMinuteAgo = order
        }
        guard age < Int64(SlotRing.span) else { return }
        var added = SlotTotals.zero
        added.addPrice(trade.price)
        let rank = ring.add(added, age: Int(age))
        fiveMinutes += added
        if age < Int64(SlotRing.minute) { takeSecond(trade, order, slot: earlier, rank) }
    }

    /// The last price of a closed second.
    private mutating func takeSecond(
        _ trade: Trade, _ order: TradeOrder, slot earlier: Int64, _ rank: Int
    ) {
        let start = earlier &* 1_000_000_000
        var second = ring.second(rank)
        let held = TradeOrder(
            executed: start &+ Int64(second.nanosecond), sequence: second.sequence)
        guard !second.hasPrice || order >= held else { return }
        second.price = trade.price.units
        second.sequence = trade.sequence
        second.nanosecond = Int32(truncatingIfNeeded: order.executed &- start)
        ring.setSecond(second, rank)
    }
}
