import Engine
import MarketModel

/// The figures of one ticker: quote, aggregations, features.
struct TickerResources: Sendable {
    let reader: MarketReader

    var routes: [Route] {
        let ticker = [Parameters.ticker.definition]
        return Route.get(
            "/quotes/{ticker}", "The newest trade that sets the price, and the best bid and ask.",
            ticker, answer: .json(.quote), statuses: [404], cacheSeconds: 1, quote
        ).and("/api/v1/latest/{ticker}") + [
            .get(
                "/aggregations/{ticker}", "The rolling figures of one ticker.", ticker,
                answer: .json(.aggregations), statuses: [404], cacheSeconds: 5, aggregations),
            .get(
                "/features/{ticker}", "The feature vector that models see.", ticker,
                answer: .json(.features), statuses: [404], cacheSeconds: 1, features),
            .get(
                "/api/v1/symbols", "Every ticker that the feed has named.",
                answer: .listing(.symbols, member: "symbols", rows: .symbol), cacheSeconds: 5,
                symbols
            ).linked([Route.Link(parameter: "ticker", pointer: "/symbols/0/ticker")]),
        ]
    }

    private func quote(_ request: APIRequest) throws(Problem) -> Reply {
        let (ticker, takenAt) = try reader.dated(request.value(Parameters.ticker))
        return Reply(
            .object(
                JSON.quoteMembers(ticker, at: reader.now, stale: reader.isStale(ticker))),
            of: takenAt)
    }

    private func aggregations(_ request: APIRequest) throws(Problem) -> Reply {
        let (ticker, takenAt) = try reader.dated(request.value(Parameters.ticker))
        return Reply(.object(JSON.aggregationMembers(ticker)), of: takenAt)
    }

    private func features(_ request: APIRequest) throws(Problem) -> Reply {
        let (ticker, takenAt) = try reader.dated(request.value(Parameters.ticker))
        return Reply(
            .object(
                [("ticker", .of(ticker.symbol))] + JSON.featureMembers(ticker.features)
                    + [
                        ("model", JSON.model(ticker.model)),
                        ("origin", .of(ticker.origin.rawValue)),
                    ]),
            of: takenAt)
    }

    /// Segment and sector are `null` of a company that no reference data have told of.
    private func symbols(_: APIRequest) async throws(Problem) -> Reply {
        let tickers = try reader.snapshot().tickers
        let companies = try await reader.companies()
        return Reply(
            [
                "symbols": .list(
                    tickers.map {
                        let company = companies[$0.symbol]
                        return [
                            "ticker": .of($0.symbol), "segment": .of(company?.segment?.rawValue),
                            "sector": .of(company?.sector), "last_update": .of($0.receivedAt),
                        ]
                    })
            ])
    }
}

extension JSON {
    static func quoteMembers(
        _ ticker: TickerSnapshot, at now: Timestamp, stale: Bool
    ) -> [(name: String, value: JSON)] {
        let figures = ticker.figures
        let age = ticker.receivedAt.map { now.duration(since: $0) }
        return [
            ("ticker", .of(ticker.symbol)), ("price", .of(figures.price)),
            ("volume", .of(ticker.lastTrade?.size)),
            ("timestamp", .of(ticker.lastTrade?.executedAt)),
            ("sequence_number", .of(ticker.lastTrade?.sequence)),
            ("bid", .of(ticker.quote.flatMap { $0.bid.units > 0 ? $0.bid : nil })),
            ("ask", .of(ticker.quote.flatMap { $0.ask.units > 0 ? $0.ask : nil })),
            ("change", .of(figures.change)), ("change_pct", .of(figures.changePercent)),
            ("change_basis", .of(figures.changeBasis?.rawValue)),
            ("age_ms", .of(age.map { max(0, $0.milliseconds) })), ("stale", .of(stale)),
            ("origin", .of(ticker.origin.rawValue)),
        ]
    }

    static func aggregationMembers(_ ticker: TickerSnapshot) -> [(name: String, value: JSON)] {
        let figures = ticker.figures
        return [
            ("ticker", .of(ticker.symbol)), ("vwap_1min", .of(figures.vwapOneMinute)),
            ("vwap_5min", .of(figures.vwapFiveMinutes)),
            ("vwap_session", .of(figures.vwapSession)),
            ("rolling_avg_5min", .of(figures.rollingAverageFiveMinutes)),
            ("volume_zscore", .of(figures.volumeZScore)),
            ("price_momentum", .of(figures.priceMomentum)),
            ("trade_frequency", .of(figures.tradeFrequency)),
            ("window_start", .of(figures.engineTime?.advanced(by: .seconds(-300)))),
            ("window_end", .of(figures.engineTime)), ("origin", .of(ticker.origin.rawValue)),
        ]
    }

