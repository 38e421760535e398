import Engine
import MarketModel

/// The bars of one ticker, oldest first: what is stored, and those still open.
struct BarResources: Sendable {
    static let window = Parameters.interval("window", default: .minute)
    static let interval = Parameters.interval("interval", default: .fiveMinutes)
    /// The provider's history comes adjusted for splits, and nothing else is kept.
    static let adjusted = Parameter<Bool?>.choice(
        "adjusted", ["true"], "Stored history is adjusted for splits.", default: "true"
    ) { $0 == "true" ? true : nil }

    let reader: MarketReader

    var routes: [Route] {
        let answer = Route.Answer.listing(.bars, member: "bars", rows: .bar)
        let ticker = Parameters.ticker.definition
        let limit = Parameters.limit.definition
        return [
            .get(
                "/api/v1/aggregated/{ticker}", "Bars of one length, the newest of them.",
                [ticker, BarResources.window.definition, limit], answer: answer, statuses: [404],
                cacheSeconds: 1,
                { [self] (request) throws(Problem) in
                    try await bars(request, try request.value(BarResources.window) ?? .minute)
                }),
            .get(
                "/api/v2/intraday/prices/{ticker}",
                "Bars of one length between two moments, the newest of them.",
                [
                    ticker, BarResources.interval.definition, limit, Parameters.start.definition,
                    Parameters.end.definition,
                ], answer: answer, statuses: [404], cacheSeconds: 1,
                { [self] (request) throws(Problem) in
                    try await bars(
                        request, try request.value(BarResources.interval) ?? .fiveMinutes,
                        from: try request.value(Parameters.start),
                        to: try request.value(Parameters.end))
                }),
            .get(
                "/api/v2/historical/prices/{ticker}", "Bars of a day between two days.",
                [
                    ticker, limit, Parameters.startDate.definition, Parameters.endDate.definition,
                    BarResources.adjusted.definition,
                ], answer: answer, statuses: [404], cacheSeconds: 60,
                { [self] (request) throws(Problem) in
                    _ = try request.value(BarResources.adjusted)
                    return try await bars(
                        request, .day, from: try request.value(Parameters.startDate),
                        to: try request.value(Parameters.endDate))
                }),
        ]
    }

    private func bars(
        _ request: APIRequest, _ interval: BarInterval, from: Timestamp? = nil,
        to: Timestamp? = nil
    ) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let limit = try request.value(Parameters.limit)
        var bars = try await reader.stored(of: symbol) {
            try $0.bars(symbol, interval: interval, from: from, to: to, limit: limit)
        }
        // The bars still open are in the snapshot only, or newer there than in the store.
        let open = try reader.snapshot().ticker(symbol)?.provisionalBars ?? []
        for bar in open where bar.interval == interval {
            guard bar.start >= from ?? .distantPast, to.map({ bar.start < $0 }) ?? true else {
                continue
            }
            bars.removeAll { $0.start == bar.start }
            bars.append(bar)
        }
        bars.sort { $0.start < $1.start }
        let shown = bars.suffix(limit)
        return Reply(
            [
                "ticker": .of(symbol), "window": .of(interval.name),
                "bars": .list(shown.map(JSON.bar)),
                "next_end": .of(shown.count == limit ? shown.first?.start : nil),
            ])
    }
}

extension JSON {
    static func bar(_ bar: Bar) -> JSON {
        [
            "start": .of(bar.start), "open": .of(bar.open), "high": .of(bar.high),
            "low": .of(bar.low), "close": .of(bar.close), "volume": .of(bar.volume),
            "vwap": .of(bar.vwap), "trade_count": .of(bar.tradeCount), "final": .of(bar.isFinal),
            "revision": .of(bar.revision), "reference": .of(bar.isReference),
        ]
    }
}

extension Schema {
    static let bar = Schema.object(
        "Bar",
        [
            ("start", .timestamp), ("open", .nullable(.number)), ("high", .nullable(.number)),
            ("low", .nullable(.number)), ("close", .nullable(.number)), ("volume", .number),
            ("vwap", .nullable(.number)), ("trade_count", .integer(0...Int.max)),
            ("final", .boolean), ("revision", .integer(0...Int.max)), ("reference", .boolean),
        ])
    static let bars = Schema.object(
        "Bars",
        [
            ("ticker", .ticker), ("window", .choice(BarInterval.allCases.map(\.name))),
            ("bars", .list(of: .bar)), ("next_end", .nullable(.timestamp)),
        ])
}
