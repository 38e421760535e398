import Foundation
import MarketModel

/// What decides the figures besides the events themselves. Travels in the log, so that a replay
/// uses the same.
public struct AnalyticsSettings: Codable, Equatable, Sendable {
    /// How `volume_zscore` is computed.
    public enum VolumeZScoreMode: String, Codable, Sendable {
        /// Ten seconds against the 200 before them.
        case slots
        /// The size of this trade against those of the last 20, itself included.
        case trade
    }

    /// How far behind its ticker's watermark a trade may be and still count. From 0 to
    /// `latenessSecondsMax`.
    public var latenessSeconds: Double = 2
    /// Names of the intervals whose bars are sent out: `1s`, `1m`, `5m`, `15m`, `1h`, `1d`.
    public var barIntervals = AnalyticsSettings.allIntervalNames
    /// Whether a ticker's feature vector is stored once a second.
    public var featureRowsAreOn = true
    /// Whether articles are joined with the volume around them.
    public var newsJoinIsOn = true
    public var volumeZScoreMode = VolumeZScoreMode.slots
    public var sentimentLexicon = SentimentLexiconName.vader
    /// Distinct tickers the engine keeps; one more is a dead letter.
    public var symbolsMax = 20_000
    public var rules = RuleSettings()
    public var forest = ForestSettings()
    public var indicators = IndicatorSettings()

    /// A minute's volume is taken as complete 60 s after its end, so nothing may arrive later than
    /// that.
    public static let latenessSecondsMax = 60.0

    static let allIntervalNames = BarInterval.allCases.map(\.name)

    public init() {}

    public var latenessNanoseconds: Int64 { Int64((latenessSeconds * 1e9).rounded()) }

    /// Whether bars are made at all: they are sent out, or a rule compares with them. Without them
    /// nothing of them takes memory or time.
    public var makesBars: Bool { !barIntervals.isEmpty || rules.compareMinutes }

    /// The intervals that exist among `barIntervals`, finest first.
    public var intervals: [BarInterval] {
        // Asked for each new ticker, and nearly always all of them.
        if barIntervals == AnalyticsSettings.allIntervalNames { return BarInterval.allCases }
        return BarInterval.allCases.filter { barIntervals.contains($0.name) }
    }
}

/// Thresholds of the rules of analytics.md section 5. A rule that is off never fires.
public struct RuleSettings: Codable, Equatable, Sendable {
    public var priceSpikeIsOn = true
    public var priceSpikePercent = 5.0
    public var volumeSpikeIsOn = true
    /// Times the mean minute.
    public var volumeSpikeRatio = 3.0
    public var velocityIsOn = true
    public var velocityPercent = 0.5
    public var crossedMarketIsOn = true
    public var crossedMarketSeconds = 1.0
    public var sequenceGapIsOn = true
    public var newsCorrelationIsOn = true
    public var rsiExtremeIsOn = true
    /// RSI of closed one-minute bars beyond these, by the period of the indicators.
    public var rsiExtremeUpper = 70.0
    public var rsiExtremeLower = 30.0
    public var staleFeedIsOn = true
    public var staleFeedSeconds = 10.0
    public var latencyIsOn = true
    public var latencyMilliseconds = 100.0

    public init() {}

    /// Some rule compares trades with the minutes before them.
    public var compareMinutes: Bool { priceSpikeIsOn || volumeSpikeIsOn }

    /// Some rule looks at every trade.
    public var lookAtTrades: Bool { compareMinutes || velocityIsOn }
}

/// Why settings cannot be used.
public enum AnalyticsSettingsError: Error, Equatable {
    /// Not JSON, or a field is missing or of another type; the reason is for people.
    case unreadable(reason: String)
    /// A value that no figure could be computed with.
    case outOfRange(field: String, value: String, allowed: String)
}

extension AnalyticsSettings {
    /// One line of JSON with sorted keys: the same settings always give the same text.
    public var json: String {
        get throws(AnalyticsSettingsError) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            do {
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            } catch {
                throw AnalyticsSettingsError.unreadable(reason: String(describing: error))
            }
        }
    }

    /// Reads what `json` wrote and checks every range.
    public init(json text: String) throws(AnalyticsSettingsError) {
        do {
            self = try JSONDecoder().decode(AnalyticsSettings.self, from: Data(text.utf8))
        } catch {
            throw AnalyticsSettingsError.unreadable(reason: String(describing: error))
        }
        try validate()
    }

    /// The first value that cannot be used, as an error.
    public func validate() throws(AnalyticsSettingsError) {
        try check("lateness_seconds", latenessSeconds, in: 0...AnalyticsSettings.latenessSecondsMax)
        for name in barIntervals where BarInterval(name: name)?.name != name {
            throw AnalyticsSettingsError.outOfRange(
                field: "bar_intervals", value: name, allowed: "1s, 1m, 5m, 15m, 1h, 1d")
        }
        try check("symbols_max", Double(symbolsMax), in: 1...1_000_000)
        try check("price_spike_percent", rules.priceSpikePercent, in: 1e-6...1e6)
        try check("volume_spike_ratio", rules.volumeSpikeRatio, in: 1e-6...1e6)
        try check("velocity_percent", rules.velocityPercent, in: 1e-6...1e6)
        try check("crossed_market_seconds", rules.crossedMarketSeconds, in: 0...86_400)
        try check("rsi_extreme_upper", rules.rsiExtremeUpper, in: 50...100)
        try check("rsi_extreme_lower", rules.rsiExtremeLower, in: 0...50)
        try indicators.validate()
        try check("stale_feed_seconds", rules.staleFeedSeconds, in: 0.001...86_400)
        try check("latency_milliseconds", rules.latencyMilliseconds, in: 0.001...86_400_000)
        try check("forest_trees", Double(forest.trees), in: 1...1000)
        try check("forest_samples", Double(forest.samples), in: 2...256)
        try check("forest_contamination", forest.contamination, in: 0...0.5)
        try check("forest_score_max", forest.scoreMax, in: -1...0)
        try check("forest_hit_deviations", forest.hitDeviations, in: 0...1000)
        try check("forest_set_aside_seconds", forest.setAsideSeconds, in: 0...900)
        try check("forest_train_every", Double(forest.trainEvery), in: 1...1_000_000)
        try check("forest_seconds_between", forest.secondsBetween, in: 0...86_400)
        try check("forest_tickers_max", Double(forest.tickersMax), in: 0...20_000)
    }

    private func check(_ field: String, _ value: Double, in range: ClosedRange<Double>)
        throws(AnalyticsSettingsError)
    {
        guard range.contains(value) else {
            throw AnalyticsSettingsError.outOfRange(
                field: field, value: "\(value)",
                allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }
}
