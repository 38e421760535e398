import MarketModel

/// When consumption rests: because commits take too long, or because too much waits to be stored.
///
/// A rest lasts at least `restMin`, and ends below the marks. What took long before a rest does not
/// begin the next one.
public struct BackPressure: Sendable {
    /// A commit's p99 over the last seconds that begins a rest.
    public var commitMax: Duration
    /// The share of its bound that the store's queue may be full.
    public var queueShareMax: Double
    public var restMin: Duration

    public private(set) var isResting = false
    /// How often it has rested.
    public private(set) var count = 0
    private var restedBefore: Int64 = 0
    private var restingSince: Int64 = 0
    private var commits: [(at: Int64, nanoseconds: Int64)] = []

    /// Commits older than this no longer count.
    private static let memory: Int64 = 3_000_000_000

    public init(commitMax: Duration, queueShareMax: Double, restMin: Duration) {
        self.commitMax = commitMax
        self.queueShareMax = queueShareMax
        self.restMin = restMin
    }

    /// A commit that held, `at` on the clock that never steps.
    public mutating func note(commit: Duration, at now: Int64) {
        commits.append((now, commit.nanoseconds))
        forget(before: now - BackPressure.memory)
    }

    /// Whether to rest now. `now` is on the clock that never steps.
    public mutating func decide(queueShare: Double, now: Int64) -> Bool {
        forget(before: now - BackPressure.memory)
        if isResting {
            let isOver = now - restingSince >= restMin.nanoseconds && queueShare < queueShareMax
            if isOver {
                isResting = false
                restedBefore += now - restingSince
                commits.removeAll()
            }
        } else if queueShare >= queueShareMax || commitP99 > commitMax.nanoseconds {
            isResting = true
            restingSince = now
            count += 1
        }
        return isResting
    }

    /// In all, the rest under way included.
    public func rested(now: Int64) -> Duration {
        .nanoseconds(restedBefore + (isResting ? now - restingSince : 0))
    }

    private var commitP99: Int64 {
        let sorted = commits.map(\.nanoseconds).sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }

    private mutating func forget(before limit: Int64) {
        commits.removeAll { $0.at < limit }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
