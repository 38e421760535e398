import MarketModel

/// What has been summed since a session's open.
struct SessionTotals: BitwiseCopyable, Sendable {
    private(set) var high = Int64.min
    private(set) var low = Int64.max
    /// The slot of the open that everything here counts from.
    private(set) var startSlot: Int64
    /// The slot in which the next session begins.
    private(set) var nextStartSlot: Int64
    /// Of closed slots: the caller adds the current one.
    var totals = SlotTotals.zero
    var tradeCount: Int64 = 0
    /// The flag that a trade needs to move high and low: before the regular open, condition 12 does
    /// not count.
    private(set) var highLowFlag: TradeFlags

    /// The session of a trading day that is in force in a slot.
    init(slot: Int64, of day: TradingDay) {
        let moment = Timestamp(nanoseconds: slot &* 1_000_000_000)
        startSlot = day.sessionStart(at: moment).secondsFloor
        let isEarly = moment < day.opensAt
        nextStartSlot = (isEarly ? day.opensAt : day.nextStartsAt).secondsFloor
        highLowFlag = isEarly ? .updatesIntradayHighLow : .updatesHighLow
    }

    @inline(__always)
    mutating func takeHighLow(_ price: Int64) {
        high = max(high, price)
        low = min(low, price)
    }

    func encode(into writer: inout StateWriter) {
        totals.encode(into: &writer)
        writer.write(tradeCount)
        writer.write(high)
        writer.write(low)
    }

    init(from reader: inout StateReader, slot: Int64, of day: TradingDay) throws(StateCodecError) {
        self.init(slot: slot, of: day)
        totals = try SlotTotals(from: &reader)
        tradeCount = try reader.read()
        high = try reader.read()
        low = try reader.read()
    }
}

extension TradingDay {
    /// The trading day of a market that a slot belongs to. `near` is one of the same market that
    /// may well be it: to look a day up costs thousands of instructions.
    init(slot: Int64, market: Market, near: TradingDay? = nil) {
        let moment = Timestamp(nanoseconds: slot &* 1_000_000_000)
        if let near, near.contains(moment) {
            self = near
        } else {
            self = TradingCalendar.day(containing: moment, market: market)
        }
    }
}
