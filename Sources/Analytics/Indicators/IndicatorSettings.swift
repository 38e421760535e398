import MarketModel

/// Periods and thresholds of the indicators (analytics.md, section 4), in bars.
public struct IndicatorSettings: Codable, Equatable, Sendable {
    /// Of SMA, EMA and WMA, at most eight.
    public var averagePeriods = [10, 12, 20, 26, 50, 100, 200]
    public var rsiPeriod = 14
    /// RSI beyond these is a signal.
    public var rsiUpper = 70.0
    public var rsiLower = 30.0
    public var macdFastPeriod = 12
    public var macdSlowPeriod = 26
    public var macdSignalPeriod = 9
    public var bollingerPeriod = 20
    /// Standard deviations from the middle to a band.
    public var bollingerDeviations = 2.0
    public var stochasticPeriod = 14
    /// Bars that %K is smoothed over, and %D again.
    public var stochasticSlowK = 3
    public var stochasticSlowD = 3
    public var atrPeriod = 14
    public var standardDeviationPeriod = 20
    /// The two simple averages of the golden and the death cross.
    public var crossFastPeriod = 50
    public var crossSlowPeriod = 200
    /// Names of the intervals that indicators are made on, of those whose bars are sent out.
    public var intervals = AnalyticsSettings.allIntervalNames
    /// Names of the intervals whose signals are events, of those that indicators are made on.
    public var signalIntervals = ["1m", "5m", "15m", "1h", "1d"]

    public static let periodMax = 500
    static let smoothingMax = 8

    public init() {}

    /// The first value that cannot be used, as an error.
    public func validate() throws(AnalyticsSettingsError) {
        guard averagePeriods.count <= IndicatorValues.averagesMax else {
            throw .outOfRange(
                field: "average_periods", value: "\(averagePeriods.count) of them",
                allowed: "at most \(IndicatorValues.averagesMax)")
        }
        for period in averagePeriods { try check("average_periods", period, from: 1) }
        try check("rsi_period", rsiPeriod, from: 2)
        try check("macd_fast_period", macdFastPeriod, from: 2)
        try check(
            "macd_slow_period", macdSlowPeriod, from: macdFastPeriod + 1)
        try check("macd_signal_period", macdSignalPeriod, from: 1)
        try check("bollinger_period", bollingerPeriod, from: 2)
        try check("stochastic_period", stochasticPeriod, from: 1)
        try check(
            "stochastic_slow_k", stochasticSlowK, from: 1, to: IndicatorSettings.smoothingMax)
        try check(
            "stochastic_slow_d", stochasticSlowD, from: 1, to: IndicatorSettings.smoothingMax)
        try check("atr_period", atrPeriod, from: 1)
        try check("standard_deviation_period", standardDeviationPeriod, from: 2)
        try check("cross_fast_period", crossFastPeriod, from: 1)
        try check("cross_slow_period", crossSlowPeriod, from: crossFastPeriod + 1)
        try check("bollinger_deviations", bollingerDeviations, 0.01...100)
        try check("rsi_upper", rsiUpper, 50...100)
        try check("rsi_lower", rsiLower, 0...50)
        try check("intervals", intervals)
        try check("signal_intervals", signalIntervals)
    }

    private func check(_ field: String, _ names: [String]) throws(AnalyticsSettingsError) {
        for name in names where BarInterval(name: name)?.name != name {
            throw .outOfRange(field: field, value: name, allowed: "1s, 1m, 5m, 15m, 1h, 1d")
        }
    }

    private func check(
        _ field: String, _ period: Int, from low: Int, to high: Int = periodMax
    ) throws(AnalyticsSettingsError) {
        guard period >= low, period <= high else {
            throw .outOfRange(field: field, value: "\(period)", allowed: "\(low) to \(high)")
        }
    }

    private func check(
        _ field: String, _ value: Double, _ range: ClosedRange<Double>
    ) throws(AnalyticsSettingsError) {
        guard range.contains(value) else {
            throw .outOfRange(
                field: field, value: "\(value)",
                allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }
}
