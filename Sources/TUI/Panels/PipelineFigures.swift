import Engine
import MarketModel

/// What the pipeline pane says, line by line, without how it looks.
struct PipelineFigures {
    let state: ScreenState
    let now: Timestamp

    struct Line {
        var label: SafeText
        var text: SafeText
        var health = Health.ok
        var word: SafeText = ""
    }

    enum Health { case ok, warn, bad }

    private var status: PipelineStatus { state.status }
    private var counts: SourceCounts { state.painted.countsTotal }

    var lines: [Line] {
        [feed] + kafka + (status.isViewer ? viewed : [rate, latency, durable] + received + ignored)
            + [
                dead, queue, store, commit, api, news, paint, trouble, recovery,
            ].compactMap { $0 } + status.warnings.map { warning($0) }
    }

    private var feed: Line {
        var line = Line(label: "feed", text: SafeText(status.feedName), word: "ok")
        switch status.feed {
        case .starting: line.word = "starting"
        case .connecting(let attempt):
            line.word = SafeText("try \(attempt)")
            line.health = .warn
        case .live: break
        case .disconnected:
            line.word = "DOWN"
            line.health = .bad
        case .refused:
            line.word = "REFUSED"
            line.health = .bad
        case .ended: line.word = "ended"
        }
        return line
    }

    /// What was received, and how fast, each engine knows of its own.
    private var viewed: [Line] {
        let count = state.painted.tickers.count
        return [
            Line(
                label: "viewer", text: SafeText("\(count) tickers as engines tell them"), word: "ok"
            ),
            Line(label: "received", text: "— engines count it: /metrics of each"),
        ]
    }

    private var rate: Line {
        let perSecond = NumberText.scaled(status.receivedPerSecond.rounded())
        let spark = Sparkline.text(state.pulse.samples.suffix(60).map(\.perSecond), width: 16)
        return Line(label: "receive", text: SafeText("\(perSecond)/s ") + spark, word: "ok")
    }

    private var latency: Line {
        percentiles("→ applied", status.receiveToApplied, limit: .milliseconds(100))
    }

    private var durable: Line {
        percentiles("→ durable", status.receiveToDurable, limit: .milliseconds(500))
    }

    private func percentiles(_ label: SafeText, _ summary: LatencySummary, limit: Duration) -> Line
    {
        guard summary.count > 0 else { return Line(label: label, text: "—") }
        let text =
            "p50 \(NumberText.latency(summary.p50)) p99 \(NumberText.latency(summary.p99)) "
            + "max \(NumberText.latency(summary.max))"
        let isSlow = summary.p99 > limit
        return Line(
            label: label, text: SafeText(text), health: isSlow ? .warn : .ok,
            word: isSlow ? "SLOW" : "ok")
    }

    /// The sum and its parts: they must agree to the last message.
    private var received: [Line] {
        let others =
            "\(NumberText.grouped(counts.duplicate)) dup \(NumberText.grouped(counts.late)) late "
            + "\(NumberText.grouped(counts.deadLettered)) dead "
            + "\(NumberText.grouped(counts.shed)) shed"
        return [
            Line(
                label: "received", text: SafeText(NumberText.grouped(counts.received)),
                health: counts.isConserved ? .ok : .bad,
                word: counts.isConserved ? "exact" : "LOST"),
            Line(label: "= applied", text: SafeText(NumberText.grouped(counts.applied))),
            Line(
                label: "+ others", text: SafeText(others), health: counts.shed > 0 ? .warn : .ok,
                word: counts.shed > 0 ? "SHED" : ""),
        ]
    }

    private var ignored: [Line] {
        let total = state.painted.ignored.reduce(Int64(0)) { $0 + $1.count }
        guard total > 0 else { return [] }
        let types = state.painted.ignored.prefix(3).map { "\($0.type) \($0.count)" }
        return [Line(label: "ignored", text: SafeText(types.joined(separator: ", ")))]
    }

