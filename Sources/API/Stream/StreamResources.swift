import MarketModel

/// The paths that become WebSockets. What may not become one is told here why.
struct StreamResources: Sendable {
    let reader: MarketReader

    var routes: [Route] {
        let ticker = [Parameters.ticker.definition]
        return [
            .get(
                "/ws/prices/{ticker}", "The quote at each change, at most ten times a second.",
                ticker, answer: .webSocket([.prices]), statuses: [404], refuse),
            .get(
                "/ws/analytics/{ticker}",
                "The rolling figures at each change, at most ten times a second.", ticker,
                answer: .webSocket([.analytics]), statuses: [404], refuse),
            .get(
                "/ws",
                "Any channels of any tickers: send {\"type\":\"subscribe\",\"symbols\":[\"AAPL\"],"
                    + "\"channels\":[\"prices\"]}, unsubscribe or ping; * is all. Channels: "
                    + StreamChannel.allCases.map(\.rawValue).joined(separator: ", ") + ".",
                answer: .webSocket([]), refuse),
            Route.get(
                "/ws/board",
                "All that a screen shows, at each change, at most ten times a second: binary "
                    + "messages as `Engine.BoardMessage` writes them, for `ticktop attach` of the "
                    + "same version. It takes {\"type\":\"watch\",\"symbols\":[\"AAPL\"]}, which "
                    + "asks for the indicators of these tickers.",
                answer: .webSocket([.board]), refuse
            ).guarded(),
        ]
    }

    private func refuse(_ request: APIRequest) throws(Problem) -> Reply {
        _ = try topics(request, [])
        throw .upgradeRequired
    }

    /// What a session on this path listens to from the start. Throws for a ticker that is not
    /// there.
    func topics(
        _ request: APIRequest, _ channels: [StreamChannel]
    ) throws(Problem) -> Set<StreamTopic> {
        if channels == [.board] { return [.board] }
        guard !request.arguments.isEmpty else { return [] }
        let symbol = try reader.ticker(request.value(Parameters.ticker)).symbol
        return Set(channels.map { StreamTopic(channel: $0, symbol: symbol) })
    }
}
