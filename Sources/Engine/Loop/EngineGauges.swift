import Analytics
import MarketModel

/// What is measured beside the state, by the machine's own clock: rate, latency, and the two
/// operational rules.
struct EngineGauges {
    private(set) var receivedPerSecond = 0.0
    private(set) var applied = ArrivalSummary()
    private(set) var findings = PipelineFindings()
    /// Of the newest event that a feed sent; clock records and the like do not count.
    private(set) var receivedAtLast: Timestamp?

    private var meter = ArrivalMeter()
    private var rules: OperationalRules
    private var episodes: [Episode] = []
    private let startedAt: Timestamp
    private var received: Int64
    private var secondStart = SystemClock.monotonicNanoseconds
    /// By feed: when its newest event was taken, or was received where times are not of this
    /// machine's clock.
    private var heard = InlineArray<8, Timestamp>(repeating: .distantPast)
    /// Feeds that the log says are not connected.
    private var down: Set<FeedSource> = []
    /// When the source was first seen live; `nil` while it is not.
    private var liveSince: Timestamp?
    private var watchedSecond = Int64.min

    /// What was received before `startedAt` comes from a journal: its latency is not this run's.
    init(rules: RuleSettings, startedAt: Timestamp, received: Int64) {
        self.startedAt = startedAt
        self.rules = OperationalRules(settings: rules)
        self.received = received
    }

    /// A batch has been applied; adds what arrived with it. `appliedAt` is `nil` where receive
    /// times are not of this machine's clock.
    mutating func note(_ batch: EventBatch, appliedAt: Timestamp?, into arrivals: inout [Arrival]) {
        for notice in batch.notices { note(notice) }
        let events = batch.events.span
        var index = 0
        while index < events.count {
            let source = Int(events[index].source.rawValue)
            // Events with the same times, as of one frame and millisecond, are recorded together.
            guard var arrival = Arrival(events[index]) else {
                index += 1
                continue
            }
            index += 1
            while index < events.count, let next = Arrival(events[index]),
                next.receivedAt == arrival.receivedAt, next.happenedAt == arrival.happenedAt
            {
                arrival.events += 1
                index += 1
            }
            receivedAtLast = max(receivedAtLast ?? .distantPast, arrival.receivedAt)
            heard[source] = max(heard[source], appliedAt ?? arrival.receivedAt)
            if let appliedAt, arrival.receivedAt >= startedAt {
                meter.record(arrival, doneAt: appliedAt)
                arrivals.append(arrival)
                findings.receiveToApplied.record(
                    nanoseconds: appliedAt.nanosecondsSince(arrival.receivedAt),
                    times: Int64(arrival.events))
            }
        }
    }

    private mutating func note(_ notice: Notice) {
        switch notice {
        case .connected(let feed): down.remove(feed)
        case .disconnected(let feed, _): down.insert(feed)
        default: break
        }
    }

    /// Effects are about to be handed on.
    mutating func note(_ effects: EffectBatch) { findings.count(effects) }

    /// A partition has come with, or gone with, what was received in it: that is no rate.
    mutating func noteReceivedBefore(_ count: Int64) { received += count }

    /// Renews rate and percentiles, once a second.
    mutating func turn(received total: Int64) {
        let now = SystemClock.monotonicNanoseconds
        let elapsed = now - secondStart
        guard elapsed >= 1_000_000_000 else { return }
        receivedPerSecond = Double(total - received) * 1e9 / Double(elapsed)
        received = total
        secondStart = now
        applied = meter.summary
        meter.turnSecond()
    }

    /// True once a second of the clock.
    mutating func isWatchDue(_ now: Timestamp) -> Bool {
        guard now.secondsFloor > watchedSecond else { return false }
        watchedSecond = now.secondsFloor
        return true
    }

    /// Asks the operational rules about each of the feeds. Silence is counted from when a feed's
    /// newest event was taken: a log that is behind is late, and not silent.
    mutating func watch(
        _ feeds: [FeedSource], isLive: Bool, now: Timestamp, at position: LogPosition
    ) {
        if !isLive { liveSince = nil } else if liveSince == nil { liveSince = now }
        for feed in feeds {
            let lastEventAt = max(heard[Int(feed.rawValue)], liveSince ?? now)
            episodes += rules.observe(
                feed: feed, isConnected: isLive && !down.contains(feed),
                isSessionOpen: TradingCalendar.phase(at: now, market: feed.market) == .regular,
                lastEventAt: lastEventAt, now: now, position: position)
        }
        episodes += rules.observe(latencyP99: applied.received.p99, now: now, position: position)
    }

    /// The feeds of a log that others write: those heard in this run; before the first of them,
    /// those that have ever been counted.
    func feeds(counted: [FeedSource]) -> [FeedSource] {
        let known = FeedSource.allCases.filter(\.isMarketFeed)
        let now = known.filter { heard[Int($0.rawValue)] != .distantPast }
        return now.isEmpty ? known.filter(counted.contains) : now
    }

    var openEpisodes: [Episode] { rules.episodes }

    /// Operational episodes to be stored since the last call.
    mutating func takeEpisodes() -> [Episode] {
        defer { episodes.removeAll() }
        return episodes
    }
}

extension Arrival {
    /// `nil` for what no feed sent at a time of its own: clock records, reference data, polled
    /// news.
    fileprivate init?(_ logged: LoggedEvent) {
        let happenedAt: Timestamp?
        switch logged.event {
        case .clock, .notice, .article: return nil
        case .trade(let trade): happenedAt = trade.executedAt
        // A quote that bears no time has been given that of its receipt.
        case .quote(let quote):
            happenedAt = quote.quotedAt == logged.receivedAt ? nil : quote.quotedAt
        default: happenedAt = nil
        }
        self.init(receivedAt: logged.receivedAt, happenedAt: happenedAt, events: 1)
    }
}
