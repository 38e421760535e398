import Engine
import MarketModel

/// The top line: what feed this is, whether it lives, how fast, what time, what waits for a person.
struct Header {
    let scene: Scene

    private struct Part {
        var text: SafeText
        var style: Style
        /// The highest goes first when the line is too short.
        var rank: Int
        /// Shown where there is no room for it in full.
        var short: SafeText?
        var isRight = false
        /// Shown only when everything else is there in full.
        var isExtra = false
    }

    func draw(on grid: inout CellGrid) {
        let parts: [Part?] = [
            label, attached, state, recording, rate, lag, link, shed, group, session, exchangeClock,
            utcClock,
            feedName,
        ]
        let all = parts.compactMap { $0 } + [unacknowledged(isShort: grid.width < 100), help]
        let shown = fitting(all, width: grid.width)
        let left = shown.filter { !$0.isRight }
        let right = shown.filter(\.isRight)
        grid.fill(Rect(x: 0, y: 0, width: grid.width, height: 1), look[.header])
        var x = grid.text(label.text, x: 0, y: 0, label.style)
        for (index, part) in left.dropFirst().enumerated() {
            x = grid.text(index == 0 ? " " : " │ ", x: x, y: 0, look[.border])
            x = grid.text(part.text, x: x, y: 0, part.style)
        }
        var end = grid.width - 1
        for part in right.reversed() {
            grid.text(part.text, x: max(x + 1, end - part.text.width), y: 0, part.style)
            end -= part.text.width + 2
        }
    }

    private var look: Look { scene.look }
    private var status: PipelineStatus { scene.state.status }

    /// By rank, every part first in its short form, then in full, then the extras, as long as the
    /// line holds.
    private func fitting(_ parts: [Part], width: Int) -> [Part] {
        let order = parts.indices.sorted { (parts[$0].rank, $0) < (parts[$1].rank, $1) }
        var texts: [SafeText?] = Array(repeating: nil, count: parts.count)
        var used = -2
        /// Takes the text instead of what was there, if the line still holds all.
        func take(_ text: SafeText, _ index: Int) {
            let more = text.width - (texts[index].map { $0.width } ?? -3)
            guard used + more <= width else { return }
            texts[index] = text
            used += more
        }
        for index in order where !parts[index].isExtra {
            take(parts[index].short ?? parts[index].text, index)
        }
        for index in order where texts[index] != nil { take(parts[index].text, index) }
        for index in order where parts[index].isExtra { take(parts[index].text, index) }
        return zip(parts, texts).compactMap { part, text in
            text.map { text in
                var part = part
                part.text = text
                return part
            }
        }
    }

    private var label: Part {
        let style: Style =
            switch status.label {
            case .live: look[.live]
            case .demo: look[.demo]
            case .replay: look[.replay]
            }
        return Part(text: SafeText(" ■ \(status.label.rawValue) "), style: style, rank: 0)
    }

    private var attached: Part? {
        guard let attachment = status.attachment else { return nil }
        return Part(
            text: SafeText("ATTACHED \(attachment.server)").truncated(to: 50), style: look[.header],
            rank: 3, short: "ATTACHED")
    }

    private var state: Part {
        if let replay = status.replay { return state(of: replay) }
        return stateOfFeed
    }

    private var stateOfFeed: Part {
        let isDetached = scene.state.isDetached
        return switch isDetached ? status.attachment?.state ?? status.feed : status.feed {
        case .starting:
            Part(text: scene.isOpening ? "opening" : "starting", style: look[.warn], rank: 2)
        case .connecting(let attempt):
            Part(
                text: SafeText("connecting #\(attempt)"), style: look[.warn], rank: 2, short: "conn"
            )
        case .live: Part(text: "connected", style: look[.ok], rank: 4, short: "ok")
        case .disconnected:
            Part(text: "DISCONNECTED", style: look[.bad], rank: 1, short: "DOWN")
        case .refused: Part(text: "REFUSED", style: look[.bad], rank: 0)
        case .ended: Part(text: "ended", style: look[.ok], rank: 2)
        }
    }

    /// Where the recording stands and how it runs.
    private func state(of replay: ReplayStatus) -> Part {
        let share = NumberText.fixed(100 * replay.share, places: 0, unit: "%")
        let (pace, slot): (String, Slot) =
            switch replay.goal {
            case .anomaly?: ("to the next anomaly", .warn)
            case .time(let time)?: ("to \(scene.clock.time(time))", .warn)
            case nil where status.feed == .ended: ("ended", .ok)
            case nil where replay.isPaused: ("PAUSED", .warn)
            case nil: (ScreenState.speedName(replay.speed), .ok)
            }
        return Part(
            text: SafeText("\(pace) \(share)"), style: look[slot], rank: 1,
            short: SafeText(replay.isPaused ? "PAUSED" : share))
    }

    private var recording: Part? {
        guard let recording = status.recording else { return nil }
        return Part(
            text: SafeText("REC \(NumberText.bytes(recording.bytes))"), style: look[.bad], rank: 1,
            short: "REC")
    }

