/// What a source has to say when it is asked for more.
public enum SourceState: Equatable, Sendable {
    /// The batch holds events.
    case events
    /// Nothing arrived within the wait.
    case idle
    /// Nothing will arrive any more.
    case ended
}

/// Where the engine's events come from: a live feed behind its journal, a recording, a file of
/// frames.
///
/// Used by one thread, the engine's.
public protocol EventSource: AnyObject {
    /// Fills `batch` (emptied by the caller) with at most about `eventsMax` events, whole records
    /// only.
    ///
    /// Waits up to `wait` for the first event.
    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState
}

/// Where the engine's effects go. Waits when it is full: that is the back-pressure.
public protocol EventSink: AnyObject {
    /// Takes the effects of a stretch of the log, in log order.
    func perform(_ effects: consuming EffectBatch) throws

    /// The log position of a stored trade, for telling a duplicate from a late trade below the
    /// marks.
    ///
    /// Sees everything handed to `perform` before.
    func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition?
}

/// The time that decides nothing in the engine's state: receive stamps, ages, latency.
public protocol MarketClock: Sendable {
    var now: Timestamp { get }
}

/// What is stored, as readers see it: never SQL. Every call may block on a disk; none blocks the
/// writer.
public protocol MarketHistory: Sendable {
    /// Oldest first: the newest `limit` bars that start in `from..<to`.
    func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar]

    /// Of each ticker that has any, oldest first: the newest `limit` bars.
    func newestBars(_ symbols: [Symbol], interval: BarInterval, limit: Int) throws
        -> [Symbol: [Bar]]

    /// Newest first, before `before` when it is given.
    func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) throws -> [StoredTrade]

    /// Newest first.
    func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading]

    /// Newest first; of every ticker when `symbol` is `nil`.
    func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [ScoredArticle]

    /// Newest first, before `before` when it is given.
    func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter]
    func deadLetterCount() throws -> Int

    /// Newest first.
    func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector]

    /// Newest first; of every ticker when `symbol` is `nil`.
    func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [IndicatorSignal]

    /// In alphabetical order of ticker: of the companies that reference data have told of.
    func listings() throws -> [Listing]

    /// The newest quarter first.
    func earnings(_ symbol: Symbol) throws -> [EarningsReport]

    /// The episode after the change; `nil` when there is none with that id. Twice is the same as
    /// once.
    func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String) throws
        -> EpisodeReading?

    /// Undoes an acknowledgement; its history is kept.
    func unacknowledge(_ episodeID: String, by: String, at: Timestamp) throws -> EpisodeReading?

    /// Returns when the writer does not wait for its disk, after a twentieth of a second at most:
    /// for whoever makes large answers of what was read, on the processors that serve the disk.
    func stepAside()
}

extension MarketHistory {
    /// None, where no reference data are kept.
    public func listings() throws -> [Listing] { [] }

    /// None, where no reference data are kept.
    public func earnings(_ symbol: Symbol) throws -> [EarningsReport] { [] }

    /// At once, where no writer is near.
    public func stepAside() {}

    /// One ticker after the other.
    public func newestBars(_ symbols: [Symbol], interval: BarInterval, limit: Int) throws
        -> [Symbol: [Bar]]
    {
        var bars: [Symbol: [Bar]] = [:]
        for symbol in symbols {
            bars[symbol] = try self.bars(
                symbol, interval: interval, from: nil, to: nil, limit: limit)
        }
        return bars
    }

    /// The newest.
    public func deadLetters(limit: Int) throws -> [DeadLetter] {
        try deadLetters(before: nil, limit: limit)
    }
}

/// Which episodes to read. `nil` means any.
public struct EpisodeQuery: Equatable, Sendable {
    public var symbol: Symbol?
    /// Last hit at or after.
    public var since: Timestamp?
    public var isOpen: Bool?
    public var isAcknowledged: Bool?
    public var severity: Severity?
    public var kind: AnomalyKind?
    public var limit = 500

    public init() {}
}
