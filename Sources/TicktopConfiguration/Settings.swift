import MarketModel

/// The configuration as the rest of the program takes it.
public struct Settings: Equatable, Sendable {
    public var feed: FeedSettings
    public var store: StoreSettings
    public var deadLetters: DeadLetterKeys
    public var analytics: AnalyticsKeys
    public var indicators: IndicatorKeys
    public var rules: RuleKeys
    public var news: NewsSettings
    public var forest: ForestKeys
    public var screen: ScreenSettings
    public var api: PortSettings
    public var kafka: KafkaKeys
}

public struct FeedSettings: Equatable, Sendable {
    public enum Provider: String, CaseIterable, Sendable {
        case demo, massive, binance
        /// Whatever `ticktop ingest` publishes.
        case kafka
    }

    public var provider: Provider
    /// `nil` for the provider's own.
    public var url: String?
    /// Empty for the provider's defaults.
    public var tickers: [Symbol]
    public var seed: UInt64
    public var eventsPerSecond: Double
}

public struct StoreSettings: Equatable, Sendable {
    public var path: String
    public var bytesMax: Int64
    public var commitIntervalMilliseconds: Int64
    public var commitEvents: Int
    /// Times to live; `nil` keeps for good. Bars of a day are always kept.
    public var tradesLife: Duration?
    public var quotesLife: Duration?
    public var featuresLife: Duration?
    public var newsLife: Duration?
    public var episodesLife: Duration?
    public var signalsLife: Duration?
    public var deadLettersLife: Duration?
    /// Without an interval that is kept for good.
    public var barsLife: [BarInterval: Duration]
    public var keepsJournal: Bool
}

/// What they mean is `RetrySchedule`.
public struct DeadLetterKeys: Equatable, Sendable {
    public var attempts: Int
    public var attemptPause: Duration
    /// Zero: nothing happens by itself.
    public var retryInterval: Duration
    public var retries: Int
}

public struct AnalyticsKeys: Equatable, Sendable {
    public var latenessSeconds: Double
    /// `slots` or `trade`
    public var volumeZScoreMode: String
    /// Names of bar intervals.
    public var barIntervals: [String]
    public var featureRowsAreOn: Bool
    public var symbolsMax: Int
}

/// In bars; what they mean is `IndicatorSettings`.
public struct IndicatorKeys: Equatable, Sendable {
    public var averagePeriods: [Int]
    public var rsiPeriod: Int
    public var rsiUpper: Double
    public var rsiLower: Double
    public var macdFastPeriod: Int
    public var macdSlowPeriod: Int
    public var macdSignalPeriod: Int
    public var bollingerPeriod: Int
    public var bollingerDeviations: Double
    public var stochasticPeriod: Int
    public var stochasticSlowK: Int
    public var stochasticSlowD: Int
    public var atrPeriod: Int
    public var standardDeviationPeriod: Int
    public var crossFastPeriod: Int
    public var crossSlowPeriod: Int
    /// Names of bar intervals.
    public var intervals: [String]
    public var signalIntervals: [String]
}

public struct RuleKeys: Equatable, Sendable {
    public var priceSpikeIsOn: Bool
    public var priceSpikePercent: Double
    public var volumeSpikeIsOn: Bool
    public var volumeSpikeRatio: Double
    public var velocityIsOn: Bool
    public var velocityPercent: Double
    public var crossedMarketIsOn: Bool
    public var crossedMarketSeconds: Double
    public var sequenceGapIsOn: Bool
    public var newsCorrelationIsOn: Bool
    public var rsiExtremeIsOn: Bool
    public var rsiExtremeUpper: Double
    public var rsiExtremeLower: Double
    public var staleFeedIsOn: Bool
    public var staleFeedSeconds: Double
    public var latencyIsOn: Bool
    public var latencyMilliseconds: Double
}

public struct ForestKeys: Equatable, Sendable {
    public var isOn: Bool
    public var trees: Int
    public var samples: Int
    public var contamination: Double
    public var scoreMax: Double
    public var isCalibrated: Bool
    public var hitDeviations: Double
    public var setAsideSeconds: Double
    public var trainEvery: Int
    public var secondsBetween: Double
    public var tickersMax: Int
}

public struct ScreenSettings: Equatable, Sendable {
    public var theme: String
    /// `auto`, `truecolor`, `256`, `16` or `none`
    public var color: String
    /// `unicode` or `ascii`
    public var glyphs: String
    /// `green-red`, `red-green` or `blue-orange`
    public var upDown: String
    public var staleAfter: Duration
    public var updatesPerSecond: Int
    public var mouseIsOn: Bool
    public var bellIsOn: Bool
    /// `exchange`, `local` or `utc`
    public var clock: String
}

public struct PortSettings: Equatable, Sendable {
    public var isEnabled: Bool
    public var address: String
    public var port: Int
    /// 0 for no limit.
    public var requestsPerMinuteMax: Int
    /// At the same time.
    public var connectionsMax: Int
    public var allowedHosts: [String]
}
