import MarketModel

/// What is made from the market for other readers, by topic.
public enum DerivedTopic: String, CaseIterable, Sendable {
    /// Figures once a second of a ticker, and its quotes.
    case aggregations
    case bars
    case anomalies
    case sentiment

    public func name(_ topics: KafkaTopics) -> String {
        switch self {
        case .aggregations: topics.aggregations
        case .bars: topics.bars
        case .anomalies: topics.anomalies
        case .sentiment: topics.sentiment
        }
    }
}

/// One message of a derived topic: a pure function of the log, so that a repeat after a crash has
/// the same id and the same bytes.
public struct DerivedMessage: Equatable, Sendable {
    public var topic: DerivedTopic
    /// The ticker: all that is said of one is in one order.
    public var key: String
    /// Also in the message, as `id`.
    public var id: String
    /// A JSON object of the topic's schema (docs/schemas).
    public var bytes: [UInt8]
}

extension DerivedMessage {
    /// The version of every message's form.
    static let version = 1

    /// Everything to be told of a stretch of the log: figures, quotes, bars, anomalies, articles,
    /// each in log order. What is observed beside the log, such as a stale feed, is left out: it
    /// is no function of it.
    public static func all(of effects: EffectBatch) -> [DerivedMessage] {
        effects.aggregates.map(DerivedMessage.init) + effects.quotes.map(DerivedMessage.init)
            + effects.bars.map(DerivedMessage.init)
            + effects.episodes.filter { !$0.kind.isOperational }.compactMap(DerivedMessage.init)
            + effects.articles.map(DerivedMessage.init)
    }

    private init(_ topic: DerivedTopic, _ symbol: Symbol, id: String, _ text: MessageText) {
        self.init(topic: topic, key: symbol.description, id: id, bytes: text.finished())
    }

    private static func head(_ id: String, _ type: String, _ symbol: Symbol) -> MessageText {
        var text = MessageText()
        text.add("v", Int64(version))
        text.add("id", id)
        text.add("type", type)
        text.add("ticker", symbol)
        return text
    }

    init(_ aggregate: TickerAggregate) {
        let id = "aggregation-\(aggregate.symbol)-\(aggregate.position)"
        var text = DerivedMessage.head(id, "aggregation", aggregate.symbol)
        text.add("market", aggregate.market.name)
        text.add("position", aggregate.position.description)
        text.add("received_at", aggregate.receivedAt)
        text.add("volume", aggregate.lastTrade.size)
        text.add("timestamp", aggregate.lastTrade.executedAt)
        text.add("sequence_number", aggregate.lastTrade.sequence)
        text.add("session_high", aggregate.sessionHigh)
        text.add("session_low", aggregate.sessionLow)
        text.add("session_trade_count", aggregate.sessionTradeCount)
        text.add("model_version", aggregate.modelVersion)
        text.add("model", aggregate.model.map(MessageText.init))
        text.add(aggregate.figures)
        self.init(.aggregations, aggregate.symbol, id: id, text)
    }

    init(_ stored: StoredQuote) {
        let quote = stored.quote
        let id = "quote-\(quote.symbol)-\(stored.position)"
        var text = DerivedMessage.head(id, "quote", quote.symbol)
        text.add("source", stored.source.name)
        text.add("position", stored.position.description)
        text.add("received_at", stored.receivedAt)
        text.add("bid", quote.bid)
        text.add("ask", quote.ask)
        text.add("bid_size", quote.bidSize)
        text.add("ask_size", quote.askSize)
        text.add("timestamp", quote.quotedAt)
        text.add("sequence_number", quote.sequence)
        text.add("has_exchange_time", quote.hasExchangeTime)
        self.init(.aggregations, quote.symbol, id: id, text)
    }

    /// A bar's revision tells one version of it from the next; what comes from the provider's
    /// history has none.
    init(_ bar: Bar) {
        let version = bar.isReference ? "reference" : "r\(bar.revision)"
        let id = "bar-\(bar.symbol)-\(bar.interval.name)-\(bar.start.nanoseconds)-\(version)"
        var text = DerivedMessage.head(id, "bar", bar.symbol)
        text.add("interval", bar.interval.name)
        text.add("start", bar.start)
        text.add("open", bar.open)
        text.add("high", bar.high)
        text.add("low", bar.low)
        text.add("close", bar.close)
        text.add("volume", bar.volume)
        text.add("notional", Decimal64.text(bar.notional.units, places: 17))
        text.add("vwap", bar.vwap)
        text.add("trade_count", bar.tradeCount)
        text.add("revision", Int64(bar.revision))
        text.add("final", bar.isFinal)
        text.add("reference", bar.isReference)
        self.init(.bars, bar.symbol, id: id, text)
    }

