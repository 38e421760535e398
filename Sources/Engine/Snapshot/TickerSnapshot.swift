import MarketModel

/// One ticker's figures at the moment of a snapshot.
public struct TickerSnapshot: Sendable {
    public var symbol: Symbol
    public var market: Market
    public var figures: RollingFigures
    /// The newest eligible trade, the one `figures.price` shows.
    public var lastTrade: Trade?
    /// The newest print of any kind: odd lots and late reports too.
    public var lastPrint: Trade?
    public var quote: Quote?
    public var band: PriceBand?
    /// When the newest event of this ticker was received: its age on the screen.
    public var receivedAt: Timestamp?
    /// Since the session's open.
    public var sessionHigh: Price?
    public var sessionLow: Price?
    public var sessionTradeCount: Int64
    /// Of trades behind the watermark by more than lateness: in no window and no bar.
    public var lateVolume: Volume
    /// Trades with a condition the table does not know.
    public var unknownConditionCount: Int64
    public var features: FeatureVector?
    /// The isolation forest's; `nil` when forests are off.
    public var model: ModelStatus?
    /// The bars not final yet, coarsest last; of one interval the older first.
    public var provisionalBars: [Bar]
    /// Of each interval that has had a closed bar, the finest first; `nil` when the snapshot leaves
    /// them out, because there are many tickers and nobody watches this one
    /// (`SnapshotBoard.watch`).
    public var indicators: [IndicatorReading]?
    /// The newest eight, the newest first.
    public var signals: [IndicatorSignal] = []

    /// Who has computed it.
    public var origin = Origin.engine

    public enum Origin: String, CaseIterable, Sendable {
        /// The engine of this node.
        case engine
        /// An engine elsewhere, which tells it on the derived topics: as its last second ended.
        case derived
    }

    public init(symbol: Symbol, market: Market, figures: RollingFigures = RollingFigures()) {
        self.symbol = symbol
        self.market = market
        self.figures = figures
        sessionTradeCount = 0
        lateVolume = .zero
        unknownConditionCount = 0
        provisionalBars = []
    }

    /// One that others tell.
    init(told symbol: Symbol, market: Market) {
        self.init(symbol: symbol, market: market)
        origin = .derived
    }
}