    /// The members of a feature vector; all `null` when there is none yet.
    static func featureMembers(_ vector: FeatureVector?) -> [(name: String, value: JSON)] {
        [
            ("price", .of(vector?.price)), ("volume", .of(vector?.size)),
            ("volume_zscore", .of(vector?.volumeZScore)),
            ("price_momentum", .of(vector?.priceMomentum)),
            ("vwap_deviation", .of(vector?.vwapDeviation)),
            ("trade_frequency", .of(vector?.tradeFrequency)),
            ("vwap_1min", .of(vector?.vwapOneMinute)),
            ("vwap_5min", .of(vector?.vwapFiveMinutes)),
            ("bid_ask_spread", .of(vector?.spread)), ("updated_at", .of(vector?.updatedAt)),
            ("model_version", .of(vector?.modelVersion)),
        ]
    }
}

extension Schema {
    static let quote = Schema.object(
        "Quote",
        [
            ("ticker", .ticker), ("price", .nullable(.number)), ("volume", .nullable(.number)),
            ("timestamp", .nullable(.timestamp)), ("sequence_number", .nullable(.integer())),
            ("bid", .nullable(.number)), ("ask", .nullable(.number)),
            ("change", .nullable(.number)), ("change_pct", .nullable(.number)),
            (
                "change_basis",
                .nullable(.choice(["previous_close", "session_open", "first_seen"]))
            ),
            ("age_ms", .nullable(.integer(0...Int.max))), ("stale", .boolean),
            ("origin", origin),
        ])

    static let aggregations = Schema.object(
        "Aggregations",
        [
            ("ticker", .ticker), ("vwap_1min", .nullable(.number)),
            ("vwap_5min", .nullable(.number)), ("vwap_session", .nullable(.number)),
            ("rolling_avg_5min", .nullable(.number)), ("volume_zscore", .nullable(.number)),
            ("price_momentum", .nullable(.number)), ("trade_frequency", .number),
            ("window_start", .nullable(.timestamp)), ("window_end", .nullable(.timestamp)),
            ("origin", origin),
        ])

    /// Computed by the engine that answers, or as another one's derived topics tell it.
    private static let origin = Schema.choice(TickerSnapshot.Origin.allCases.map(\.rawValue))

    static let features = Schema.object(
        "Features",
        [("ticker", .ticker)] + featureMembers
            + [("model", .nullable(model)), ("origin", origin)])

    private static let model = Schema.object(
        "Model",
        [
            ("warming_up", .boolean), ("vectors", .integer(0...Int.max)),
            ("vectors_needed", .integer(0...Int.max)), ("version", .nullable(.integer())),
            ("trained_at", .nullable(.timestamp)), ("trees", .integer(0...Int.max)),
            ("threshold", .nullable(.number)), ("last_score", .nullable(.number)),
            ("scored", .integer(0...Int.max)), ("flagged", .integer(0...Int.max)),
            ("hits", .integer(0...Int.max)),
        ])

    static let featureMembers: [Member] = [
        ("price", .nullable(.number)), ("volume", .nullable(.number)),
        ("volume_zscore", .nullable(.number)), ("price_momentum", .nullable(.number)),
        ("vwap_deviation", .nullable(.number)), ("trade_frequency", .nullable(.number)),
        ("vwap_1min", .nullable(.number)), ("vwap_5min", .nullable(.number)),
        ("bid_ask_spread", .nullable(.number)), ("updated_at", .nullable(.timestamp)),
        ("model_version", .nullable(.text)),
    ]

    static let symbol = Schema.object(
        "Symbol",
        [
            ("ticker", .ticker), ("segment", .nullable(.segment)), ("sector", .nullable(.text)),
            ("last_update", .nullable(.timestamp)),
        ])
    static let symbols = Schema.object("Symbols", [("symbols", .list(of: .symbol))])
    static let segment = Schema.choice(CapitalizationSegment.allCases.map(\.rawValue))
}

extension JSON {
    /// The state of a ticker's isolation forest; `null` while forests are off.
    static func model(_ model: ModelStatus?) -> JSON {
        guard let model else { return .null }
        return [
            "warming_up": .of(model.isWarmingUp), "vectors": .of(model.vectorCount),
            "vectors_needed": .of(model.vectorsNeeded), "version": .of(model.version),
            "trained_at": .of(model.trainedAt), "trees": .of(model.treeCount),
            "threshold": .of(model.threshold), "last_score": .of(model.lastScore),
            "scored": .of(model.scoredCount), "flagged": .of(model.flaggedCount),
            "hits": .of(model.hitCount),
        ]
    }
}

extension Duration {
    /// Whole milliseconds, towards zero.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    var nanosecondsWhole: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// For rates and Prometheus, which count in binary seconds.
    var secondsAsDouble: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
