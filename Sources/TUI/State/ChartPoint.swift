import MarketModel

/// The indicators that a chart may show, at one bar; `nil` while there are too few bars before it.
struct ChartPoint: Equatable, Sendable {
    /// Closes of the exponential mean.
    static let meanPeriod = 20

    var ema: Double?
    var upper: Double?
    var lower: Double?
    var rsi: Double?
    var macd: Double?
    var signal: Double?

    init(_ values: IndicatorValues) {
        ema = values.averages.first { $0.period == ChartPoint.meanPeriod }?.exponential
        upper = values.bollingerUpper
        lower = values.bollingerLower
        rsi = values.rsi
        macd = values.macd
        signal = values.macdSignal
    }
}

extension ChartSeries {
    /// At each bar, the oldest first, `nil` where nothing is known; of the open bar as it stands in
    /// the snapshot. Only the newest `count` are looked up.
    func points(last count: Int, live: IndicatorReading?) -> [ChartPoint?] {
        var points: [ChartPoint?] = Array(repeating: nil, count: bars.count)
        for index in bars.indices.suffix(count) {
            let start = bars[index].start
            if let live, live.liveStart == start, let values = live.live {
                points[index] = ChartPoint(values)
            } else {
                points[index] = pointsByStart[start]
            }
        }
        return points
    }
}
