import Analytics
import MarketModel

/// The market as others have computed it: figures, quotes, episodes and articles by their newest
/// telling, whoever told them; open bars and indicators made from the closed bars. What comes
/// again, or late, changes nothing. One thread.
public final class ViewedMarket {
    private var tickers: [Symbol: TickerSnapshot] = [:]
    private var aggregatedAt: [Symbol: LogPosition] = [:]
    private var quotedAt: [Symbol: LogPosition] = [:]
    private var episodes: [String: Episode] = [:]
    private var articles: [ScoredArticle] = []
    private var bars: [Symbol: ViewedBars] = [:]
    private var early: [Symbol: [Bar]] = [:]
    private var raised: [IndicatorSignal] = []
    private var newest = LogPosition.start
    private let plan: IndicatorPlan
    /// Where the indicators lie.
    private let memory = MarketMemory()

    static let articlesMax = 100
    static let closedEpisodesMax = 200
    static let earlyBarsMax = 4096
    /// With more tickers than this only those watched have their indicators in a snapshot.
    static let indicatorTickersMax = 64

    /// `indicators` are the viewer's own and need not be the engines'.
    public init(indicators: IndicatorSettings = IndicatorSettings()) {
        plan = IndicatorPlan(indicators)
    }

    public func apply(_ aggregate: TickerAggregate) {
        let symbol = aggregate.symbol
        if let known = aggregatedAt[symbol], aggregate.position < known { return }
        aggregatedAt[symbol] = aggregate.position
        var ticker = tickers[symbol] ?? TickerSnapshot(told: symbol, market: aggregate.market)
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
        ticker.model = aggregate.model
        tickers[symbol] = ticker
        newest = max(newest, aggregate.position)
        applyEarly(symbol)
    }

    /// A quote of a ticker that nobody has told figures of yet shows it all the same.
    public func apply(_ stored: StoredQuote) {
        let symbol = stored.quote.symbol
        if let known = quotedAt[symbol], stored.position < known { return }
        quotedAt[symbol] = stored.position
        var ticker = tickers[symbol] ?? TickerSnapshot(told: symbol, market: stored.source.market)
        ticker.quote = stored.quote
        ticker.receivedAt = max(ticker.receivedAt ?? .distantPast, stored.receivedAt)
        tickers[symbol] = ticker
        applyEarly(symbol)
    }

    /// Bars of a ticker whose market is not known yet wait until somebody tells it.
    public func apply(_ bar: Bar) {
        let symbol = bar.symbol
        guard var ticker = tickers[symbol] else {
            if early[symbol, default: []].count < ViewedMarket.earlyBarsMax {
                early[symbol, default: []].append(bar)
            }
            return
        }
        let known = bars[symbol] ?? ViewedBars(market: ticker.market, memory: memory)
        bars[symbol] = known
        known.apply(bar, plan, into: &raised)
        ticker.provisionalBars = known.open
        ticker.signals = known.signals
        tickers[symbol] = ticker
    }

    /// The signals raised since the last call.
    public func takeSignals() -> [IndicatorSignal] {
        defer { raised.removeAll() }
        return raised
    }

    private func applyEarly(_ symbol: Symbol) {
        for bar in early.removeValue(forKey: symbol) ?? [] { apply(bar) }
    }

    public func apply(_ episode: Episode) {
        if let known = episodes[episode.id], episode.position < known.position { return }
        episodes[episode.id] = episode
        let closed = episodes.values.filter { !$0.isOpen }
        guard closed.count > 2 * ViewedMarket.closedEpisodesMax else { return }
        for old in closed.sorted(by: { $0.lastAt > $1.lastAt })
            .dropFirst(ViewedMarket.closedEpisodesMax)
        { episodes[old.id] = nil }
    }

    public func apply(_ article: ScoredArticle) {
        articles.removeAll {
            $0.position == article.position && $0.article.symbol == article.article.symbol
        }
        articles.append(article)
        articles.sort { $0.receivedAt > $1.receivedAt }
        if articles.count > ViewedMarket.articlesMax { articles.removeLast() }
    }

    /// Of many tickers only those `watching` come with their indicators.
    public func snapshot(takenAt: Timestamp, watching: [Symbol] = []) -> MarketSnapshot {
        var shown = tickers
        let withIndicators =
            shown.count <= ViewedMarket.indicatorTickersMax ? Array(shown.keys) : watching
        for symbol in withIndicators {
            shown[symbol]?.indicators = bars[symbol]?.readings(plan) ?? []
        }
        return MarketSnapshot(
            takenAt: takenAt, position: newest,
            tickers: shown.values.sorted { $0.symbol < $1.symbol },
            episodes: episodes.values.sorted { left, right in
                left.lastAt == right.lastAt ? left.id < right.id : left.lastAt > right.lastAt
            }, articles: articles)
    }
}
