import Engine
import MarketModel

/// Indicators of one ticker on one length of bars: where they stand, and on request a series.
struct IndicatorResources: Sendable {
    /// Bars read before the series begins, so that its exponential averages have settled.
    private static let warmUpBars = 4000
    /// With thousands of tickers a snapshot holds the indicators of a ticker only once it has been
    /// asked for: this often is looked, this far apart.
    private static let looks = 40
    private static let pause = Duration.milliseconds(50)

    private static let interval = Parameters.interval("interval", default: .minute)
    private static let limit = Parameter<Int?>(
        definition: ParameterDefinition(
            name: "limit", meaning: "Asks for a series of this many bars at most.",
            schema: .integer(1...1000))
    ) { (request) throws(Problem) in
        guard request.query["limit"] != nil else { return nil }
        return try request.integer("limit", in: 1...1000, default: 1)
    }

    let reader: MarketReader
    /// Indicators at the last so many bars of a run, the oldest first.
    let series: @Sendable ([Bar], _ last: Int) -> [IndicatorPoint]

    var routes: [Route] {
        Route.get(
            "/api/v1/indicators/{ticker}",
            "Indicators at the last closed bar and with the open one, and the newest signals.",
            [
                Parameters.ticker.definition, IndicatorResources.interval.definition,
                IndicatorResources.limit.definition,
            ], answer: .json(.indicators), statuses: [404], cacheSeconds: 1,
            { [self] (request) throws(Problem) in try await indicators(request) }
        ).and(
            "/api/v2/realtime/analytics/{ticker}", "/api/v2/intraday/analytics/{ticker}",
            "/api/v2/historical/analytics/{ticker}")
    }

    private func indicators(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let interval = try request.value(IndicatorResources.interval) ?? .minute
        let limit = try request.value(IndicatorResources.limit)
        let ticker = try await watched(symbol)
        let reading =
            ticker.indicators?.first { $0.interval == interval }
            ?? IndicatorReading(interval: interval)
        let points = try await points(ticker, interval, limit: limit)
        return Reply(
            [
                "ticker": .of(symbol), "interval": .of(interval.name),
                "bar_count": .of(reading.barCount),
                "closed": JSON.indicators(reading.closed, at: reading.closedStart, isFinal: true),
                "live": JSON.indicators(reading.live, at: reading.liveStart, isFinal: false),
                "signals": .list(ticker.signals.map(JSON.signal)),
                "series": points.map { points in
                    .list(
                        points.map { JSON.indicators($0.values, at: $0.start, isFinal: $0.isFinal) }
                    )
                } ?? .null,
            ])
    }

    /// The ticker with its indicators, as soon as a snapshot has them.
    private func watched(_ symbol: Symbol) async throws(Problem) -> TickerSnapshot {
        let ticker = try reader.ticker(symbol)
        guard ticker.indicators == nil else { return ticker }
        let board = reader.board
        board.watch(symbol)
        let found = try await reader.changed { _ in
            for _ in 0..<IndicatorResources.looks {
                let ticker = board.snapshot.ticker(symbol)
                if ticker?.indicators != nil { return ticker }
                SystemClock.sleepThread(IndicatorResources.pause)
            }
            return nil
        }
        guard let found else { throw .starting }
        return found
    }

    /// From stored bars and the open one; `nil` without a limit.
    private func points(
        _ ticker: TickerSnapshot, _ interval: BarInterval, limit: Int?
    ) async throws(Problem) -> [IndicatorPoint]? {
        guard let limit else { return nil }
        let open = ticker.provisionalBars.filter { $0.interval == interval }
        return try await reader.stored { history in
            let stored = try history.bars(
                ticker.symbol, interval: interval, from: nil, to: open.first?.start,
                limit: limit + IndicatorResources.warmUpBars)
            return series(stored + open, limit)
        }
    }
}

extension JSON {
    fileprivate static func indicators(
        _ values: IndicatorValues?, at start: Timestamp?, isFinal: Bool
    ) -> JSON {
        guard let values, let start else { return .null }
        return [
            "start": .of(start), "final": .of(isFinal),
            "averages": .list(
                values.averages.map {
                    [
                        "period": .of($0.period), "sma": .of($0.simple), "ema": .of($0.exponential),
                        "wma": .of($0.weighted),
                    ]
                }), "rsi": .of(values.rsi), "macd": .of(values.macd),
            "macd_signal": .of(values.macdSignal), "macd_histogram": .of(values.macdHistogram),
            "bollinger_upper": .of(values.bollingerUpper),
            "bollinger_middle": .of(values.bollingerMiddle),
            "bollinger_lower": .of(values.bollingerLower), "stochastic_k": .of(values.stochasticK),
            "stochastic_d": .of(values.stochasticD), "atr": .of(values.averageTrueRange),
            "standard_deviation": .of(values.standardDeviation),
            "patterns": .list(
                values.patterns.named.map {
                    ["name": .of($0.name), "strength": .of($0.strength)]
                }),
        ]
    }

    fileprivate static func signal(_ signal: IndicatorSignal) -> JSON {
        [
            "kind": .of(signal.kind.rawValue), "interval": .of(signal.interval.name),
            "at": .of(signal.at), "bar_start": .of(signal.barStart), "close": .of(signal.close),
            "value": .of(signal.value), "reference": .of(signal.reference),
        ]
    }
}

extension Schema {
    private static let maybe = Schema.nullable(.number)

    private static let indicatorPoint = Schema.object(
        "IndicatorPoint",
        [
            ("start", .timestamp), ("final", .boolean),
            (
                "averages",
                .list(
                    of: .object(
                        "MovingAverages",
                        [
                            ("period", .integer(1...1000)), ("sma", maybe), ("ema", maybe),
                            ("wma", maybe),
                        ]))
            ), ("rsi", maybe), ("macd", maybe), ("macd_signal", maybe), ("macd_histogram", maybe),
            ("bollinger_upper", maybe), ("bollinger_middle", maybe), ("bollinger_lower", maybe),
            ("stochastic_k", maybe), ("stochastic_d", maybe), ("atr", maybe),
            ("standard_deviation", maybe),
            (
                "patterns",
                .list(
                    of: .object(
                        "CandlePattern",
                        [
                            (
                                "name",
                                .choice([
                                    "doji", "hammer", "shooting_star", "engulfing", "harami",
                                    "morning_star", "evening_star",
                                ])
                            ), ("strength", .integer(-100...100)),
                        ]))
            ),
        ])

    private static let signal = Schema.object(
        "Signal",
        [
            ("kind", .choice(IndicatorSignal.Kind.allCases.map(\.rawValue))),
            ("interval", .choice(BarInterval.allCases.map(\.name))), ("at", .timestamp),
            ("bar_start", .timestamp), ("close", .number), ("value", .number),
            ("reference", .number),
        ])

    fileprivate static let indicators = Schema.object(
        "Indicators",
        [
            ("ticker", .ticker), ("interval", .choice(BarInterval.allCases.map(\.name))),
            ("bar_count", .integer(0...Int.max)), ("closed", .nullable(indicatorPoint)),
            ("live", .nullable(indicatorPoint)), ("signals", .list(of: signal)),
            ("series", .nullable(.list(of: indicatorPoint))),
        ])
}
