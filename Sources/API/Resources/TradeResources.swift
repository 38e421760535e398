import MarketModel

/// The stored trades of one ticker, newest first.
struct TradeResources: Sendable {
    let reader: MarketReader

    var routes: [Route] {
        Route.get(
            "/api/v1/ticks/{ticker}", "Trades, newest first.",
            [
                Parameters.ticker.definition, Parameters.limit.definition,
                Parameters.beforePosition.definition,
            ],
            answer: .listing(.trades, member: "trades", rows: .trade), statuses: [404], trades
        ).and("/api/v2/realtime/prices/{ticker}")
    }

    private func trades(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let limit = try request.value(Parameters.limit)
        let before = try request.value(Parameters.beforePosition)
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
}

extension Schema {
    static let trade = Schema.object(
        "Trade",
        [
            ("price", .number), ("size", .number), ("timestamp", .timestamp),
            ("sequence_number", .integer()), ("conditions", .list(of: .integer())),
            ("exchange", .integer()), ("received_at", .timestamp), ("source", .source),
            ("late", .boolean), ("position", .position),
        ])
    static let trades = Schema.object(
        "Trades",
        [
            ("ticker", .ticker), ("trades", .list(of: .trade)),
            ("next_before", .nullable(.position)),
        ])
    static let source = Schema.choice(FeedSource.allCases.map(\.name))
}
