/// A trade as it is stored.
public struct StoredTrade: Equatable, BitwiseCopyable, Sendable {
    public var trade: Trade
    public var source: FeedSource
    public var receivedAt: Timestamp
    public var position: LogPosition
    /// Behind its ticker's watermark by more than lateness: stored and counted, in no window and no
    /// bar.
    public var isLate: Bool

    @inlinable public init(
        trade: Trade, source: FeedSource, receivedAt: Timestamp, position: LogPosition, isLate: Bool
    ) {
        self.trade = trade
        self.source = source
        self.receivedAt = receivedAt
        self.position = position
        self.isLate = isLate
    }
}

/// A quote as it is stored: the last one of a second of a ticker, once that second is over.
public struct StoredQuote: Equatable, BitwiseCopyable, Sendable {
    public var quote: Quote
    public var source: FeedSource
    public var receivedAt: Timestamp
    public var position: LogPosition

    @inlinable public init(
        quote: Quote, source: FeedSource, receivedAt: Timestamp, position: LogPosition
    ) {
        self.quote = quote
        self.source = source
        self.receivedAt = receivedAt
        self.position = position
    }
}

/// A stretch of the log in which something was lost or nothing could arrive.
public struct FeedGap: Equatable, Sendable {
    public enum Kind: String, Sendable {
        /// Trade ids are missing where the feed promises none would be.
        case sequence
        /// The process or the connection was away.
        case outage
    }

    public var kind: Kind
    public var source: FeedSource
    /// `nil` for a whole feed.
    public var symbol: Symbol?
    public var from: Timestamp
    public var to: Timestamp
    /// First and last missing trade id; 0 for an outage.
    public var firstMissing: SequenceNumber
    public var lastMissing: SequenceNumber
    public var position: LogPosition

    public init(
        kind: Kind, source: FeedSource, symbol: Symbol?, from: Timestamp, to: Timestamp,
        firstMissing: SequenceNumber = 0, lastMissing: SequenceNumber = 0, position: LogPosition
    ) {
        self.kind = kind
        self.source = source
        self.symbol = symbol
        self.from = from
        self.to = to
        self.firstMissing = firstMissing
        self.lastMissing = lastMissing
        self.position = position
    }
}

/// Events with the same times, for measuring how long they took.
public struct Arrival: Equatable, BitwiseCopyable, Sendable {
    public var receivedAt: Timestamp
    /// The time that the events bear themselves; `nil` where the feed gives none.
    public var happenedAt: Timestamp?
    public var events: Int

    public init(receivedAt: Timestamp, happenedAt: Timestamp?, events: Int) {
        self.receivedAt = receivedAt
        self.happenedAt = happenedAt
        self.events = events
    }
}

/// Everything the engine wants stored because of a stretch of the log. Rows are in log order.
///
/// Stored in one transaction together with `through`, or not at all.
public struct EffectBatch: Sendable {
    public var trades: [StoredTrade] = []
    public var quotes: [StoredQuote] = []
    /// Upserts by (ticker, interval, start).
    public var bars: [Bar] = []
    /// One per ticker and second with an eligible trade: the last of that second.
    public var features: [FeatureVector] = []
    /// One with each feature vector, for others than the store; empty unless the state is asked to
    /// send them.
    public var aggregates: [TickerAggregate] = []
    /// Upserts by id.
    public var episodes: [Episode] = []
    /// Upserts by (ticker, interval, bar, kind).
    public var signals: [IndicatorSignal] = []
    public var articles: [ScoredArticle] = []
    public var deadLetters: [DeadLetter] = []
    /// What became of dead letters taken up again.
    public var retries: [RetryOutcome] = []
    public var gaps: [FeedGap] = []
    /// Upserts by ticker.
    public var listings: [Listing] = []
    /// Upserts by (ticker, fiscal year, quarter).
    public var earnings: [EarningsReport] = []
    /// The running totals at `through`, by source.
    public var counts: [(source: FeedSource, counts: SourceCounts)] = []
    /// The first of each ignored type, with the running total.
    public var ignored: [(type: String, count: Int64)] = []
    /// The largest engine time so far: the age of stored rows is measured against it.
    public var engineTime: Timestamp?
    /// Everything before this record edge is in this batch or an earlier one.
    public var through = LogPosition.start
    /// Of a log in partitions: the one that all of this is of. Counts and `through` are that
    /// partition's own.
    public var partition: Int32?
    /// Of a partition: its newest record before `through`.
    public var newestRecord: RecordMark?
    /// The latest receive time in the batch.
    public var receivedAtLast: Timestamp?
    /// What arrived while the program watched, for latency: no part of what is stored.
    public var arrivals: [Arrival] = []
    public var eventCount = 0

    public init() {}
}
