import MarketModel

/// The settings of the indicators as a closing bar needs them: flat, sorted, weights worked out.
public struct IndicatorPlan: BitwiseCopyable, Sendable {
    /// Ascending, the first `averageCount` of them filled.
    let averagePeriods: InlineArray<8, Int>
    let averageWeights: InlineArray<8, Double>
    /// What sums in steps of a narrow ring are divided by for the simple and the weighted mean.
    let simpleDivisors: InlineArray<8, Double>
    let weightedDivisors: InlineArray<8, Double>
    let averageCount: Int
    let rsiPeriod: Int
    let rsiUpper: Double
    let rsiLower: Double
    let macdFastPeriod: Int
    let macdSlowPeriod: Int
    let macdSignalPeriod: Int
    let macdFastWeight: Double
    let macdSlowWeight: Double
    let macdSignalWeight: Double
    let bollingerPeriod: Int
    let bollingerDeviations: Double
    let stochasticPeriod: Int
    let stochasticSlowK: Int
    let stochasticSlowD: Int
    let atrPeriod: Int
    let standardDeviationPeriod: Int
    let crossFastPeriod: Int
    let crossSlowPeriod: Int
    /// One bit a level of bars: whether indicators are made on it.
    let levels: UInt8
    /// One bit a level of bars: whether its signals are events.
    let signalLevels: UInt8
    /// Closes that the longest window looks back over.
    let closesKept: Int
    /// Whole candles that patterns and the stochastic look back over.
    let candlesKept: Int

    /// `settings` must have passed `validate`.
    public init(_ settings: IndicatorSettings) {
        let periods = Set(settings.averagePeriods).sorted()
        var sorted = InlineArray<8, Int>(repeating: 0)
        var weights = InlineArray<8, Double>(repeating: 0)
        var simple = weights
        var weighted = weights
        for (index, period) in periods.enumerated() {
            sorted[index] = period
            weights[index] = IndicatorPlan.weight(period)
            simple[index] = Double(period) * CandleRing.stepsPerCurrencyUnit
            // 1 + 2 + ... + period.
            weighted[index] = simple[index] * Double(period + 1) / 2
        }
        averagePeriods = sorted
        averageWeights = weights
        simpleDivisors = simple
        weightedDivisors = weighted
        averageCount = periods.count
        rsiPeriod = settings.rsiPeriod
        rsiUpper = settings.rsiUpper
        rsiLower = settings.rsiLower
        macdFastPeriod = settings.macdFastPeriod
        macdSlowPeriod = settings.macdSlowPeriod
        macdSignalPeriod = settings.macdSignalPeriod
        macdFastWeight = IndicatorPlan.weight(macdFastPeriod)
        macdSlowWeight = IndicatorPlan.weight(macdSlowPeriod)
        macdSignalWeight = IndicatorPlan.weight(macdSignalPeriod)
        bollingerPeriod = settings.bollingerPeriod
        bollingerDeviations = settings.bollingerDeviations
        stochasticPeriod = settings.stochasticPeriod
        stochasticSlowK = settings.stochasticSlowK
        stochasticSlowD = settings.stochasticSlowD
        atrPeriod = settings.atrPeriod
        standardDeviationPeriod = settings.standardDeviationPeriod
        crossFastPeriod = settings.crossFastPeriod
        crossSlowPeriod = settings.crossSlowPeriod
        levels = IndicatorPlan.levels(settings.intervals)
        signalLevels = IndicatorPlan.levels(settings.signalIntervals)
        closesKept = max(
            periods.last ?? 1, settings.crossSlowPeriod, settings.macdSlowPeriod,
            settings.bollingerPeriod, settings.standardDeviationPeriod, CandleTotals.candlesKept)
        candlesKept = max(settings.stochasticPeriod - 1, CandleTotals.candlesKept)
    }

    /// What the newest value counts for in an exponential average.
    private static func weight(_ period: Int) -> Double { 2.0 / (Double(period) + 1.0) }

    private static func levels(_ names: [String]) -> UInt8 {
        names.reduce(0) { levels, name in
            BarInterval(name: name).map { levels | 1 << UInt8($0.level) } ?? levels
        }
    }

    func isMade(level: Int) -> Bool { levels >> UInt8(level) & 1 == 1 }

    func raisesSignals(level: Int) -> Bool { signalLevels >> UInt8(level) & 1 == 1 }
}
