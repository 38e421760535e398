import MarketModel

/// How the store does, as of its last commit or its last failure.
public struct StoreStatus: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case ok
        /// Writing fails and is tried again; nothing is lost meanwhile, and the engine waits.
        case failing(reason: String)
        /// For good: the process has to end.
        case stopped(reason: String)
    }

    public var state = State.ok
    public var mark = CommitMark()
    public var eventsQueued = 0
    public var bytesQueued = 0
    /// How often `perform` had to wait.
    public var backpressureCount = 0
    public var commitCount: Int64 = 0
    public var storeBytes: Int64 = 0
    public var walBytes: Int64 = 0
    /// Letters that are not archived.
    public var deadLetterDepth = 0
    /// The size cap has taken trades earlier than their time to live.
    public var capReached = false

    public init() {}
}

/// One commit that holds.
public struct CommitReport: Sendable {
    public var mark: CommitMark
    public var events: Int
    /// From taking the batches to the end of the transaction, journal sync included.
    public var duration: Duration
    /// The wall clock when it held.
    public var durableAt: Timestamp
    /// What arrived with its events, for latency.
    public var arrivals: [Arrival]
}

/// What the writer tells the executable. Called on the writer's thread: be short.
public struct WriterReports: Sendable {
    public var committed: @Sendable (CommitReport) -> Void = { _ in }
    public var stateChanged: @Sendable (StoreStatus.State) -> Void = { _ in }
    /// The process must end with this message: a failed fsync, a damaged database, a fault of ours.
    public var fatal: @Sendable (String) -> Void = { _ in }
    /// An episode has been acknowledged in this store, or that was taken back. Called on the thread
    /// that asked for it.
    public var acknowledged: @Sendable (EpisodeReading) -> Void = { _ in }

    public init() {}
}
