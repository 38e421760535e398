import Engine
import MarketModel

/// What there is to tell between two looks at the market: only what somebody listens to, and only
/// what has changed.
struct StreamSource {
    let reader: MarketReader
    let health: HealthResources

    private var previous = MarketSnapshot()
    private var staleBefore: Set<Symbol> = []
    private var healthBefore: Health?
    private var board = BoardChanges()

    init(reader: MarketReader, health: HealthResources) {
        self.reader = reader
        self.health = health
    }

    /// Begins to compare with the market as it stands.
    mutating func start() { previous = reader.board.snapshot }

    /// The changes since the call before. `asksHealth`: the verdict costs more than a look.
    mutating func updates(
        wanted: (StreamTopic) -> Bool, symbols: Set<Symbol>, asksHealth: Bool
    ) -> [StreamUpdate] {
        let snapshot = reader.board.snapshot
        defer { previous = snapshot }
        var updates: [StreamUpdate] = []
        let wantsAll = StreamChannel.allCases.contains { channel in
            channel != .health && wanted(StreamTopic(channel: channel, symbol: nil))
        }
        let tickers = wantsAll ? snapshot.tickers : symbols.sorted().compactMap(snapshot.ticker)
        for ticker in tickers {
            let old = previous.ticker(ticker.symbol)
            for channel in [StreamChannel.prices, .analytics, .bars]
            where wanted(StreamTopic(channel: channel, symbol: ticker.symbol)) {
                updates += changes(channel, of: ticker, since: old)
            }
        }
        updates += episodes(snapshot, wanted) + articles(snapshot, wanted)
        if wanted(.board) {
            updates += board.since(snapshot, reader.board.status, at: reader.clock.now)
        }
        if asksHealth, wanted(StreamTopic(channel: .health, symbol: nil)) {
            updates += healthChange()
        }
        return updates
    }

    /// The topic as it stands, for somebody who begins to listen.
    mutating func current(_ topic: StreamTopic) -> [StreamUpdate] {
        let snapshot = reader.board.snapshot
        switch topic.channel {
        case .prices, .analytics, .bars:
            let tickers = topic.symbol.map { [snapshot.ticker($0)].compactMap { $0 } }
            return (tickers ?? snapshot.tickers).flatMap {
                changes(topic.channel, of: $0, since: nil)
            }
        case .anomalies:
            return snapshot.episodes.reversed().filter { $0.isOpen }.map(StreamSource.update)
                .filter { topic.symbol == nil || $0.key.topic == topic }
        case .news:
            return snapshot.articles.reversed().map(StreamSource.update)
                .filter { topic.symbol == nil || $0.key.topic == topic }
        case .health: return [healthUpdate(health.reading().json)]
        case .board:
            return BoardChanges.all(snapshot, reader.board.status, at: reader.clock.now)
        }
    }

    /// Nobody listens to the board any more.
    mutating func forgetBoard() { board = BoardChanges() }

    private mutating func changes(
        _ channel: StreamChannel, of ticker: TickerSnapshot, since old: TickerSnapshot?
    ) -> [StreamUpdate] {
        let topic = StreamTopic(channel: channel, symbol: ticker.symbol)
        switch channel {
        case .prices:
            let isStale = reader.isStale(ticker)
            let wasStale = staleBefore.contains(ticker.symbol)
            if isStale {
                staleBefore.insert(ticker.symbol)
            } else {
                staleBefore.remove(ticker.symbol)
            }
            let isSame =
                old.map {
                    $0.lastTrade == ticker.lastTrade && $0.quote == ticker.quote
                        && $0.figures.change == ticker.figures.change && isStale == wasStale
                } ?? false
            guard !isSame else { return [] }
            return [
                StreamUpdate(
                    StreamKey(topic: topic),
                    JSON.quoteMembers(ticker, at: reader.now, stale: isStale))
            ]
        case .analytics:
            guard old?.figures != ticker.figures else { return [] }
            return [StreamUpdate(StreamKey(topic: topic), JSON.aggregationMembers(ticker))]
        default:
            let before = old?.provisionalBars ?? []
            return ticker.provisionalBars.filter { !before.contains($0) }.map { bar in
                StreamUpdate(
                    StreamKey(topic: topic, detail: "\(bar.interval.name) \(bar.start)"),
                    [
                        ("ticker", .of(ticker.symbol)), ("window", .of(bar.interval.name)),
                        ("bar", JSON.bar(bar)),
                    ])
            }
        }
    }

    private func episodes(
        _ snapshot: MarketSnapshot, _ wanted: (StreamTopic) -> Bool
    ) -> [StreamUpdate] {
        var before: [String: Episode] = [:]
        for episode in previous.episodes { before[episode.id] = episode }
        return snapshot.episodes.reversed().filter {
            before[$0.id] != $0 && wanted(StreamTopic(channel: .anomalies, symbol: $0.symbol))
        }.map(StreamSource.update)
    }

    private func articles(
        _ snapshot: MarketSnapshot, _ wanted: (StreamTopic) -> Bool
    ) -> [StreamUpdate] {
        // Told again when the join with volume has been made anew.
        var before: [LogPosition: ScoredArticle] = [:]
        for scored in previous.articles { before[scored.position] = scored }
        return snapshot.articles.reversed().filter {
            before[$0.position] != $0
                && wanted(StreamTopic(channel: .news, symbol: $0.article.symbol))
        }.map(StreamSource.update)
    }

    private mutating func healthChange() -> [StreamUpdate] {
        let (verdict, json) = health.reading()
        defer { healthBefore = verdict }
        guard healthBefore?.status != verdict.status || healthBefore?.reasons != verdict.reasons
        else { return [] }
        return [healthUpdate(json)]
    }

    private func healthUpdate(_ json: JSON) -> StreamUpdate {
        let key = StreamKey(topic: StreamTopic(channel: .health, symbol: nil))
        return StreamUpdate(key, [("health", json)])
    }

    /// Without acknowledgements: these are joined when the history is read.
    private static func update(_ episode: Episode) -> StreamUpdate {
        let topic = StreamTopic(channel: .anomalies, symbol: episode.symbol)
        return StreamUpdate(
            StreamKey(topic: topic, detail: episode.id), JSON.episodeMembers(episode))
    }

    private static func update(_ scored: ScoredArticle) -> StreamUpdate {
        let topic = StreamTopic(channel: .news, symbol: scored.article.symbol)
        return StreamUpdate(
            StreamKey(topic: topic, detail: scored.position.description),
            [("ticker", .of(scored.article.symbol)), ("article", JSON.article(scored))])
    }
}
