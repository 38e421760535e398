extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-01-02T15:59:59.123Z`.
    public var description: String {
        let day = CivilDate(daysSince1970: secondsFloor.flooredQuotient(86_400))
        let second = secondsFloor - secondsFloor.flooredQuotient(86_400) * 86_400
        let fraction = (nanoseconds &- secondsFloor &* 1_000_000_000) / 1_000_000
        return "\(day)T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
            + ".\(padded(fraction, to: 3))Z"
    }

    /// Reads RFC 3339 (`Z` or an offset; up to nine fraction digits); `nil` for anything else, and
    /// beyond the range (the years 1677 to 2262).
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[13] == 58, bytes[16] == 58,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            let date = CivilDate(year: year, month: month, day: day),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        var nanoseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 48 && $0 <= 57 }
            guard (1...9).contains(digits.count), let value = number(digits) else { return nil }
            nanoseconds = (digits.count..<9).reduce(Int64(value)) { total, _ in total * 10 }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = offsetSeconds(Array(rest)) else { return nil }
        let clock = Int64(hour * 3600 + minute * 60 + second) - offset
        let (whole, isOver) = (date.daysSince1970 * 86_400 + clock)
            .multipliedReportingOverflow(by: 1_000_000_000)
        let (moment, isOverAtLast) = whole.addingReportingOverflow(nanoseconds)
        guard !isOver, !isOverAtLast else { return nil }
        self.init(nanoseconds: moment)
    }
}

private func padded(_ value: Int64, to width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
}

private func offsetSeconds(_ zone: [UInt8]) -> Int64? {
    if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
    guard zone.count == 6, zone[3] == 58, let hours = number(zone[1..<3]),
        let minutes = number(zone[4..<6]), hours < 24, minutes < 60
    else { return nil }
    let seconds = Int64(hours * 3600 + minutes * 60)
    switch zone[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
}
