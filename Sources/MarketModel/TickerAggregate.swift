/// A ticker's figures as one of its seconds ended: what others see of it without its trades.
public struct TickerAggregate: Equatable, Sendable {
    public var symbol: Symbol
    public var market: Market
    /// Of the event that ended the second.
    public var position: LogPosition
    /// As the windows stood at the second's end.
    public var figures: RollingFigures
    /// The newest eligible trade, the one `figures.price` shows.
    public var lastTrade: Trade
    /// When the newest event of the ticker was received.
    public var receivedAt: Timestamp?
    /// Since the session's open.
    public var sessionHigh: Price?
    public var sessionLow: Price?
    public var sessionTradeCount: Int64 = 0
    /// Of its forest; `nil` when forests are off.
    public var model: ModelStatus?

    /// Trainings of its forest; `nil` before the first.
    public var modelVersion: Int64? { model?.version }

    public init(
        symbol: Symbol, market: Market, position: LogPosition, figures: RollingFigures,
        lastTrade: Trade
    ) {
        self.symbol = symbol
        self.market = market
        self.position = position
        self.figures = figures
        self.lastTrade = lastTrade
    }
}