    private var dead: Line {
        let count = status.deadLetterDepth
        return Line(
            label: "dead", text: SafeText("\(NumberText.grouped(Int64(count))) letters kept"),
            health: count > 50 ? .warn : .ok, word: count > 50 ? "WARN" : "ok")
    }

    private var queue: Line {
        let share = Double(status.queueBytes) / Double(max(1, status.queueBytesMax))
        let waits =
            status.backpressureCount > 0 ? " · waited \(status.backpressureCount)×" : ""
        return Line(
            label: "queue",
            text: SafeText(
                "\(NumberText.bytes(Int64(status.queueBytes))) of "
                    + "\(NumberText.bytes(Int64(status.queueBytesMax)))\(waits)"),
            health: share > 0.8 ? .warn : .ok, word: share > 0.8 ? "FULL" : "ok")
    }

    private var store: Line {
        var text =
            "\(NumberText.bytes(status.storeBytes)) wal \(NumberText.bytes(status.walBytes))"
        if status.journalBytes > 0 { text += " log \(NumberText.bytes(status.journalBytes))" }
        if status.storeCapReached { text += " · cap reached" }
        if case .failing = status.store {
            return Line(label: "store", text: SafeText(text), health: .bad, word: "BAD")
        }
        return Line(
            label: "store", text: SafeText(text), health: status.storeCapReached ? .warn : .ok,
            word: status.storeCapReached ? "CAP" : "ok")
    }

    private var commit: Line {
        percentiles("commit", status.commitLatency, limit: .milliseconds(50))
    }

    private var api: Line {
        if let error = status.apiError {
            return Line(label: "api", text: SafeText(error), health: .warn, word: "WARN")
        }
        return Line(
            label: "api", text: SafeText(status.apiAddress.isEmpty ? "—" : status.apiAddress),
            word: status.apiAddress.isEmpty ? "off" : "ok")
    }

    private var paint: Line? {
        let paint = state.pulse.paint
        guard paint.framesPerSecond > 0 else { return nil }
        let isSlow =
            paint.time > .milliseconds(30) || paint.lag ?? .zero > PaintCost.lagMax
        let text =
            "\(NumberText.fixed(paint.framesPerSecond, places: 1))/s "
            + "\(NumberText.latency(paint.time)) "
            + "\(NumberText.bytes(Int64(paint.bytes)))"
            + (paint.lag.map { " link \(NumberText.latency($0))" } ?? "")
        return Line(
            label: "paint", text: SafeText(text), health: isSlow ? .warn : .ok,
            word: isSlow ? "SLOW" : "ok")
    }

    private var trouble: Line? {
        guard status.reconnects > 0 else { return nil }
        return Line(
            label: "reconn.", text: SafeText("\(status.reconnects) since start"), health: .ok)
    }

    private var news: Line? {
        guard let news = status.news else { return nil }
        let asked = news.lastPollAt.map { " · \(NumberText.age(now.duration(since: $0))) ago" }
        let errors = news.errors > 0 ? " · \(NumberText.grouped(news.errors)) errors" : ""
        let text = "\(news.provider) \(NumberText.grouped(news.articles))\(asked ?? "")\(errors)"
        var line = Line(label: "news", text: SafeText(text), word: "ok")
        switch news.state {
        case .starting, .connecting: line.word = "starting"
        case .live: break
        case .disconnected:
            line.word = "WAITS"
            line.health = .warn
        case .refused:
            line.word = "REFUSED"
            line.health = .bad
        case .ended: line.word = "ended"
        }
        return line
    }

    private var recovery: Line? {
        guard !status.recoveryNote.isEmpty else { return nil }
        return Line(label: "recovery", text: SafeText(status.recoveryNote))
    }

    private func warning(_ text: String) -> Line {
        Line(label: "warning", text: SafeText(text), health: .warn, word: "WARN")
    }
}
