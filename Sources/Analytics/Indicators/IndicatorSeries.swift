import MarketModel

/// The indicators at each of a run of bars, begun with the first of them.
public struct IndicatorSeries: Sendable {
    /// One for each of the last bars that have prices, the oldest first.
    public let points: [IndicatorPoint]

    /// `bars` of one ticker and interval, the oldest first. A last bar that is not final counts as
    /// if it closed now. Points are made of the last `count` bars only. `settings` must have passed
    /// `validate`.
    ///
    /// A value differs from the engine's by as much as the bars before the first of these weigh in
    /// it: nothing in a simple average, e^-2 of the first exponential average after one period.
    public init(bars: [Bar], settings: IndicatorSettings, last count: Int = .max) {
        let plan = IndicatorPlan(settings)
        var indicators = IntervalIndicators(plan)
        var points: [IndicatorPoint] = []
        points.reserveCapacity(min(count, bars.count))
        for (index, bar) in bars.enumerated() {
            guard let candle = Candle(bar) else { continue }
            indicators.close(candle, plan)
            guard bars.count - index <= count, let values = indicators.closed(plan) else {
                continue
            }
            points.append(IndicatorPoint(start: bar.start, isFinal: bar.isFinal, values: values))
        }
        self.points = points
    }
}
