import Analytics
import MarketModel

extension TickerState {
    /// What others see of the ticker as its second ends; `nil` before its first eligible trade.
    mutating func aggregate(at position: LogPosition, model: ModelStatus?) -> TickerAggregate? {
        guard let trade = lastEligible else { return nil }
        var figures = RollingFigures()
        windows.writeFigures(&figures, quote: quote)
        var aggregate = TickerAggregate(
            symbol: symbol, market: market, position: position, figures: figures,
            lastTrade: trade)
        aggregate.receivedAt = receivedAt == .distantPast ? nil : receivedAt
        aggregate.sessionHigh = windows.sessionHigh
        aggregate.sessionLow = windows.sessionLow
        aggregate.sessionTradeCount = windows.sessionTradeCount
        aggregate.model = model
        return aggregate
    }
}
