/// Civil time in New York, by the rules of United States daylight saving time.
///
/// Since 2007 from the second Sunday of March to the first of November; before that from the first
/// Sunday of April to the last of October (right from 1987 on).
public enum NewYorkTime {
    private static let standardOffset: Int64 = -5 * 3600
    private static let daylightOffset: Int64 = -4 * 3600

    /// Seconds to add to UTC: -18 000 in winter, -14 400 in summer.
    public static func offsetSeconds(at moment: Timestamp) -> Int64 {
        let second = moment.secondsFloor
        let date = CivilDate(daysSince1970: (second + standardOffset).flooredQuotient(86_400))
        let (first, last) = daylightDates(inYearOf: date)
        // Both changes happen at 02:00 local time: 07:00 UTC in spring, 06:00 UTC in autumn.
        let begins = first.daysSince1970 * 86_400 + 7 * 3600
        let ends = last.daysSince1970 * 86_400 + 6 * 3600
        return second >= begins && second < ends ? daylightOffset : standardOffset
    }

    /// The date on the wall in New York.
    public static func date(at moment: Timestamp) -> CivilDate {
        CivilDate(
            daysSince1970: (moment.secondsFloor + offsetSeconds(at: moment)).flooredQuotient(86_400)
        )
    }

    /// The moment at which New York's clocks show `secondOfDay` on that date; never within a change
    /// of clocks.
    public static func moment(on date: CivilDate, secondOfDay: Int64) -> Timestamp {
        let (first, last) = daylightDates(inYearOf: date)
        let isDaylight = date >= first && date < last
        let offset = isDaylight ? daylightOffset : standardOffset
        return Timestamp(clampingSeconds: date.daysSince1970 * 86_400 + secondOfDay - offset)
    }

    /// The Sundays on which daylight saving begins and ends.
    private static func daylightDates(inYearOf date: CivilDate) -> (CivilDate, CivilDate) {
        let year = date.parts.year
        guard year >= 2007 else {
            return (
                .weekday(.sunday, ordinal: 1, year: year, month: 4),
                .lastWeekday(.sunday, year: year, month: 10)
            )
        }
        return (
            .weekday(.sunday, ordinal: 2, year: year, month: 3),
            .weekday(.sunday, ordinal: 1, year: year, month: 11)
        )
    }
}

extension Timestamp {
    /// The last or first moment that can be told, where the seconds lie beyond it.
    init(clampingSeconds seconds: Int64) {
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.init(nanoseconds: overflow ? (seconds < 0 ? .min : .max) : nanoseconds)
    }
}

/// Days of the week as `CivilDate.weekday` numbers them.
enum Weekday: Int {
    case monday = 0
    case thursday = 3
    case saturday = 5
    case sunday = 6
}

extension CivilDate {
    /// The `ordinal`th Monday (Thursday, Sunday) of a month; 1 is the first.
    static func weekday(_ weekday: Weekday, ordinal: Int, year: Int, month: Int) -> CivilDate {
        let first = firstDay(year: year, month: month)
        let wait = (weekday.rawValue - first.weekday + 7) % 7
        return first.adding(days: Int64(wait + 7 * (ordinal - 1)))
    }

    /// The last Monday (Sunday) of a month.
    static func lastWeekday(_ weekday: Weekday, year: Int, month: Int) -> CivilDate {
        let next =
            month == 12
            ? firstDay(year: year + 1, month: 1) : firstDay(year: year, month: month + 1)
        let wait = (weekday.rawValue - next.weekday + 7) % 7
        return next.adding(days: Int64(wait - 7))
    }

    private static func firstDay(year: Int, month: Int) -> CivilDate {
        guard let date = CivilDate(year: year, month: month, day: 1) else {
            preconditionFailure("every month from 1 to 12 has a first day, not \(month)")
        }
        return date
    }
}
