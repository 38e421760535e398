/// The indicators of analytics.md section 4 at one bar. `nil` until there are as many bars as
/// TA-Lib needs for its first value.
public struct IndicatorValues: BitwiseCopyable, Sendable {
    public static let averagesMax = 8

    /// The simple, exponential and weighted mean of the closes of one period.
    public struct MovingAverages: BitwiseCopyable, Sendable {
        public let period: Int
        // Not a number while there is none.
        private var simpleOrNone = Double.nan
        private var exponentialOrNone = Double.nan
        private var weightedOrNone = Double.nan

        public var simple: Double? {
            get { simpleOrNone.isNaN ? nil : simpleOrNone }
            set { simpleOrNone = newValue ?? .nan }
        }
        public var exponential: Double? {
            get { exponentialOrNone.isNaN ? nil : exponentialOrNone }
            set { exponentialOrNone = newValue ?? .nan }
        }
        public var weighted: Double? {
            get { weightedOrNone.isNaN ? nil : weightedOrNone }
            set { weightedOrNone = newValue ?? .nan }
        }

        public init(period: Int) { self.period = period }
    }

    private var averageSlots: InlineArray<8, MovingAverages>
    private var averageCount = 0
    /// From 0 to 100.
    public var rsi: Double?
    /// The two lines come together, with the first value of the signal line; the histogram is their
    /// difference.
    public var macd: Double?
    public var macdSignal: Double?
    /// In currency units, as are the bands.
    public var standardDeviation: Double?
    public var bollingerUpper: Double?
    public var bollingerMiddle: Double?
    public var bollingerLower: Double?
    /// Slow %K and %D, from 0 to 100, together from the first %D.
    public var stochasticK: Double?
    public var stochasticD: Double?
    public var averageTrueRange: Double?
    public var patterns = CandlePatterns()

    public init() {
        averageSlots = InlineArray(repeating: MovingAverages(period: 0))
    }

    /// Ascending by period.
    public var averages: [MovingAverages] { (0..<averageCount).map { averageSlots[$0] } }

    public var macdHistogram: Double? {
        guard let macd, let macdSignal else { return nil }
        return macd - macdSignal
    }

    /// Adds the next longer period; at most `averagesMax` of them.
    public mutating func append(_ averages: MovingAverages) {
        averageSlots[averageCount] = averages
        averageCount += 1
    }
}

/// Candlestick patterns that end with a bar, as TA-Lib's CDL functions flag them: 0 for none, 100
/// and 80 (edges touch) bullish, negative bearish.
public struct CandlePatterns: BitwiseCopyable, Equatable, Sendable {
    public var doji: Int8 = 0
    public var hammer: Int8 = 0
    public var shootingStar: Int8 = 0
    public var engulfing: Int8 = 0
    public var harami: Int8 = 0
    public var morningStar: Int8 = 0
    public var eveningStar: Int8 = 0

    public init() {}

    /// Under the names of the API, the ones that are not 0 only.
    public var named: [(name: String, strength: Int8)] {
        [
            ("doji", doji), ("hammer", hammer), ("shooting_star", shootingStar),
            ("engulfing", engulfing), ("harami", harami), ("morning_star", morningStar),
            ("evening_star", eveningStar),
        ].filter { $0.1 != 0 }.map { (name: $0.0, strength: $0.1) }
    }
}

/// Where the indicators of one interval stand: at the last closed bar, and with the open one.
public struct IndicatorReading: Sendable {
    public var interval: BarInterval
    /// Closed bars with prices that the values are made from: how far the warm-up has got.
    public var barCount: Int64
    /// Start of the last closed bar; `nil` before the first.
    public var closedStart: Timestamp?
    /// At the last closed bar; `nil` before the first.
    public var closed: IndicatorValues?
    /// As if the open bar closed now; `nil` while no bar with prices is open.
    public var live: IndicatorValues?
    /// Start of the open bar that `live` is of.
    public var liveStart: Timestamp?

    public init(interval: BarInterval, barCount: Int64 = 0) {
        self.interval = interval
        self.barCount = barCount
    }
}

/// The indicators at one bar of a series.
public struct IndicatorPoint: Sendable {
    public var start: Timestamp
    /// False while the bar is open.
    public var isFinal: Bool
    public var values: IndicatorValues

    public init(start: Timestamp, isFinal: Bool, values: IndicatorValues) {
        self.start = start
        self.isFinal = isFinal
        self.values = values
    }
}
