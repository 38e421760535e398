import Engine
import MarketModel

enum HealthStatus: Int, Comparable {
    case healthy, degraded, unhealthy

    var name: String { String(describing: self) }

    static func < (left: HealthStatus, right: HealthStatus) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How one part of the pipeline is, and why.
struct ComponentHealth: Equatable {
    var status = HealthStatus.healthy
    var reasons: [String] = []

    mutating func note(_ status: HealthStatus, _ reason: String) {
        self.status = max(self.status, status)
        reasons.append(reason)
    }
}

/// The verdict at one moment.
struct Health: Equatable {
    var feed = ComponentHealth()
    /// `nil` when the log is not in Kafka.
    var kafka: ComponentHealth?
    var engine = ComponentHealth()
    var storage = ComponentHealth()
    /// `nil` when nobody is asked for news.
    var news: ComponentHealth?
    var deadLetters = ComponentHealth()

    var components: [(name: String, health: ComponentHealth)] {
        let always = [
            ("feed", feed), ("engine", engine), ("storage", storage), ("dead_letters", deadLetters),
        ]
        let some = [kafka.map { ("kafka", $0) }, news.map { ("news", $0) }]
        return always + some.compactMap { $0 }
    }

    var status: HealthStatus { components.map(\.health.status).max() ?? .healthy }
    var reasons: [String] {
        components.flatMap { part in part.health.reasons.map { "\(part.name): \($0)" } }
    }
}

/// Watches what has to last before it counts: storage that stays slow.
struct HealthWatch {
    static let storageSlow = Duration.milliseconds(50)
    static let storageVerySlow = Duration.milliseconds(100)
    static let storageVerySlowFor = Duration.seconds(60)
    static let deadLettersMax = 50
    static let silenceMax = Duration.seconds(30)
    static let newsSilenceMax = Duration.seconds(300)
    static let lagMax: Int64 = 5000
    static let lagFarTooLong: Int64 = 10_000

    private var verySlowSince: Timestamp?

    /// Called about once a second.
    mutating func observe(_ status: PipelineStatus, now: Timestamp) {
        let isVerySlow =
            status.commitLatency.count > 0
            && status.commitLatency.p99 > HealthWatch.storageVerySlow
        verySlowSince = isVerySlow ? verySlowSince ?? now : nil
    }

    func health(
        _ status: PipelineStatus, hasSnapshot: Bool, isSessionOpen: Bool, staleAfter: Duration,
        now: Timestamp
    ) -> Health {
        var health = Health()
        let silence = (status.lastEventReceivedAt ?? status.startedAt).map {
            now.duration(since: $0)
        }
        noteFeed(status.feed, silence: silence, isSessionOpen, staleAfter, &health.feed)
        if !hasSnapshot { health.engine.note(.unhealthy, "starting: no snapshot yet") }
        if isSessionOpen, status.feed != .ended, let silence, silence > HealthWatch.silenceMax {
            health.engine.note(
                .unhealthy, "nothing processed for \(silence.components.seconds) s")
        }
        noteStorage(status, &health.storage, now: now)
        health.kafka = status.kafka.map(HealthWatch.kafka)
        health.news = status.news.map { news($0, since: status.startedAt, now: now) }
        if status.deadLetterDepth > HealthWatch.deadLettersMax {
            health.deadLetters.note(
                .degraded, "\(status.deadLetterDepth) dead letters, more than 50")
        }
        return health
    }

    private func noteFeed(
        _ feed: FeedState, silence: Duration?, _ isSessionOpen: Bool, _ staleAfter: Duration,
        _ health: inout ComponentHealth
    ) {
        switch feed {
        case .starting: health.note(.degraded, "starting")
        case .connecting(let attempt): health.note(.degraded, "connecting, attempt \(attempt)")
        case .disconnected(let reason, _): health.note(.degraded, "disconnected: \(reason)")
        case .refused(let reason, let remedy):
            health.note(.degraded, "refused: \(reason); \(remedy)")
        case .live:
            guard isSessionOpen, let silence, silence > staleAfter else { return }
            health.note(.degraded, "stale: no event for \(silence.components.seconds) s")
        case .ended: break
        }
    }

    /// Passing trouble counts once it has kept news away for a while.
    private func news(_ news: NewsStatus, since start: Timestamp?, now: Timestamp)
        -> ComponentHealth
    {
        var health = ComponentHealth()
        switch news.state {
        case .refused(let reason, let remedy):
            health.note(.degraded, "refused: \(reason); \(remedy)")
        case .disconnected(let reason, _):
            let silence = (news.lastPollAt ?? start).map { now.duration(since: $0) }
            guard let silence, silence > HealthWatch.newsSilenceMax else { break }
            health.note(.degraded, "no answer for \(silence.components.seconds) s: \(reason)")
        case .starting, .connecting, .live, .ended: break
        }
        return health
    }

    private func noteStorage(
        _ status: PipelineStatus, _ health: inout ComponentHealth, now: Timestamp
    ) {
        if case .failing(let reason) = status.store {
            health.note(.unhealthy, "cannot be written: \(reason)")
        }
        let latency = status.commitLatency
        guard latency.count > 0, latency.p99 > HealthWatch.storageSlow else { return }
        let isLasting = verySlowSince.map {
            now.duration(since: $0) >= HealthWatch.storageVerySlowFor
        }
        if isLasting == true {
            health.note(.unhealthy, "p99 above 100 ms for 60 s")
        } else {
            health.note(.degraded, "p99 \(latency.p99.milliseconds) ms, above 50 ms")
        }
    }
}
