import MarketModel

/// The market's daily shape: busy at the open and the close, quieter at noon, thin but never dead
/// overnight.
///
/// Follows New York time of day, weekends included, since the demo market never closes.
struct DemoDay {
    private static let minutes = 1440
    /// Minutes of the day at 09:30 and 16:00.
    private static let open = 570.0
    private static let close = 960.0

    /// Activity summed over the day up to each minute, scaled so that the whole day makes 1440.
    private let cumulative: [Double]

    init() {
        var sums = [0.0]
        for minute in 0..<DemoDay.minutes {
            sums.append(sums[minute] + DemoDay.activity(minuteOfDay: Double(minute) + 0.5))
        }
        let scale = Double(DemoDay.minutes) / sums[DemoDay.minutes]
        cumulative = sums.map { $0 * scale }
    }

    /// How busy the market is, 1 being an ordinary moment: 0.58 overnight, 1.7 at the open, 0.85 at
    /// noon.
    static func activity(at time: Timestamp) -> Double {
        activity(minuteOfDay: localMinutes(time).minute)
    }

    static func activity(minuteOfDay minute: Double) -> Double {
        switch minute {
        case open..<close:
            let fromNoon = (minute - (open + close) / 2) / ((close - open) / 2)
            return 0.85 + 0.8 * fromNoon * fromNoon + (fromNoon < 0 ? -0.05 * fromNoon : 0)
        case 240..<open: return 0.58 + 0.42 * (minute - 240) / (open - 240)
        case close..<1200: return 1 - 0.42 * (minute - close) / (1200 - close)
        default: return 0.58
        }
    }

    /// Time measured by activity, in minutes: a busy minute counts for more, a whole day for 1440.
    func activityTime(at time: Timestamp) -> Double {
        let (day, minute) = DemoDay.localMinutes(time)
        let whole = min(Int(minute), DemoDay.minutes - 1)
        let step = cumulative[whole + 1] - cumulative[whole]
        return Double(day) * Double(DemoDay.minutes) + cumulative[whole]
            + step * (minute - Double(whole))
    }

    private static func localMinutes(_ time: Timestamp) -> (day: Int64, minute: Double) {
        let local = NewYorkTime.local(time).nanoseconds
        let dayLength: Int64 = 86_400_000_000_000
        let day = local.flooredQuotient(dayLength)
        return (day, Double(local - day * dayLength) / 60e9)
    }
}

/// New York's wall clock by the rule in force since 2007: summer time from the second Sunday of
/// March to the first of November, both at two in the morning.
enum NewYorkTime {
    /// The wall clock's reading, written as if it were UTC.
    static func local(_ time: Timestamp) -> Timestamp {
        let standard = time.advanced(byNanoseconds: -5 * 3_600_000_000_000)
        let year = CivilDate(daysSince1970: standard.secondsFloor.flooredQuotient(86_400)).parts
            .year
        let isSummer =
            standard >= sunday(2, of: 3, year, hour: 2)
            && standard < sunday(1, of: 11, year, hour: 1)
        return isSummer ? standard.advanced(byNanoseconds: 3_600_000_000_000) : standard
    }

    private static func sunday(_ ordinal: Int, of month: Int, _ year: Int, hour: Int64) -> Timestamp
    {
        guard let first = CivilDate(year: year, month: month, day: 1) else { return .distantPast }
        let days = Int64((6 - first.weekday) + 7 * (ordinal - 1))
        return Timestamp(seconds: first.adding(days: days).daysSince1970 * 86_400 + hour * 3600)
    }
}
