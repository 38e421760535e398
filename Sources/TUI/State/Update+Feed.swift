import Engine
import MarketModel

extension ScreenState {
    /// There is something that can be paused: a replay that has not ended.
    var replaysNow: Bool {
        options.controls.replay != nil && status.label == .replay && status.feed != .ended
    }

    /// Commands to the feed: a replay's pace, a recording, a new connection.
    mutating func steerFeed(_ action: Action, _ now: Timestamp) -> [ScreenCommand] {
        switch action {
        case .record: return record(status.recording == nil, now)
        case .reconnect:
            guard options.controls.reconnect != nil else {
                say("nothing to connect to: R is for a provider's feed", now)
                return []
            }
            say("connecting anew", now)
            return [.reconnect]
        default: return steerReplay(action, now)
        }
    }

    private mutating func steerReplay(_ action: Action, _ now: Timestamp) -> [ScreenCommand] {
        guard options.controls.replay != nil else {
            say("this is no replay: `ticktop replay FILE` is", now)
            return []
        }
        guard replaysNow else {
            say("the replay has ended: \(gotoHint)", now)
            return []
        }
        frozen = nil
        switch action {
        case .step: return [.replay(.step)]
        case .faster: return changeSpeed(faster: true, now)
        case .slower: return changeSpeed(faster: false, now)
        default: return [.replay(.pause)]
        }
    }

    private var gotoHint: SafeText { ":goto -5m or :goto 09:30 goes back" }

    /// The usual speeds, slowest first; `nil` is as fast as it goes.
    static let speeds: [Double?] = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, nil]

    private mutating func changeSpeed(faster: Bool, _ now: Timestamp) -> [ScreenCommand] {
        let here = status.replay?.speed ?? .infinity
        let next: Double?
        if faster {
            next = ScreenState.speeds.first { $0 ?? .infinity > here } ?? nil
        } else {
            next = ScreenState.speeds.last { $0 ?? .infinity < here } ?? 0.25
        }
        say(SafeText("speed \(ScreenState.speedName(next))"), now)
        return [.replay(.speed(next))]
    }

    /// `60x`, `max`
    static func speedName(_ speed: Double?) -> String {
        guard let speed else { return "max" }
        return (speed == speed.rounded() ? String(Int64(speed)) : String(speed)) + "x"
    }

    /// `:speed 60`, `:speed max`. `nil` for what is no speed.
    mutating func setSpeed(_ text: String, _ now: Timestamp) -> [ScreenCommand]? {
        guard replaysNow else { return steerReplay(.faster, now) }
        let number = text.hasSuffix("x") ? String(text.dropLast()) : text
        if text == "max" {
            say("speed max", now)
            return [.replay(.speed(nil))]
        }
        guard let speed = Double(number), speed > 0, speed < 1e6 else { return nil }
        say(SafeText("speed \(ScreenState.speedName(speed))"), now)
        return [.replay(.speed(speed))]
    }

    mutating func record(_ on: Bool, _ now: Timestamp) -> [ScreenCommand] {
        guard options.controls.record != nil else {
            let reason: SafeText =
                status.label == .replay
                ? "a replay is a recording already" : "nothing is received here to record"
            say(reason, now)
            return []
        }
        return [.record(on)]
    }

    /// What `:goto` has behind it in a replay: a time, a distance, an anomaly. `nil` for what is
    /// none of these, such as a ticker.
    mutating func replayGoal(_ text: String, _ now: Timestamp) -> [ScreenCommand]? {
        guard options.controls.replay != nil, status.label == .replay else { return nil }
        let order: ReplayOrder
        switch text.lowercased() {
        case "anomaly":
            order = .nextAnomaly
            say("on to the next anomaly", now)
        case "selected":
            guard let episode = selectedEpisode?.episode else {
                say("no anomaly is selected", bad: true, now)
                return []
            }
            order = .goTo(episode.firstAt)
            say(SafeText("to \(clockName(episode.firstAt))"), now)
        default:
            guard let time = ClockText(zone: clockZone).moment(text, near: time(now)) else {
                return nil
            }
            order = .goTo(time)
            say(SafeText("to \(clockName(time))"), now)
        }
        frozen = nil
        return [.replay(order)]
    }

    private func clockName(_ time: Timestamp) -> String {
        let clock = ClockText(zone: clockZone)
        return "\(clock.short(time, now: self.time(time))) \(clock.name(at: time))"
    }

    /// The replay has gone back: nothing may be left on the screen of what lies ahead again.
    mutating func forgetLater() {
        series = nil
        tape = nil
        trends = [:]
        flashes = [:]
        featureHistory = nil
        storedArticles = []
        articles = []
        episodes = EpisodeList()
        rungFor = []
        rungVersion = nil
        askedAt = [:]
        sortedAt = .distantPast
    }
}
