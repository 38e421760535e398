import Engine
import MarketModel

/// What is read from the store: trades, bars, news, dead letters.
struct StoredResources: Sendable {
    static let articlesMax = 500
    /// Of one dead letter in a list; the store keeps more.
    static let rawBytesShown = 4096

    let reader: MarketReader

    var routes: [Route] {
        [
            .get("/api/v1/ticks/{}", trades), .get("/api/v1/aggregated/{}", bars),
            .get("/sentiment/{}", sentiment), .get("/api/v1/dead-letters", deadLetters),
        ]
    }

    private func trades(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.ticker()
        let limit = try request.integer("limit", in: 1...1000, default: 100)
        let before = try request.choice("before", of: ["epoch.offset.index"]) { LogPosition($0) }
        let trades = try await reader.stored(of: symbol) {
            try $0.trades(symbol, before: before, limit: limit)
        }
        return Reply([
            "ticker": .of(symbol),
            "trades": .list(trades.map(JSON.trade)),
            "next_before": .of(
                trades.count == limit ? trades.last?.position.description : nil),
        ])
    }

    private func bars(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.ticker()
        let names = BarInterval.allCases.map(\.name)
        let interval =
            try request.choice("window", of: names) { BarInterval(name: $0) } ?? .minute
        let limit = try request.integer("limit", in: 1...1000, default: 100)
        var bars = try await reader.stored(of: symbol) {
            try $0.bars(symbol, interval: interval, from: nil, to: nil, limit: limit)
        }
        // The bars still open are in the snapshot only, or newer there than in the store.
        let open = try reader.snapshot().ticker(symbol)?.provisionalBars ?? []
        for bar in open where bar.interval == interval {
            bars.removeAll { $0.start == bar.start }
            bars.append(bar)
        }
        bars.sort { $0.start < $1.start }
        return Reply(
            [
                "ticker": .of(symbol), "window": .of(interval.name),
                "bars": .list(bars.suffix(limit).map(JSON.bar)),
            ], cacheSeconds: 1)
    }

    private func sentiment(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.ticker()
        let hours = try request.integer("hours", in: 1...168, default: 24)
        let since = reader.now.advanced(by: .seconds(-3600 * hours))
        let articles = try await reader.stored(of: symbol) {
            try $0.articles(symbol, since: since, limit: StoredResources.articlesMax)
        }
        let scores = articles.compactMap(\.sentiment)
        func count(_ label: Sentiment.Label) -> JSON {
            .of(scores.count { $0.label == label })
        }
        let mean = scores.map(\.compound).reduce(0, +) / Double(max(1, scores.count))
        return Reply([
            "ticker": .of(symbol), "hours": .of(hours),
            "items": .list(articles.map(JSON.article)),
            "summary": [
                "articles": .of(articles.count), "positive": count(.positive),
                "neutral": count(.neutral), "negative": count(.negative),
                "avg_compound": scores.isEmpty ? .null : .of(mean),
                "strong_correlations": .of(articles.count { $0.correlation?.strength == .strong }),
            ],
        ])
    }

    private func deadLetters(_ request: APIRequest) async throws(Problem) -> Reply {
        let limit = try request.integer("limit", in: 1...1000, default: 100)
        let (total, letters) = try await reader.stored {
            (try $0.deadLetterCount(), try $0.deadLetters(limit: limit))
        }
        return Reply([
            "total": .of(total), "dead_letters": .list(letters.map(JSON.deadLetter)),
        ])
    }
}

extension JSON {
    fileprivate static func trade(_ stored: StoredTrade) -> JSON {
        let trade = stored.trade
        return [
            "price": .of(trade.price), "size": .of(trade.size),
            "timestamp": .of(trade.executedAt), "sequence_number": .of(trade.sequence),
            "conditions": .list(trade.conditions.ids.map { .of($0) }),
            "exchange": .of(trade.exchange), "received_at": .of(stored.receivedAt),
            "source": .of(stored.source.name), "late": .of(stored.isLate),
            "position": .of(stored.position.description),
        ]
    }

    fileprivate static func bar(_ bar: Bar) -> JSON {
        [
            "start": .of(bar.start), "open": .of(bar.open), "high": .of(bar.high),
            "low": .of(bar.low), "close": .of(bar.close), "volume": .of(bar.volume),
            "vwap": .of(bar.vwap), "trade_count": .of(bar.tradeCount), "final": .of(bar.isFinal),
            "revision": .of(bar.revision), "reference": .of(bar.isReference),
        ]
    }

    /// The correlation is `null` when nothing is kept of the seconds around the article.
    fileprivate static func article(_ scored: ScoredArticle) -> JSON {
        let article = scored.article
        let sentiment = scored.sentiment
        return [
            "headline": .of(article.headline), "source": .of(article.publisher),
            "url": .of(article.url), "published_at": .of(article.publishedAt),
            "compound": .of(sentiment?.compound), "positive": .of(sentiment?.positive),
            "negative": .of(sentiment?.negative), "neutral": .of(sentiment?.neutral),
            "label": .of(sentiment?.label.rawValue),
            "summary_compound": .of(scored.summarySentiment?.compound),
            "correlation_strength": .of(scored.correlation?.strength.rawValue),
            "volume_zscore": .of(scored.correlation?.volumeZScore),
        ]
    }

    fileprivate static func deadLetter(_ letter: DeadLetter) -> JSON {
        let shown = letter.raw.prefix(StoredResources.rawBytesShown)
        return [
            "id": .of(letter.position.description), "source": .of(letter.source.name),
            "received_at": .of(letter.receivedAt), "offset": .of(letter.position.offset),
            "reason": .of(letter.refusal.reason.rawValue), "field": .of(letter.refusal.field),
            "ticker": .of(letter.refusal.symbol),
            "raw": .of(String(decoding: shown, as: UTF8.self)),
            "raw_bytes": .of(letter.raw.count),
        ]
    }
}
