import MarketModel

/// What the indicators have signalled.
extension StoredHistory {
    public func signals(
        _ symbol: Symbol?, since: Timestamp?, limit: Int
    ) throws -> [IndicatorSignal] {
        try newest(
            of: "signals", by: "at", then: "symbol, seconds, kind", symbol, since: since,
            limit: limit
        ) { try SignalRows.read($0) }
    }
}
