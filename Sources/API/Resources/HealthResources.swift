import Engine
import MarketModel
import Synchronization

/// `/health` and `/metrics`: how the program itself is.
final class HealthResources: Sendable {
    private let reader: MarketReader
    private let requests: RequestMetrics
    private let watch = Mutex(HealthWatch())

    init(reader: MarketReader, requests: RequestMetrics) {
        self.reader = reader
        self.requests = requests
    }

    var routes: [Route] {
        [
            .get("/health", { [self] (_) throws(Problem) in health() }),
            .get("/metrics", { [self] (_) throws(Problem) in metrics() }),
        ]
    }

    /// Once a second, so that what has to last is seen to last without anybody asking.
    func observe() {
        watch.withLock { $0.observe(reader.board.status, now: reader.now) }
    }

    private func health() -> Reply {
        let snapshot = reader.board.snapshot
        let status = reader.board.status
        let now = reader.now
        let isSessionOpen = snapshot.tickers.contains { reader.sessionIsOpen($0.market, now) }
        let health = watch.withLock { watch in
            watch.observe(status, now: now)
            return watch.health(
                status, hasSnapshot: snapshot.takenAt != .distantPast,
                isSessionOpen: isSessionOpen, staleAfter: reader.staleAfter, now: now)
        }
        let p99 = status.commitLatency
        let uptime = status.startedAt.map {
            max(0, reader.clock.now.duration(since: $0).milliseconds)
        }
        return Reply(
            [
                "status": .of(health.status.name),
                "reasons": .list(health.reasons.map { .text($0) }),
                "components": [
                    "feed": .component(health.feed), "kafka": .null,
                    "engine": .component(health.engine), "storage": .component(health.storage),
                    "news": .null, "dead_letters": .component(health.deadLetters),
                ],
                "feed_name": .of(status.feedName), "label": .of(status.label.rawValue),
                "consumer_lag": .null,
                "storage_latency_p99": p99.count > 0
                    ? .of(p99.p99.secondsAsDouble * 1000) : .null,
                "dead_letters": .of(status.deadLetterDepth),
                "warnings": .list(status.warnings.map { .text($0) }),
                "uptime_seconds": .of(uptime.map { $0 / 1000 }),
                "checked_at": .of(now),
            ], status: health.status == .unhealthy ? 503 : 200)
    }

    private func metrics() -> Reply {
        var text = PrometheusText()
        PipelineMetrics.write(reader.board.snapshot, reader.board.status, to: &text)
        requests.write(to: &text)
        return Reply(text: text.text, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}

extension JSON {
    fileprivate static func component(_ health: ComponentHealth) -> JSON {
        [
            "status": .of(health.status.name),
            "reasons": .list(health.reasons.map { .text($0) }),
        ]
    }
}
