/// One trading day of a market. Half-open: each boundary is the first moment of what it begins.
public struct TradingDay: Equatable, BitwiseCopyable, Sendable {
    public var date: CivilDate
    /// The first moment that belongs to the day: 04:00 in New York, 00:00 UTC where trading never
    /// stops.
    public var startsAt: Timestamp
    /// The regular session: 09:30 to 16:00 (13:00 on a half day) in New York, or all day.
    public var opensAt: Timestamp
    public var closesAt: Timestamp
    /// After-hours end: 20:00 (17:00 on a half day) in New York.
    public var endsAt: Timestamp
    /// Where the next trading day starts. What happens until then belongs to this one: nights,
    /// weekends, holidays.
    public var nextStartsAt: Timestamp

    public func contains(_ moment: Timestamp) -> Bool {
        moment >= startsAt && moment < nextStartsAt
    }

    /// The open that figures "of the session" count from: the extended one until the regular one
    /// has come.
    public func sessionStart(at moment: Timestamp) -> Timestamp {
        moment < opensAt ? startsAt : opensAt
    }

    public func phase(at moment: Timestamp) -> SessionPhase {
        if moment < startsAt || moment >= endsAt { return .closed }
        if moment < opensAt { return .preMarket }
        return moment < closesAt ? .regular : .afterHours
    }
}

public enum SessionPhase: String, BitwiseCopyable, Sendable {
    case closed
    case preMarket = "pre_market"
    case regular
    case afterHours = "after_hours"
}

/// When markets trade. Callers on the hot path keep the `TradingDay` and compare with its
/// boundaries.
public enum TradingCalendar {
    private static let dayStart: Int64 = 4 * 3600
    private static let open: Int64 = 9 * 3600 + 1800
    private static let close: Int64 = 16 * 3600
    private static let end: Int64 = 20 * 3600
    private static let halfDayClose: Int64 = 13 * 3600
    private static let halfDayEnd: Int64 = 17 * 3600

    /// The trading day that a moment belongs to: the last one that has started by then.
    public static func day(containing moment: Timestamp, market: Market) -> TradingDay {
        switch market {
        case .continuous:
            return continuousDay(
                CivilDate(daysSince1970: moment.secondsFloor.flooredQuotient(86_400)))
        case .usEquities:
            let today = NewYorkTime.date(at: moment)
            let started = moment >= NewYorkTime.moment(on: today, secondOfDay: dayStart)
            return equitiesDay(tradingDate(atOrBefore: started ? today : today.adding(days: -1)))
        }
    }

    public static func isTradingDay(_ date: CivilDate, market: Market) -> Bool {
        switch market {
        case .continuous: true
        case .usEquities: ExchangeHolidays.hours(on: date) != .closed
        }
    }

    /// Whether the regular session of the date ends early.
    public static func isHalfDay(_ date: CivilDate, market: Market) -> Bool {
        market == .usEquities && ExchangeHolidays.hours(on: date) == .half
    }

    public static func phase(at moment: Timestamp, market: Market) -> SessionPhase {
        day(containing: moment, market: market).phase(at: moment)
    }

    /// The first open of a regular session after the moment; for a continuous market the next
    /// midnight UTC.
    public static func nextOpen(after moment: Timestamp, market: Market) -> Timestamp {
        let today = day(containing: moment, market: market)
        if moment < today.opensAt { return today.opensAt }
        return day(containing: today.nextStartsAt, market: market).opensAt
    }

    /// The first close of a regular session after the moment.
    public static func nextClose(after moment: Timestamp, market: Market) -> Timestamp {
        let today = day(containing: moment, market: market)
        if moment < today.closesAt { return today.closesAt }
        return day(containing: today.nextStartsAt, market: market).closesAt
    }

    private static func continuousDay(_ date: CivilDate) -> TradingDay {
        let start = Timestamp(clampingSeconds: date.daysSince1970 * 86_400)
        let next = Timestamp(clampingSeconds: (date.daysSince1970 + 1) * 86_400)
        return TradingDay(
            date: date, startsAt: start, opensAt: start, closesAt: next, endsAt: next,
            nextStartsAt: next)
    }

    private static func equitiesDay(_ date: CivilDate) -> TradingDay {
        let isHalf = ExchangeHolidays.hours(on: date) == .half
        let next = tradingDate(atOrAfter: date.adding(days: 1))
        return TradingDay(
            date: date,
            startsAt: NewYorkTime.moment(on: date, secondOfDay: dayStart),
            opensAt: NewYorkTime.moment(on: date, secondOfDay: open),
            closesAt: NewYorkTime.moment(on: date, secondOfDay: isHalf ? halfDayClose : close),
            endsAt: NewYorkTime.moment(on: date, secondOfDay: isHalf ? halfDayEnd : end),
            nextStartsAt: NewYorkTime.moment(on: next, secondOfDay: dayStart))
    }

    private static func tradingDate(atOrBefore date: CivilDate) -> CivilDate {
        var candidate = date
        while ExchangeHolidays.hours(on: candidate) == .closed {
            candidate = candidate.adding(days: -1)
        }
        return candidate
    }

    private static func tradingDate(atOrAfter date: CivilDate) -> CivilDate {
        var candidate = date
        while ExchangeHolidays.hours(on: candidate) == .closed {
            candidate = candidate.adding(days: 1)
        }
        return candidate
    }
}
