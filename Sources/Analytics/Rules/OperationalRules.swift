import MarketModel

/// What is watched by the wall clock, beside the engine: a feed that has gone silent, and a
/// pipeline that is slow.
///
/// Its episodes are stored and shown as the others are, but are no part of the engine's state or
/// its hash. Asked about once a second by whoever holds the clock; it reads none itself.
public struct OperationalRules: Sendable {
    /// A latency this many times the threshold is critical.
    private static let criticalRatio = 5.0

    private let settings: RuleSettings
    private var open: [OperationalEpisode] = []

    public init(settings: RuleSettings = RuleSettings()) { self.settings = settings }

    /// Looks at one feed. Not stale while it is down (`isConnected` false) or its market is closed.
    ///
    /// `lastEventAt` is when its newest event was received, or when it connected if none has been
    /// since.
    public mutating func observe(
        feed: FeedSource, isConnected: Bool, isSessionOpen: Bool, lastEventAt: Timestamp,
        now: Timestamp, position: LogPosition
    ) -> [Episode] {
        let silence = now.duration(since: lastEventAt)
        var hit: OperationalHit?
        let isSilent = silence.seconds > settings.staleFeedSeconds
        if settings.staleFeedIsOn, isConnected, isSessionOpen, isSilent {
            hit = OperationalHit(
                severity: .medium, score: silence.seconds,
                explanation: "no event from \(feed.name) for \(RuleHit.decimal(silence.seconds)) s "
                    + "(threshold \(RuleHit.decimal(settings.staleFeedSeconds)) s)")
        }
        return observe(.staleFeed, feed.name, hit, now: now, position: position)
    }

    /// Looks at the receive-to-applied p99 of the last ten seconds.
    public mutating func observe(
        latencyP99 latency: Duration, now: Timestamp, position: LogPosition
    )
        -> [Episode]
    {
        var hit: OperationalHit?
        let milliseconds = latency.seconds * 1000
        if settings.latencyIsOn, milliseconds > settings.latencyMilliseconds {
            let isCritical =
                milliseconds >= OperationalRules.criticalRatio * settings.latencyMilliseconds
            hit = OperationalHit(
                severity: isCritical ? .critical : .high, score: milliseconds,
                explanation: "receive-to-applied p99 is \(RuleHit.decimal(milliseconds)) ms "
                    + "over the last 10 s (threshold "
                    + "\(RuleHit.decimal(settings.latencyMilliseconds)) ms)"
            )
        }
        return observe(.latency, "engine", hit, now: now, position: position)
    }

    /// The open episodes, oldest first.
    public var episodes: [Episode] { open.map(\.episode) }

    private mutating func observe(
        _ kind: AnomalyKind, _ subject: String, _ hit: OperationalHit?, now: Timestamp,
        position: LogPosition
    ) -> [Episode] {
        var sent: [Episode] = []
        var index = open.firstIndex { $0.episode.kind == kind && $0.subject == subject }
        if let found = index, open[found].isOver(at: now) {
            open[found].episode.isOpen = false
            open[found].episode.position = position
            sent.append(open[found].episode)
            open.remove(at: found)
            index = nil
        }
        guard let hit else { return sent }
        if let index {
            open[index].add(hit, at: now, position: position)
            sent.append(open[index].episode)
        } else {
            let opened = OperationalEpisode(kind, subject, hit, at: now, position: position)
            open.append(opened)
            sent.append(opened.episode)
        }
        return sent
    }
}

private struct OperationalHit {
    var severity: Severity
    var score: Double
    var explanation: String
}

/// An open operational episode: grouped as the engine's are, but in wall-clock time.
private struct OperationalEpisode {
    let subject: String
    var episode: Episode

    init(
        _ kind: AnomalyKind, _ subject: String, _ hit: OperationalHit, at now: Timestamp,
        position: LogPosition
    ) {
        self.subject = subject
        episode = Episode(
            id: "\(kind.rawValue)-\(subject)-\(now.nanoseconds)", kind: kind, symbol: nil,
            severity: hit.severity, firstAt: now, lastAt: now, hits: 1, worstScore: hit.score,
            features: nil, explanation: hit.explanation, isOpen: true, position: position)
    }

    func isOver(at now: Timestamp) -> Bool {
        now.duration(since: episode.lastAt) > OpenEpisode.quietMax
            || now.duration(since: episode.firstAt) >= OpenEpisode.ageMax
    }

    mutating func add(_ hit: OperationalHit, at now: Timestamp, position: LogPosition) {
        episode.hits += 1
        episode.lastAt = now
        episode.position = position
        episode.severity = max(episode.severity, hit.severity)
        if hit.score > episode.worstScore {
            episode.worstScore = hit.score
            episode.explanation = hit.explanation
        }
    }
}

extension Duration {
    /// For statistics and texts only.
    var seconds: Double {
        let (whole, attoseconds) = components
        return Double(whole) + Double(attoseconds) * 1e-18
    }
}
