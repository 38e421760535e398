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
    /// At each of the newest `count` bars, the oldest first, `nil` where nothing is known; of the
    /// open bar as it stands in the snapshot.
    func points(last count: Int, live: IndicatorReading?) -> [ChartPoint?] {
        bars.suffix(count).map { bar in
            if let live, live.liveStart == bar.start, let values = live.live {
                return ChartPoint(values)
            }
            return pointsByStart[bar.start]
        }
    }
}
