import MarketModel

/// The indicators at each of a run of bars, begun with the first of them.
public struct IndicatorSeries: Sendable {
    /// One for each bar that has prices, the oldest first.
    public let points: [IndicatorPoint]

    /// `bars` of one ticker and interval, the oldest first. A last bar that is not final counts as
    /// if it closed now. `settings` must have passed `validate`.
    ///
    /// A value differs from the engine's by as much as the bars before the first of these weigh in
    /// it: nothing in a simple average, e^-2 of the first exponential average after one period.
    public init(bars: [Bar], settings: IndicatorSettings) {
        let plan = IndicatorPlan(settings)
        var indicators = IntervalIndicators(plan)
        var points: [IndicatorPoint] = []
        points.reserveCapacity(bars.count)
        for bar in bars {
            guard let candle = Candle(bar) else { continue }
            indicators.close(candle, plan)
            guard let values = indicators.closed(plan) else { continue }
            points.append(IndicatorPoint(start: bar.start, values: values))
        }
        self.points = points
    }
}