    private var rate: Part {
        let perSecond = NumberText.scaled(status.receivedPerSecond.rounded())
        return Part(
            text: SafeText("\(perSecond) msg/s"), style: look[.header], rank: 2,
            short: SafeText("\(perSecond)/s"))
    }

    private var lag: Part? {
        guard status.receiveToApplied.count > 0 else { return nil }
        let p99 = NumberText.latency(status.receiveToApplied.p99)
        let isSlow = status.receiveToApplied.p99 > .milliseconds(100)
        return Part(
            text: SafeText("lag p99 \(p99)"), style: look[isSlow ? .warn : .header], rank: 5,
            short: SafeText(p99))
    }

    /// Frames reach the screen late: fewer are sent.
    private var link: Part? {
        guard let lag = scene.state.pulse.paint.lag, lag > PaintCost.lagMax else { return nil }
        return Part(
            text: SafeText("link \(NumberText.latency(lag))"), style: look[.warn], rank: 2)
    }

    private var shed: Part? {
        let count = scene.market.countsTotal.shed
        guard count > 0 else { return nil }
        return Part(
            text: SafeText("shed \(NumberText.scaled(Double(count)))"), style: look[.warn], rank: 5)
    }

    private var group: Part? {
        guard let group = scene.state.group else { return nil }
        return Part(
            text: SafeText("WATCH \(group.name) (\(group.symbols.count))"), style: look[.header],
            rank: 8, short: SafeText(group.name))
    }

    private var session: Part? {
        let session = scene.state.session
        guard !session.label.isEmpty else { return nil }
        let change = session.change.map {
            " \($0.verb) \(NumberText.span($0.at.duration(since: scene.time)))"
        }
        return Part(
            text: SafeText(session.label + (change ?? "")),
            style: look[session.isOpen ? .header : .warn], rank: 6, short: SafeText(session.label))
    }

    private var exchangeClock: Part {
        Part(
            text: SafeText("\(scene.clock.time(scene.clockTime)) \(zone)"),
            style: look[.header], rank: 3,
            short: SafeText(
                scene.clock.time(scene.clockTime, seconds: false) + " \(zone)"))
    }

    private var zone: String { scene.clock.name(at: scene.clockTime) }

    private var utcClock: Part? {
        guard zone != "UTC" else { return nil }
        return Part(
            text: SafeText("\(ClockText.utc(scene.clockTime)) UTC"), style: look[.dim], rank: 10,
            isExtra: true)
    }

    private var feedName: Part? {
        status.feedName.isEmpty
            ? nil
            : Part(
                text: SafeText(status.feedName).truncated(to: 40), style: look[.dim], rank: 11,
                isExtra: true)
    }

    private func unacknowledged(isShort: Bool) -> Part {
        let count = scene.unacknowledgedCount
        return Part(
            text: SafeText(isShort ? "⚠\(count)" : "⚠ \(count) unacked"),
            style: look[count > 0 ? .warn : .dim], rank: 1, isRight: true)
    }

    private var help: Part {
        Part(text: "? help", style: look[.dim], rank: 7, isRight: true)
    }
}

extension Scene {
    /// What the header's clock reads: the log's time when a recording runs, else the wall clock,
    /// frozen or not.
    var clockTime: Timestamp { state.runningTime(now) }
}

extension Header {
    /// All that the line is made of.
    struct Inputs: Equatable {
        private var width: Int
        private var label: FeedLabel
        private var feed: FeedState
        private var feedName: String
        private var isOpening: Bool
        private var attachment: Attachment?
        private var replay: ReplayStatus?
        private var recording: RecordingStatus?
        private var perSecond: Double
        private var lag: LatencySummary
        private var linkLag: Duration?
        private var shed: Int64
        private var group: WatchlistGroup?
        private var session: String
        private var isOpen: Bool
        private var change: String?
        private var untilChange: Int64?
        private var second: Int64
        private var zone: ClockZone
        private var unacknowledged: Int

        init(_ scene: Scene, width: Int) {
            let (state, status) = (scene.state, scene.state.status)
            self.width = width
            label = status.label
            feed = status.feed
            feedName = status.feedName
            isOpening = scene.isOpening
            attachment = status.attachment
            replay = status.replay
            recording = status.recording
            perSecond = status.receivedPerSecond
            lag = status.receiveToApplied
            linkLag = state.pulse.paint.lag.flatMap { $0 > PaintCost.lagMax ? $0 : nil }
            shed = scene.market.countsTotal.shed
            group = state.group
            session = state.session.label
            isOpen = state.session.isOpen
            change = state.session.change?.verb
            untilChange = state.session.change.map {
                $0.at.duration(since: scene.time).components.seconds
            }
            second = scene.clockTime.secondsFloor
            zone = scene.clock.zone
            unacknowledged = scene.unacknowledgedCount
        }
    }
}
