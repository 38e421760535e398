import Analytics
import MarketModel

/// What is measured beside the state, by the machine's own clock: rate, latency, and the two
/// operational rules.
struct EngineGauges {
    private(set) var receivedPerSecond = 0.0
    private(set) var latency = LatencySummary()
    private(set) var findings = PipelineFindings()
    /// Of the newest event that a feed sent; clock records and the like do not count.
    private(set) var receivedAtLast: Timestamp?

    private var meter = LatencyMeter()
    private var rules: OperationalRules
    private var episodes: [Episode] = []
    private let startedAt: Timestamp
    private var received: Int64
    private var secondStart = SystemClock.monotonicNanoseconds
    /// When the watched feed was first seen live; `nil` while it is not.
    private var liveSince: Timestamp?
    private var watchedSecond = Int64.min

    /// What was received before `startedAt` comes from a journal: its latency is not this run's.
    init(rules: RuleSettings, startedAt: Timestamp, received: Int64) {
        self.startedAt = startedAt
        self.rules = OperationalRules(settings: rules)
        self.received = received
    }

    /// A batch has been applied. `appliedAt` is `nil` where receive times are not of this machine's
    /// clock.
    mutating func note(_ batch: EventBatch, appliedAt: Timestamp?) {
        let events = batch.events.span
        var index = 0
        while index < events.count {
            // The events of one frame share its receive time: recorded together.
            let receivedAt = events[index].receivedAt
            var isFromFeed = false
            let first = index
            while index < events.count, events[index].receivedAt == receivedAt {
                switch events[index].event {
                // Polled news has no receive time worth measuring against.
                case .clock, .notice, .article: break
                default: isFromFeed = true
                }
                index += 1
            }
            guard isFromFeed else { continue }
            receivedAtLast = max(receivedAtLast ?? .distantPast, receivedAt)
            if let appliedAt, receivedAt >= startedAt {
                let span = appliedAt.nanosecondsSince(receivedAt)
                meter.record(nanoseconds: span, count: index - first)
                findings.receiveToApplied.record(nanoseconds: span, times: Int64(index - first))
            }
        }
    }

    /// Effects are about to be handed on.
    mutating func note(_ effects: EffectBatch) { findings.count(effects) }

    /// Renews rate and percentiles, once a second.
    mutating func turn(received total: Int64) {
        let now = SystemClock.monotonicNanoseconds
        let elapsed = now - secondStart
        guard elapsed >= 1_000_000_000 else { return }
        receivedPerSecond = Double(total - received) * 1e9 / Double(elapsed)
        received = total
        secondStart = now
        latency = meter.summary
        meter.turnSecond()
    }

    /// Asks the operational rules, once a second of the clock.
    mutating func watch(
        _ feed: FeedSource, feedState: FeedState, now: Timestamp, at position: LogPosition
    ) {
        guard now.secondsFloor > watchedSecond else { return }
        watchedSecond = now.secondsFloor
        let isConnected = feedState == .live
        if !isConnected { liveSince = nil } else if liveSince == nil { liveSince = now }
        let lastEventAt = max(receivedAtLast ?? .distantPast, liveSince ?? now)
        episodes += rules.observe(
            feed: feed, isConnected: isConnected,
            isSessionOpen: TradingCalendar.phase(at: now, market: feed.market) == .regular,
            lastEventAt: lastEventAt, now: now, position: position)
        episodes += rules.observe(latencyP99: latency.p99, now: now, position: position)
    }

    var openEpisodes: [Episode] { rules.episodes }

    /// Operational episodes to be stored since the last call.
    mutating func takeEpisodes() -> [Episode] {
        defer { episodes.removeAll() }
        return episodes
    }
}