    /// `nil` for an anomaly of a whole feed.
    init?(_ episode: Episode) {
        guard let symbol = episode.symbol else { return nil }
        let state = episode.isOpen ? "open" : "closed"
        let id = "\(episode.id)@\(episode.position)-\(episode.hits)-\(state)"
        var text = DerivedMessage.head(id, "anomaly", symbol)
        text.add("anomaly_id", episode.id)
        text.add("kind", episode.kind.rawValue)
        text.add("severity", episode.severity.name)
        text.add("state", state)
        text.add("first_at", episode.firstAt)
        text.add("last_at", episode.lastAt)
        text.add("hits", episode.hits)
        text.add("worst_score", episode.worstScore)
        text.add("explanation", episode.explanation)
        text.add("position", episode.position.description)
        text.add("features", episode.features.map(MessageText.init))
        self.init(.anomalies, symbol, id: id, text)
    }

    /// Comes again when the correlation changes.
    init(_ scored: ScoredArticle) {
        let article = scored.article
        let joined = scored.correlation.map {
            "\($0.strength.rawValue)-\($0.volumeZScore.map { $0.description } ?? "none")"
        }
        let id = "article-\(article.symbol)-\(scored.position)-\(joined ?? "alone")"
        var text = DerivedMessage.head(id, "article", article.symbol)
        text.add("article_id", article.articleID)
        text.add("source", scored.source.name)
        text.add("position", scored.position.description)
        text.add("received_at", scored.receivedAt)
        text.add("headline", article.headline)
        text.add("summary", article.summary)
        text.add("publisher", article.publisher)
        text.add("url", article.url)
        text.add("published_at", article.publishedAt)
        text.add("sentiment", scored.sentiment.map(MessageText.init))
        text.add("summary_sentiment", scored.summarySentiment.map(MessageText.init))
        text.add("correlation_strength", scored.correlation?.strength.rawValue)
        text.add("volume_zscore", scored.correlation?.volumeZScore)
        self.init(.sentiment, article.symbol, id: id, text)
    }
}

extension MessageText {
    fileprivate mutating func add(_ figures: RollingFigures) {
        add("price", figures.price)
        add("vwap_1min", figures.vwapOneMinute)
        add("vwap_5min", figures.vwapFiveMinutes)
        add("vwap_session", figures.vwapSession)
        add("rolling_avg_5min", figures.rollingAverageFiveMinutes)
        add("volume_zscore", figures.volumeZScore)
        add("price_momentum", figures.priceMomentum)
        add("trade_frequency", figures.tradeFrequency)
        add("bid_ask_spread", figures.spread)
        add("bid_ask_spread_bps", figures.spreadBasisPoints)
        add("vwap_deviation", figures.vwapDeviation)
        add("vwap_deviation_pct", figures.vwapDeviationPercent)
        add("velocity_5s", figures.velocityFiveSeconds)
        add("change", figures.change)
        add("change_pct", figures.changePercent)
        add("change_basis", figures.changeBasis?.rawValue)
        add("session_volume", figures.sessionVolume)
        add("window_end", figures.engineTime)
    }

    fileprivate init(_ vector: FeatureVector) {
        self.init()
        add("updated_at", vector.updatedAt)
        add("position", vector.position.description)
        add("price", vector.price)
        add("volume", vector.size)
        add("volume_zscore", vector.volumeZScore)
        add("price_momentum", vector.priceMomentum)
        add("vwap_deviation", vector.vwapDeviation)
        add("trade_frequency", vector.tradeFrequency)
        add("vwap_1min", vector.vwapOneMinute)
        add("vwap_5min", vector.vwapFiveMinutes)
        add("bid_ask_spread", vector.spread)
        add("model_version", vector.modelVersion)
    }

    fileprivate init(_ model: ModelStatus) {
        self.init()
        add("vectors", model.vectorCount)
        add("vectors_needed", model.vectorsNeeded)
        add("version", model.version)
        add("trained_at", model.trainedAt)
        add("trees", Int64(model.treeCount))
        add("threshold", model.threshold)
        add("last_score", model.lastScore)
        add("scored", model.scoredCount)
        add("flagged", model.flaggedCount)
        add("hits", model.hitCount)
    }

    fileprivate init(_ sentiment: Sentiment) {
        self.init()
        add("compound", sentiment.compound)
        add("positive", sentiment.positive)
        add("neutral", sentiment.neutral)
        add("negative", sentiment.negative)
        add("label", sentiment.label.rawValue)
    }
}

extension Market {
    var name: String {
        switch self {
        case .usEquities: "us_equities"
        case .continuous: "continuous"
        }
    }
}
