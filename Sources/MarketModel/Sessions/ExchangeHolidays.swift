/// On which days the New York exchanges trade, and on which they close at 13:00.
///
/// By rule, as published by the exchange since 1998, plus the closures no rule foretells. Checked
/// against the PyPI package exchange_calendars (XNYS) for 2004 to 2027.
enum ExchangeHolidays {
    enum Hours { case closed, full, half }

    static func hours(on date: CivilDate) -> Hours {
        guard date.weekday < Weekday.saturday.rawValue else { return .closed }
        let (year, month, day) = date.parts
        if isHoliday(date, year: year, month: month, day: day) || isSpecialClosure(date) {
            return .closed
        }
        return isHalfDay(date, year: year, month: month, day: day) ? .half : .full
    }

    private static func isHoliday(_ date: CivilDate, year: Int, month: Int, day: Int) -> Bool {
        switch month {
        // New Year on a Saturday is not made up for: the Friday before closes the year's books.
        case 1:
            day == 1 || (day == 2 && date.weekday == Weekday.monday.rawValue)
                || date == .weekday(.monday, ordinal: 3, year: year, month: 1)
        case 2: date == .weekday(.monday, ordinal: 3, year: year, month: 2)
        case 3, 4: date == easterSunday(of: year).adding(days: -2)
        case 5: date == .lastWeekday(.monday, year: year, month: 5)
        case 6: year >= 2022 && isObserved(date, month: 6, day: 19)
        case 7: isObserved(date, month: 7, day: 4)
        case 9: date == .weekday(.monday, ordinal: 1, year: year, month: 9)
        case 11: date == .weekday(.thursday, ordinal: 4, year: year, month: 11)
        case 12: isObserved(date, month: 12, day: 25)
        default: false
        }
    }

    /// A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
    private static func isObserved(_ date: CivilDate, month: Int, day: Int) -> Bool {
        guard let holiday = CivilDate(year: date.parts.year, month: month, day: day) else {
            return false
        }
        let shift: Int64 =
            switch holiday.weekday {
            case Weekday.saturday.rawValue: -1
            case Weekday.sunday.rawValue: 1
            default: 0
            }
        return date == holiday.adding(days: shift)
    }

    /// The day before Independence Day and Christmas where both are weekdays, and the day after
    /// Thanksgiving.
    private static func isHalfDay(_ date: CivilDate, year: Int, month: Int, day: Int) -> Bool {
        switch (month, day) {
        case (7, 3), (12, 24): date.adding(days: 1).weekday < Weekday.saturday.rawValue
        case (11, _):
            date == CivilDate.weekday(.thursday, ordinal: 4, year: year, month: 11).adding(days: 1)
        default: false
        }
    }

    private static func isSpecialClosure(_ date: CivilDate) -> Bool {
        switch date.parts {
        case (2004, 6, 11): true  // mourning for Ronald Reagan
        case (2007, 1, 2): true  // mourning for Gerald Ford
        case (2012, 10, 29), (2012, 10, 30): true  // hurricane Sandy
        case (2018, 12, 5): true  // mourning for George H. W. Bush
        case (2025, 1, 9): true  // mourning for Jimmy Carter
        default: false
        }
    }

    /// Gregorian Easter, by the anonymous (Meeus, Jones, Butcher) algorithm.
    private static func easterSunday(of year: Int) -> CivilDate {
        let (century, yearOfCentury) = (year / 100, year % 100)
        let golden = year % 19
        let correction = (century + 8) / 25
        let moonShift = (century - correction + 1) / 3
        let epact = (19 * golden + century - century / 4 - moonShift + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4)
        let untilSunday = weekday % 7
        let late = (golden + 11 * epact + 22 * untilSunday) / 451
        let number = epact + untilSunday - 7 * late + 114
        guard let date = CivilDate(year: year, month: number / 31, day: number % 31 + 1) else {
            preconditionFailure("Easter falls in March or April, not on \(number) of \(year)")
        }
        return date
    }
}
