import MarketModel

/// The market as others have computed it: figures, quotes, episodes and articles by their newest
/// telling, whoever told them. What comes again, or late, changes nothing.
public struct ViewedMarket {
    private var tickers: [Symbol: TickerSnapshot] = [:]
    private var aggregatedAt: [Symbol: LogPosition] = [:]
    private var quotedAt: [Symbol: LogPosition] = [:]
    private var episodes: [String: Episode] = [:]
    private var articles: [ScoredArticle] = []
    private var newest = LogPosition.start

    static let articlesMax = 100
    static let closedEpisodesMax = 200

    public init() {}

    public mutating func apply(_ aggregate: TickerAggregate) {
        let symbol = aggregate.symbol
        if let known = aggregatedAt[symbol], aggregate.position < known { return }
        aggregatedAt[symbol] = aggregate.position
        var ticker =
            tickers[symbol] ?? TickerSnapshot(symbol: symbol, market: aggregate.market)
        ticker.market = aggregate.market
        ticker.figures = aggregate.figures
        ticker.lastTrade = aggregate.lastTrade
        ticker.lastPrint = aggregate.lastTrade
        ticker.receivedAt = aggregate.receivedAt ?? ticker.receivedAt
        ticker.sessionHigh = aggregate.sessionHigh
        ticker.sessionLow = aggregate.sessionLow
        ticker.sessionTradeCount = aggregate.sessionTradeCount
        var vector = FeatureVector(
            symbol: symbol, updatedAt: aggregate.lastTrade.executedAt,
            position: aggregate.position, size: aggregate.lastTrade.size,
            figures: aggregate.figures)
        vector.modelVersion = aggregate.modelVersion
        ticker.features = vector
        tickers[symbol] = ticker
        newest = max(newest, aggregate.position)
    }

    /// A quote of a ticker that nobody has told figures of yet shows it all the same.
    public mutating func apply(_ stored: StoredQuote) {
        let symbol = stored.quote.symbol
        if let known = quotedAt[symbol], stored.position < known { return }
        quotedAt[symbol] = stored.position
        var ticker =
            tickers[symbol] ?? TickerSnapshot(symbol: symbol, market: stored.source.market)
        ticker.quote = stored.quote
        ticker.receivedAt = max(ticker.receivedAt ?? .distantPast, stored.receivedAt)
        tickers[symbol] = ticker
    }

    public mutating func apply(_ episode: Episode) {
        if let known = episodes[episode.id], episode.position < known.position { return }
        episodes[episode.id] = episode
        let closed = episodes.values.filter { !$0.isOpen }
        guard closed.count > 2 * ViewedMarket.closedEpisodesMax else { return }
        for old in closed.sorted(by: { $0.lastAt > $1.lastAt })
            .dropFirst(ViewedMarket.closedEpisodesMax)
        { episodes[old.id] = nil }
    }

    public mutating func apply(_ article: ScoredArticle) {
        articles.removeAll {
            $0.position == article.position && $0.article.symbol == article.article.symbol
        }
        articles.append(article)
        articles.sort { $0.receivedAt > $1.receivedAt }
        if articles.count > ViewedMarket.articlesMax { articles.removeLast() }
    }

    public func snapshot(takenAt: Timestamp) -> MarketSnapshot {
        MarketSnapshot(
            takenAt: takenAt, position: newest,
            tickers: tickers.values.sorted { $0.symbol < $1.symbol },
            episodes: episodes.values.sorted { left, right in
                left.lastAt == right.lastAt ? left.id < right.id : left.lastAt > right.lastAt
            }, articles: articles)
    }
}
