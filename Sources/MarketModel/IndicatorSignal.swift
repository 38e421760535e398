/// What the indicators of a bar that closed say to a trader, as an event.
public struct IndicatorSignal: Equatable, BitwiseCopyable, Sendable {
    /// The raw value is stored and served.
    public enum Kind: String, CaseIterable, BitwiseCopyable, Sendable {
        /// The fast simple average has come to stand above the slow one.
        case goldenCross = "golden_cross"
        /// ... below the slow one.
        case deathCross = "death_cross"
        /// The MACD line has come to stand above its signal line.
        case macdCrossUp = "macd_cross_up"
        case macdCrossDown = "macd_cross_down"
        /// RSI has gone above its upper threshold.
        case rsiOverbought = "rsi_overbought"
        /// RSI has gone below its lower threshold.
        case rsiOversold = "rsi_oversold"
        /// A close above the upper Bollinger band, the one before it was not.
        case closeAboveBand = "close_above_band"
        /// A close below the lower Bollinger band, the one before it was not.
        case closeBelowBand = "close_below_band"
    }

    public var symbol: Symbol
    public var kind: Kind
    public var interval: BarInterval
    public var barStart: Timestamp
    /// The end of the bar: the moment the signal is dated.
    public var at: Timestamp
    public var close: Price
    /// What crossed (an average, the MACD line, RSI, the close), and what it crossed.
    public var value: Double
    public var reference: Double
    /// Of the event that closed the bar.
    public var position: LogPosition

    public init(
        symbol: Symbol, kind: Kind, interval: BarInterval, barStart: Timestamp, at: Timestamp,
        close: Price, value: Double, reference: Double, position: LogPosition
    ) {
        self.symbol = symbol
        self.kind = kind
        self.interval = interval
        self.barStart = barStart
        self.at = at
        self.close = close
        self.value = value
        self.reference = reference
        self.position = position
    }
}
