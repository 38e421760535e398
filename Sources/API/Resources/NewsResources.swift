import MarketModel

/// News of one ticker with its sentiment.
struct NewsResources: Sendable {
    static let articlesMax = 500

    let reader: MarketReader

    var routes: [Route] {
        [
            .get(
                "/sentiment/{ticker}", "News of the last hours with what VADER says of it.",
                [Parameters.ticker.definition, Parameters.hours.definition],
                answer: .listing(.sentiment, member: "items", rows: .article), statuses: [404],
                sentiment)
        ]
    }

    private func sentiment(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let hours = try request.value(Parameters.hours)
        let since = reader.now.advanced(by: .seconds(-3600 * hours))
        let articles = try await reader.stored(of: symbol) {
            try $0.articles(symbol, since: since, limit: NewsResources.articlesMax)
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
}

extension JSON {
    /// The correlation is `null` when nothing is kept of the seconds around the article.
    static func article(_ scored: ScoredArticle) -> JSON {
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
}

extension Schema {
    static let article = Schema.object(
        "Article",
        [
            ("headline", .text), ("source", .text), ("url", .text), ("published_at", .timestamp),
            ("compound", .nullable(.number)), ("positive", .nullable(.number)),
            ("negative", .nullable(.number)), ("neutral", .nullable(.number)),
            ("label", .nullable(.choice(["positive", "neutral", "negative"]))),
            ("summary_compound", .nullable(.number)),
            (
                "correlation_strength",
                .nullable(.choice(["strong", "moderate", "weak", "none"]))
            ), ("volume_zscore", .nullable(.number)),
        ])
    static let sentiment = Schema.object(
        "Sentiment",
        [
            ("ticker", .ticker), ("hours", .integer(1...168)), ("items", .list(of: .article)),
            (
                "summary",
                .object(
                    "SentimentSummary",
                    [
                        ("articles", .integer(0...Int.max)), ("positive", .integer(0...Int.max)),
                        ("neutral", .integer(0...Int.max)), ("negative", .integer(0...Int.max)),
                        ("avg_compound", .nullable(.number)),
                        ("strong_correlations", .integer(0...Int.max)),
                    ])
            ),
        ])
}
