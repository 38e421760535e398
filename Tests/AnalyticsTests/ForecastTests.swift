import Analytics
import Foundation
import MarketModel
import TestSupport
import Testing

@Suite struct `A forecast from one-minute bars` {
    private struct Reference: Decodable {
        var forecast: Double
        var trained: Int
        var scored: Int
        var error: Double
        var naive: Double
    }

    /// A walk in cents that answers its last step with a step back, `pull` of it.
    private func bars(_ minutes: some Sequence<Int>, seed: UInt64 = 7, pull: Double = 0.4) -> [Bar]
    {
        var random = SeededRandom(seed: seed)
        var price = 20_000.0
        var step = 0.0
        return minutes.map { minute in
            let noise = (0..<4).map { _ in Double.random(in: -6...6, using: &random) }
            step = noise.reduce(0, +) - pull * step
            price += step
            var bar = Bar(
                symbol: "AAPL", interval: .minute,
                start: TestMorning.open.advanced(by: .seconds(60 * minute)))
            bar.close = Price(units: Int64(price.rounded()) * (Price.scale / 100))
            bar.isFinal = true
            return bar
        }
    }

    private func reference(_ bars: [Bar]) throws -> Reference? {
        let input: [String: Any] = [
            "minutes": bars.map { $0.start.secondsFloor / 60 },
            "closes": bars.map { Double($0.close?.units ?? 0) / Double(Price.scale) },
        ]
        let output = try ReferenceProgram.run(
            "Tests/AnalyticsTests/Reference/ridge.py",
            input: try JSONSerialization.data(withJSONObject: input))
        return try JSONDecoder().decode(Reference?.self, from: output)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `is what scikit-learn's ridge regression says, with the same walk-forward error`(
        seed: UInt64
    ) throws {
        // 900 minutes with holes in them.
        let holes: Set<Int> = [100, 101, 333, 640]
        let bars = bars((0..<900).filter { !holes.contains($0) }, seed: seed)
        let made = try #require(RidgeForecaster.forecast(bars))
        let expected = try #require(try reference(bars))
        #expect(made.trainedOn == expected.trained)
        #expect(made.score.forecasts == expected.scored)
        #expect(abs(made.forecast.asDouble / expected.forecast - 1) < 1e-9)
        #expect(abs(made.score.error / expected.error - 1) < 1e-7)
        #expect(abs(made.score.naiveError / expected.naive - 1) < 1e-9)
        #expect(made.madeAt == bars.last?.start.advanced(by: .seconds(60)))
        #expect(made.price == bars.last?.close && made.horizon == .seconds(300))
    }

    @Test func `beats the naive one where the past tells something, and says so`() throws {
        let telling = try #require(RidgeForecaster.forecast(bars(0..<1500, pull: 0.9)))
        #expect(telling.score.beatsNaive)
        #expect(telling.score.forecasts == 390)
    }

    @Test func `is there from 150 examples on, and not before`() throws {
        // Ten returns before the first example, five minutes after the last.
        #expect(RidgeForecaster.forecast(bars(0..<164)) == nil)
        let first = try #require(RidgeForecaster.forecast(bars(0..<165)))
        #expect(first.trainedOn == 150 && first.score.forecasts == 30)
        #expect(try reference(bars(0..<164)) == nil)
    }

    @Test func `is not made from a run that has a hole at its end`() throws {
        #expect(RidgeForecaster.forecast(bars(0..<400)) != nil)
        #expect(RidgeForecaster.forecast(bars(Array(0..<395) + [396, 397, 398, 399, 400])) == nil)
        var open = bars(0..<400)
        open[399].isFinal = false
        #expect(RidgeForecaster.forecast(open)?.price == open[398].close)
    }

    @Test func `of a price that never moves is that price`() throws {
        var still = bars(0..<400)
        for index in still.indices { still[index].close = "12.5" }
        let made = try #require(RidgeForecaster.forecast(still))
        #expect(made.forecast == "12.5")
        #expect(made.score.error == 0 && made.score.naiveError == 0 && !made.score.beatsNaive)
    }
}
