/// A calendar day (Gregorian), without a time zone.
public struct CivilDate: Hashable, Comparable, BitwiseCopyable, Sendable {
    public let daysSince1970: Int64

    public init(daysSince1970: Int64) { self.daysSince1970 = daysSince1970 }

    /// `nil` for a day that does not exist, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let monthOfYear = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthOfYear + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSince1970: era * 146_097 + dayOfEra - 719_468)
        let parts = self.parts
        guard parts.year == year, parts.month == month, parts.day == day else { return nil }
    }

    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// Year, month and day, by the method of days since 0000-03-01 (proleptic Gregorian calendar).
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthOfYear = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * monthOfYear + 2) / 5 + 1)
        let month = Int(monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9)
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day)
    }

    /// 0 is Monday, 6 is Sunday.
    public var weekday: Int {
        let days = daysSince1970 + 3  // 1970-01-01 was a Thursday.
        return Int(days - days.flooredQuotient(7) * 7)
    }

    public func adding(days: Int64) -> CivilDate { CivilDate(daysSince1970: daysSince1970 + days) }
}

extension CivilDate {
    /// `2026-01-02`; `nil` for any other text, and for a day that does not exist.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-01-02`.
    public var description: String {
        let (year, month, day) = parts
        let yearText = String(year)
        let zeros = String(repeating: "0", count: max(0, 4 - yearText.utf8.count))
        return "\(zeros)\(yearText)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

extension Int64 {
    /// Division rounded towards minus infinity.
    @inlinable public func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
