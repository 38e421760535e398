import Analytics
import Foundation
import MarketModel
import TestSupport
import Testing

/// Against TA-Lib (PyPI `TA-Lib`), from the first value it gives. In full with `TICKTOP_PROVE`.
@Suite struct `Indicators against TA-Lib` {
    private static let isFull = ProcessInfo.processInfo.environment["TICKTOP_PROVE"] != nil
    private static let count = isFull ? 100_000 : 8000

    private func check(_ runs: [Candle]..., settings: IndicatorSettings = IndicatorSettings())
        throws
    {
        try check(runs, settings)
    }

    private func check(_ runs: [[Candle]], _ settings: IndicatorSettings = IndicatorSettings())
        throws
    {
        let references = try TALibReference.of(runs, settings)
        let plan = IndicatorPlan(settings)
        for (candles, reference) in zip(runs, references) {
            var indicators = IntervalIndicators(plan)
            var closed: [[Double]] = []
            for candle in candles {
                indicators.close(candle, plan)
                let values = indicators.closed(plan)
                closed.append(TALibReference.row(try #require(values)))
            }
            let differences = reference.differences(closed, candles)
            #expect(differences == [], "a run of \(candles.count)")
        }
    }

    @Test func `real minutes, real days and a walk in cents, one after the other`() throws {
        let real = try CandleRuns.real("sp500-minutes") + CandleRuns.real("aapl-days")
        let walk = CandleRuns.walk(
            Self.count - real.count, seed: 1, price: 190_420_000_000, tick: 10_000_000)
        try check(real + walk)
    }

    @Test(arguments: [
        (seed: UInt64(2), price: Int64(190_420_000_000), tick: Int64(10_000_000)),
        (3, 12_340, 10), (4, 950_000_000_000_000_000, 1_000_000_000),
        (5, 43_120_010_000_000, 10_000_000),
    ])
    func `generated bars at any price`(
        seed: UInt64, price: Int64, tick: Int64
    ) throws {
        try check(CandleRuns.walk(Self.count, seed: seed, price: price, tick: tick))
    }

    @Test func `real bars alone`() throws {
        try check(CandleRuns.real("sp500-minutes"), CandleRuns.real("aapl-days"))
    }

    @Test func `constant prices, from the start and after a move`() throws {
        let constant = Array(repeating: CandleRuns.flat(100_100_000_000), count: Self.count)
        // Some 9 600 equal closes after a move, gain and loss are too small for a binary number to
        // hold, and RSI, their ratio, is noise in TA-Lib too.
        let moved = try CandleRuns.real("sp500-minutes").prefix(300)
        try check(
            constant,
            moved
                + Array(
                    repeating: CandleRuns.flat(3_080_490_000_000),
                    count: Self.isFull ? 9000 : 3000))
    }

    @Test func `few bars`() throws {
        let bars = try CandleRuns.real("sp500-minutes")
        let counts = [1, 2, 3, 10, 11, 12, 13, 14, 15, 17, 18, 20, 26, 33, 34, 50]
        try check(counts.map { Array(bars.prefix($0)) })
    }

    @Test func `other periods`() throws {
        var settings = IndicatorSettings()
        settings.averagePeriods = [1, 2, 7, 365, 500]
        settings.rsiPeriod = 2
        settings.macdFastPeriod = 5
        settings.macdSlowPeriod = 35
        settings.macdSignalPeriod = 1
        settings.bollingerPeriod = 50
        settings.bollingerDeviations = 2.5
        settings.stochasticPeriod = 5
        settings.stochasticSlowK = 1
        settings.stochasticSlowD = 8
        settings.atrPeriod = 1
        settings.standardDeviationPeriod = 7
        settings.crossSlowPeriod = 60
        try check(
            CandleRuns.walk(5000, seed: 6, price: 50_000_000_000, tick: 10_000_000),
            settings: settings)
    }
}
