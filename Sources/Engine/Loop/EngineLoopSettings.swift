import MarketModel

/// How the engine's thread paces itself.
public struct EngineLoopSettings: Sendable {
    /// About how many events the source is asked for at a time.
    public var batchEventsMax = 4096
    /// Effects are handed on when they stem from this many events ...
    public var flushEventsMax = 4096
    /// ... or when this has passed, or when the source has nothing more.
    public var flushInterval = Duration.milliseconds(2)
    public var publishInterval = Duration.milliseconds(100)
    /// Between two snapshots, however long one took.
    public var publishIntervalMax = Duration.seconds(1)
    public var checkpointInterval = Duration.seconds(10)
    /// The feed that `stale_feed` watches; `nil` when nothing is watched, as in a replay.
    public var watchedFeed: FeedSource?
    /// Watches each feed that the log has events of: whose they are, only the log says.
    public var watchesFeedsOfLog = false
    /// Receive times are of this machine's clock: latency can be measured, and snapshots bear the
    /// clock's time.
    ///
    /// False for recordings and files, whose snapshots bear the log's own time.
    public var isLive = true

    public init() {}
}

/// A copy of the state at a record edge.
public struct EngineCheckpoint: Sendable {
    /// Of a log in partitions: the one whose state this is.
    public var partition: Int32?
    /// Of a partition: its newest record before `position`.
    public var newestRecord: RecordMark?
    public var position: LogPosition
    public var engineTime: Timestamp?
    /// What `EngineState.decoded` reads.
    public var bytes: [UInt8]

    public var stateHash: String { EngineState.hash(of: bytes) }
}

/// How the engine's thread came to its end.
public struct EngineLoopEnd: Sendable {
    public enum Reason: Sendable {
        /// The source had nothing more to give.
        case sourceEnded
        /// `stop` was called.
        case stopped
        /// The source, the store or the look-up of a stored trade failed.
        case failed(any Error)
    }

    public var reason: Reason
    public var counts: SourceCounts
    /// The state at the end, of each partition that was still open; its effects have been handed
    /// on, except after a failure.
    public var checkpoints: [EngineCheckpoint]
    /// The same for a log without partitions.
    public var checkpoint: EngineCheckpoint { checkpoints[0] }
}
