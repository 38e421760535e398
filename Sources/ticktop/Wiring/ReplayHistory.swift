import Engine
import MarketModel

/// A store as it was at a moment of a replay: what it holds of later ones, because the replay had
/// been there before it went back, is left out.
struct ReplayHistory: MarketHistory {
    let stored: any MarketHistory
    /// Where the replay stands.
    let snapshot: @Sendable () -> MarketSnapshot

    /// How many rows of later moments are read past, of what cannot be asked for by its time.
    private static let laterMax = 4000

    private var now: Timestamp { snapshot().takenAt }

    func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        let now = now
        let length = Duration.seconds(interval.rawValue)
        return try stored.bars(
            symbol, interval: interval, from: from, to: min(to ?? now, now), limit: limit
        ).filter { $0.start.advanced(by: length) <= now }
    }

    func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) throws -> [StoredTrade] {
        let edge = snapshot().position
        return try stored.trades(symbol, before: min(before ?? edge, edge), limit: limit)
    }

    func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading] {
        let now = now
        return try stored.episodes(query).filter { $0.episode.firstAt <= now }.map { reading in
            var reading = reading
            if reading.episode.lastAt > now {
                reading.episode.lastAt = now
                reading.episode.isOpen = true
            }
            return reading
        }
    }

    func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [ScoredArticle] {
        let now = now
        let rows = try stored.articles(
            symbol, since: since, limit: limit + ReplayHistory.laterMax)
        return Array(rows.filter { $0.receivedAt <= now }.prefix(limit))
    }

    func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter] {
        try stored.deadLetters(before: before, limit: limit)
    }

    func deadLetterCount() throws -> Int { try stored.deadLetterCount() }

    func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] {
        let now = now
        let rows = try stored.features(symbol, limit: limit + ReplayHistory.laterMax)
        return Array(rows.filter { $0.updatedAt <= now }.prefix(limit))
    }

    func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [IndicatorSignal] {
        let now = now
        let rows = try stored.signals(
            symbol, since: since, limit: limit + ReplayHistory.laterMax)
        return Array(rows.filter { $0.at <= now }.prefix(limit))
    }

    func listings() throws -> [Listing] { try stored.listings() }

    /// As they are known at the end: a replay goes back in trades, not in companies' reports.
    func earnings(_ symbol: Symbol) throws -> [EarningsReport] { try stored.earnings(symbol) }

    func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String) throws
        -> EpisodeReading?
    {
        try stored.acknowledge(episodeID, by: by, at: at, note: note)
    }

    func unacknowledge(_ episodeID: String, by: String, at: Timestamp) throws -> EpisodeReading? {
        try stored.unacknowledge(episodeID, by: by, at: at)
    }

    func stepAside() { stored.stepAside() }
}
