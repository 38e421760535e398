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
            .get(
                "/health", "How the program is, and why.", answer: .json(.health),
                statuses: [503], isPublic: true,
                { [self] (_) throws(Problem) in
                    let (health, json) = reading()
                    return Reply(json, status: health.status == .unhealthy ? 503 : 200)
                }),
            .get(
                "/metrics", "The program's own figures for Prometheus.",
                answer: .text(contentType: PrometheusText.contentType),
                { [self] (_) throws(Problem) in metrics() }),
        ]
    }

    /// Once a second, so that what has to last is seen to last without anybody asking.
    func observe() {
        watch.withLock { $0.observe(reader.board.status, now: reader.now) }
    }

    /// The verdict at this moment, and all of it as it is told.
    func reading() -> (health: Health, json: JSON) {
        let snapshot = reader.board.snapshot
        let status = reader.board.status
        let now = reader.now
        let isSessionOpen = Set(snapshot.tickers.map(\.market)).contains {
            reader.sessionIsOpen($0, now)
        }
        let health = watch.withLock { watch in
            watch.observe(status, now: now)
            return watch.health(
                status, hasSnapshot: snapshot.takenAt != .distantPast,
                isSessionOpen: isSessionOpen, staleAfter: reader.staleAfter, now: now)
        }
        return (health, json(health, status, now: now))
    }

    private func json(_ health: Health, _ status: PipelineStatus, now: Timestamp) -> JSON {
        let p99 = status.commitLatency
        let uptime = status.startedAt.map {
            max(0, reader.clock.now.duration(since: $0).milliseconds)
        }
        return [
            "status": .of(health.status.name),
            "reasons": .list(health.reasons.map { .text($0) }),
            "components": [
                "feed": .component(health.feed),
                "kafka": health.kafka.map { .component($0) } ?? .null,
                "engine": .component(health.engine), "storage": .component(health.storage),
                "news": health.news.map { .component($0) } ?? .null,
                "dead_letters": .component(health.deadLetters),
            ],
            "feed_name": .of(status.feedName), "label": .of(status.label.rawValue),
            "consumer_lag": status.kafka?.lag.map { .of(Int($0)) } ?? .null,
            "storage_latency_p99": p99.count > 0 ? .of(p99.p99.secondsAsDouble * 1000) : .null,
            "dead_letters": .of(status.deadLetterDepth),
            "warnings": .list(status.warnings.map { .text($0) }),
            "uptime_seconds": .of(uptime.map { $0 / 1000 }),
            "checked_at": .of(now),
        ]
    }

    private func metrics() -> Reply {
        var text = PrometheusText()
        PipelineMetrics.write(reader.board.snapshot, reader.board.status, to: &text)
        requests.write(to: &text)
        return Reply(text: text.text, contentType: PrometheusText.contentType)
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

extension Schema {
    private static let component = Schema.nullable(
        .object(
            "ComponentHealth", [("status", statusName), ("reasons", .list(of: .text))]))
    private static let statusName = Schema.choice(["healthy", "degraded", "unhealthy"])

    static let health = Schema.object(
        "Health",
        [
            ("status", statusName), ("reasons", .list(of: .text)),
            (
                "components",
                .object(
                    "Components",
                    ["feed", "kafka", "engine", "storage", "news", "dead_letters"].map {
                        ($0, component)
                    })
            ),
            ("feed_name", .text), ("label", .choice(["LIVE", "DEMO", "REPLAY"])),
            ("consumer_lag", .nullable(.integer(0...Int.max))),
            ("storage_latency_p99", .nullable(.number)), ("dead_letters", .integer(0...Int.max)),
            ("warnings", .list(of: .text)), ("uptime_seconds", .nullable(.integer(0...Int.max))),
            ("checked_at", .timestamp),
        ])
}
