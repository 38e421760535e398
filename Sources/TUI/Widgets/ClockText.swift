import Foundation
import MarketModel

/// Times as people read them: the exchange's zone, or UTC.
enum ClockText {
    /// `nil` where the machine has no time zones; UTC is shown then, and called so.
    private static let newYork = TimeZone(identifier: "America/New_York")

    static var exchangeZone: String { newYork == nil ? "UTC" : "ET" }

    /// `14:31:52` in New York.
    static func exchange(_ time: Timestamp, seconds: Bool = true) -> String {
        clock(time.secondsFloor + exchangeOffset(time), seconds: seconds)
    }

    /// `18:31:52` in UTC.
    static func utc(_ time: Timestamp, seconds: Bool = true) -> String {
        clock(time.secondsFloor, seconds: seconds)
    }

    /// `01-02` in New York.
    static func exchangeDay(_ time: Timestamp) -> String {
        let days = (time.secondsFloor + exchangeOffset(time)).flooredQuotient(86_400)
        return String(CivilDate(daysSince1970: days).description.suffix(5))
    }

    /// The time of today, the date of any other day.
    static func exchangeShort(_ time: Timestamp, now: Timestamp) -> String {
        exchangeDay(time) == exchangeDay(now)
            ? exchange(time) : exchangeDay(time) + " " + String(exchange(time, seconds: false))
    }

    private static func exchangeOffset(_ time: Timestamp) -> Int64 {
        guard let newYork, time != .distantPast else { return 0 }
        let date = Date(timeIntervalSince1970: Double(time.secondsFloor))
        return Int64(newYork.secondsFromGMT(for: date))
    }

    private static func clock(_ seconds: Int64, seconds withSeconds: Bool) -> String {
        let ofDay = seconds - seconds.flooredQuotient(86_400) * 86_400
        let text = NumberText.padded(ofDay / 3600) + ":" + NumberText.padded(ofDay / 60 % 60)
        return withSeconds ? text + ":" + NumberText.padded(ofDay % 60) : text
    }
}
