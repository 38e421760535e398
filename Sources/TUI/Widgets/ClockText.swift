import Foundation
import MarketModel

/// Times as people read them, in the zone that was chosen.
struct ClockText: Sendable {
    let zone: ClockZone
    private let timeZone: TimeZone?

    /// `nil` where the machine has no time zones; UTC is shown then, and called so.
    private static let newYork = TimeZone(identifier: "America/New_York")
    private static let local = TimeZone.current

    init(zone: ClockZone) {
        self.zone = zone
        timeZone =
            switch zone {
            case .exchange: ClockText.newYork
            case .local: ClockText.local
            case .utc: nil
            }
    }

    /// `ET`, `UTC`, or what the local zone is called at that moment.
    func name(at time: Timestamp) -> String {
        switch zone {
        case .exchange: return timeZone == nil ? "UTC" : "ET"
        case .utc: return "UTC"
        case .local:
            let date = Date(timeIntervalSince1970: Double(time.secondsFloor))
            return timeZone?.abbreviation(for: date) ?? "local"
        }
    }

    /// `14:31:52`
    func time(_ time: Timestamp, seconds: Bool = true) -> String {
        ClockText.clock(time.secondsFloor + offset(time), seconds: seconds)
    }

    /// `01-02`
    func day(_ time: Timestamp) -> String {
        let days = (time.secondsFloor + offset(time)).flooredQuotient(86_400)
        return String(CivilDate(daysSince1970: days).description.suffix(5))
    }

    /// The time of today, the date of any other day.
    func short(_ time: Timestamp, now: Timestamp) -> String {
        day(time) == day(now) ? self.time(time) : day(time) + " " + self.time(time, seconds: false)
    }

    /// `18:31:52` in UTC.
    static func utc(_ time: Timestamp) -> String { clock(time.secondsFloor, seconds: true) }

    private func offset(_ time: Timestamp) -> Int64 {
        guard let timeZone, time != .distantPast else { return 0 }
        let date = Date(timeIntervalSince1970: Double(time.secondsFloor))
        return Int64(timeZone.secondsFromGMT(for: date))
    }

    private static func clock(_ seconds: Int64, seconds withSeconds: Bool) -> String {
        let ofDay = seconds - seconds.flooredQuotient(86_400) * 86_400
        let text = NumberText.padded(ofDay / 3600) + ":" + NumberText.padded(ofDay / 60 % 60)
        return withSeconds ? text + ":" + NumberText.padded(ofDay % 60) : text
    }
}
