import MarketModel

/// The New York date of a moment, as days since 1970; the last answer is kept for the hour it
/// holds.
///
/// For moments between 1970 and 2200, which is what the engine admits.
struct TradingDateCache {
    private var from = Int64.max
    private var to = Int64.min
    private var days: Int32 = 0

    @inline(__always)
    mutating func date(of moment: Timestamp) -> Int32 {
        if moment.nanoseconds >= from, moment.nanoseconds < to { return days }
        return look(up: moment)
    }

    @inline(never)
    private mutating func look(up moment: Timestamp) -> Int32 {
        let hour = moment.secondsFloor.flooredQuotient(3600)
        // New York is whole hours away from UTC, so a date never changes within an hour of it.
        from = Timestamp(seconds: hour * 3600).nanoseconds
        to = from + 3_600_000_000_000
        days = Int32(truncatingIfNeeded: NewYorkTime.date(at: moment).daysSince1970)
        return days
    }
}
