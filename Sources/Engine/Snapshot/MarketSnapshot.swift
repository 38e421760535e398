import MarketModel

/// Everything readers see of the engine at one moment: a value, shared without locks once
/// published.
public struct MarketSnapshot: Sendable {
    /// By the receiving side's clock; the log's own time when a recording runs.
    public var takenAt: Timestamp
    /// Where the log stood.
    public var position: LogPosition
    /// In alphabetical order of ticker.
    public var tickers: [TickerSnapshot]
    public var counts: [SourceTally]
    /// Well-formed messages of a type that is not received, by type.
    public var ignored: [IgnoredTally]
    /// The newest episodes first; acknowledgements are joined by whoever reads the history.
    public var episodes: [Episode]
    /// The newest first.
    public var articles: [ScoredArticle]

    public init(
        takenAt: Timestamp = .distantPast, position: LogPosition = .start,
        tickers: [TickerSnapshot] = [], counts: [SourceTally] = [], ignored: [IgnoredTally] = [],
        episodes: [Episode] = [], articles: [ScoredArticle] = []
    ) {
        self.takenAt = takenAt
        self.position = position
        self.tickers = tickers
        self.counts = counts
        self.ignored = ignored
        self.episodes = episodes
        self.articles = articles
    }

    /// Binary search; `nil` for a ticker the log has not named.
    public func ticker(_ symbol: Symbol) -> TickerSnapshot? {
        var low = 0
        var high = tickers.count
        while low < high {
            let middle = (low + high) / 2
            if tickers[middle].symbol < symbol { low = middle + 1 } else { high = middle }
        }
        return low < tickers.count && tickers[low].symbol == symbol ? tickers[low] : nil
    }

    public var countsTotal: SourceCounts { counts.reduce(SourceCounts()) { $0 + $1.counts } }
}

public struct SourceTally: Equatable, Sendable {
    public var source: FeedSource
    public var counts: SourceCounts

    public init(source: FeedSource, counts: SourceCounts) {
        self.source = source
        self.counts = counts
    }
}

public struct IgnoredTally: Equatable, Sendable {
    public var type: String
    public var count: Int64

    public init(type: String, count: Int64) {
        self.type = type
        self.count = count
    }
}
