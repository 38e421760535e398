import Foundation
import MarketModel

/// Times as people read them, in the zone that was chosen.
struct ClockText: Sendable {
    let zone: ClockZone

    private static let local = TimeZone.current

    init(zone: ClockZone) { self.zone = zone }

    /// `ET`, `UTC`, or what the local zone is called at that moment.
    func name(at time: Timestamp) -> String {
        switch zone {
        case .exchange: return "ET"
        case .utc: return "UTC"
        case .local:
            let date = Date(timeIntervalSince1970: Double(time.secondsFloor))
            return ClockText.local.abbreviation(for: date) ?? "local"
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

    /// What a person means by `14:32`, `14:32:10`, `2026-01-02 14:32`, or, counted from `near`,
    /// `+30s`, `-5m`, `-1h`. Without a date it is that of `near`. `nil` for anything else.
    func moment(_ text: String, near: Timestamp) -> Timestamp? {
        if let first = text.first, first == "+" || first == "-" {
            let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
            guard let unit = text.last.flatMap({ units[$0] }),
                let count = Int64(text.dropFirst().dropLast()), (0..<1_000_000).contains(count)
            else { return nil }
            return near.advanced(by: .seconds(count * unit * (first == "+" ? 1 : -1)))
        }
        let words = text.split(separator: " ")
        guard let last = words.last, words.count <= 2 else { return nil }
        let parts = last.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard (2...3).contains(parts.count), let hours = parts[0], (0..<24).contains(hours),
            parts.dropFirst().allSatisfy({ (0..<60).contains($0 ?? -1) })
        else { return nil }
        let seconds = parts.reduce(0) { $0 * 60 + ($1 ?? 0) } * (parts.count == 2 ? 60 : 1)
        let day: Int64
        if words.count == 2 {
            let numbers = words[0].split(separator: "-").map { Int($0) ?? 0 }
            guard numbers.count == 3,
                let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
            else { return nil }
            day = date.daysSince1970
        } else {
            day = (near.secondsFloor + offset(near)).flooredQuotient(86_400)
        }
        let shown = day * 86_400 + seconds
        return Timestamp(seconds: shown - offset(Timestamp(seconds: shown - offset(near))))
    }

    private func offset(_ time: Timestamp) -> Int64 {
        guard time != .distantPast else { return 0 }
        switch zone {
        case .exchange: return Int64(NewYorkTime.offsetSeconds(at: time))
        case .utc: return 0
        case .local:
            let date = Date(timeIntervalSince1970: Double(time.secondsFloor))
            return Int64(ClockText.local.secondsFromGMT(for: date))
        }
    }

    private static func clock(_ seconds: Int64, seconds withSeconds: Bool) -> String {
        let ofDay = seconds - seconds.flooredQuotient(86_400) * 86_400
        let text = NumberText.padded(ofDay / 3600) + ":" + NumberText.padded(ofDay / 60 % 60)
        return withSeconds ? text + ":" + NumberText.padded(ofDay % 60) : text
    }
}
