import AllocationCount
import Analytics
import Foundation
import MarketModel

/// Indicators, patterns and signals of every closed bar, one bar after the other, as a stream.
///
/// The file holds open, high, low and close of each bar as little-endian Int64 price units. What
/// the engine does when a bar closes is `close`; `close_and_values` makes all values of every bar
/// besides, which the engine does only for who looks, and which the peer does for every bar.
enum IndicatorsBenchmark {
    struct Findings: Encodable {
        var bars: Int
        var close_nanoseconds_per_bar: Double
        var close_and_values_nanoseconds_per_bar: Double
        /// From the thousandth bar on, both together.
        var allocations_per_bar: Double
        /// Six intervals with all windows full.
        var bytes_per_ticker: Int
        /// At the last bar, under the peer's names.
        var last: [String: Double]
    }

    private static let passes = 5

    static func measure(_ path: String) throws -> Findings {
        let candles = try read(path)
        let plan = IndicatorPlan(IndicatorSettings())
        var closes: [Double] = []
        var both: [Double] = []
        var allocations = 0.0
        var last: [String: Double] = [:]
        for _ in 0..<passes {
            closes.append(close(candles, plan))
            let found = closeAndValue(candles, plan)
            both.append(found.nanoseconds)
            allocations = max(allocations, found.allocations)
            last = found.last
        }
        return Findings(
            bars: candles.count, close_nanoseconds_per_bar: median(closes),
            close_and_values_nanoseconds_per_bar: median(both),
            allocations_per_bar: allocations, bytes_per_ticker: bytesPerTicker(candles, plan),
            last: last)
    }

    private static func close(_ candles: [Candle], _ plan: IndicatorPlan) -> Double {
        var indicators = IntervalIndicators(plan)
        let began = SystemClock.monotonicNanoseconds
        for candle in candles { indicators.close(candle, plan) }
        let spent = SystemClock.monotonicNanoseconds - began
        precondition(indicators.barCount == candles.count, "a bar was left out")
        return Double(spent) / Double(candles.count)
    }

    private static func closeAndValue(
        _ candles: [Candle], _ plan: IndicatorPlan
    ) -> (nanoseconds: Double, allocations: Double, last: [String: Double]) {
        var indicators = IntervalIndicators(plan)
        var allocationsBefore: UInt64 = 0
        var values = IndicatorValues()
        let began = SystemClock.monotonicNanoseconds
        for (index, candle) in candles.enumerated() {
            if index == 1000 { allocationsBefore = allocation_count() }
            indicators.close(candle, plan)
            values = indicators.closedValues(plan)
        }
        let spent = SystemClock.monotonicNanoseconds - began
        let allocations = allocation_count() - allocationsBefore
        let count = Double(candles.count)
        return (Double(spent) / count, Double(allocations) / count, named(values))
    }

    private static func named(_ values: IndicatorValues) -> [String: Double] {
        let longest = values.averages.last
        let found: [String: Double?] = [
            "sma": longest?.simple, "ema": longest?.exponential, "wma": longest?.weighted,
            "rsi": values.rsi, "macd_signal": values.macdSignal, "upper": values.bollingerUpper,
            "slow_d": values.stochasticD, "atr": values.averageTrueRange,
            "stddev": values.standardDeviation,
        ]
        return found.compactMapValues { $0 }
    }

    private static func bytesPerTicker(_ candles: [Candle], _ plan: IndicatorPlan) -> Int {
        var ticker = TickerIndicators()
        var signals: [IndicatorSignal] = []
        for interval in BarInterval.allCases {
            for (index, candle) in candles.prefix(1000).enumerated() {
                let start = Timestamp(seconds: Int64(index) * interval.rawValue)
                _ = ticker.close(
                    Bar(
                        symbol: "AAPL", interval: interval, start: start,
                        open: Price(units: candle.open), high: Price(units: candle.high),
                        low: Price(units: candle.low), close: Price(units: candle.close)),
                    market: .continuous, position: .start, plan, into: &signals)
            }
        }
        return ticker.byteCount + MemoryLayout<TickerIndicators>.stride
    }

    private static func read(_ path: String) throws -> [Candle] {
        let bytes = try Data(contentsOf: URL(filePath: path))
        return bytes.withUnsafeBytes { raw in
            let prices = raw.bindMemory(to: Int64.self)
            return stride(from: 0, to: prices.count - 3, by: 4).map {
                Candle(
                    open: prices[$0], high: prices[$0 + 1], low: prices[$0 + 2],
                    close: prices[$0 + 3])
            }
        }
    }
}
