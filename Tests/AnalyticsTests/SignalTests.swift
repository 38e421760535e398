import Analytics
import MarketModel
import TestSupport
import Testing

@Suite struct `Indicator signals` {
    /// Signals of one-minute bars with these closes, by the number of the bar.
    private func signals(
        _ candles: [Candle], interval: BarInterval = .minute,
        _ settings: IndicatorSettings = IndicatorSettings()
    ) -> [(index: Int, signal: IndicatorSignal)] {
        let plan = IndicatorPlan(settings)
        var ticker = TickerIndicators()
        var found: [(index: Int, signal: IndicatorSignal)] = []
        for (index, candle) in candles.enumerated() {
            var raised: [IndicatorSignal] = []
            _ = ticker.close(
                Bar(
                    symbol: "AAPL", interval: interval, start: start(index, interval),
                    open: Price(units: candle.open), high: Price(units: candle.high),
                    low: Price(units: candle.low), close: Price(units: candle.close)),
                market: .continuous, position: LogPosition(epoch: 0, offset: Int64(index)), plan,
                into: &raised)
            found += raised.map { (index, $0) }
        }
        return found
    }

    private func start(_ index: Int, _ interval: BarInterval = .minute) -> Timestamp {
        TestMorning.open.advanced(byNanoseconds: Int64(index) * interval.rawValue * 1_000_000_000)
    }

    /// A close in cents, as a bar of one trade.
    private func cents(_ close: Int) -> Candle { CandleRuns.flat(Int64(close) * 10_000_000) }

    @Test func `constant prices raise none, in cents or off the grid`() {
        for price in [10_010_000_000, 100_100_000_000, 3_333_333_333_333, 100_000_000_000_000_001] {
            let run = Array(repeating: CandleRuns.flat(Int64(price)), count: 600)
            #expect(signals(run).isEmpty)
        }
    }

    @Test func `the fast average passing the slow one is a golden, then a death cross`() throws {
        let run = (0..<700).map {
            cents($0 < 300 ? 10_000 - $0 : $0 < 480 ? 9400 + $0 : 10_360 - $0)
        }
        let crosses = signals(run).filter { [.goldenCross, .deathCross].contains($0.signal.kind) }
        #expect(crosses.map(\.signal.kind) == [.goldenCross, .deathCross])
        for (index, signal) in crosses {
            func mean(_ period: Int, _ end: Int) -> Double {
                Double(run[(end - period + 1)...end].reduce(0) { $0 + $1.close })
                    / Double(period) / 1e9
            }
            let isGolden = signal.kind == .goldenCross
            #expect((mean(50, index) > mean(200, index)) == isGolden)
            #expect((mean(50, index - 1) > mean(200, index - 1)) != isGolden)
            #expect(abs(signal.value - mean(50, index)) < 1e-9)
            #expect(abs(signal.reference - mean(200, index)) < 1e-9)
            #expect(signal.barStart == start(index))
            #expect(signal.at == start(index + 1))
            #expect(signal.close == Price(units: run[index].close))
            #expect(signal.position.offset == Int64(index))
        }
    }

    /// What the closed values of a walk say, bar by bar, against what was raised.
    @Test(arguments: [20, 21, 22] as [UInt64])
    func `each is raised at the bar that changes sides and at no other`(seed: UInt64) throws {
        let settings = IndicatorSettings()
        let plan = IndicatorPlan(settings)
        let run = CandleRuns.walk(3000, seed: seed, price: 50_000_000_000, tick: 10_000_000)
        var indicators = IntervalIndicators(plan)
        var wanted: [String] = []
        var macdSide = 0
        var rsiSide = 0
        var bandSide = 0
        for (index, candle) in run.enumerated() {
            indicators.close(candle, plan)
            guard let values = indicators.closed(plan) else { continue }
            if let difference = values.macdHistogram, abs(difference) > 1e-10 {
                let side = difference > 0 ? 1 : -1
                if macdSide != 0, side != macdSide {
                    wanted.append("\(index) \(side > 0 ? "macd_cross_up" : "macd_cross_down")")
                }
                macdSide = side
            }
            if let rsi = values.rsi {
                let isFlat = Set(run[max(0, index - 13)...index].map(\.close)).count == 1
                let side = isFlat ? 0 : rsi > 70 ? 1 : rsi < 30 ? -1 : 0
                if side != 0, side != rsiSide {
                    wanted.append("\(index) \(side > 0 ? "rsi_overbought" : "rsi_oversold")")
                }
                rsiSide = side
            }
            if let upper = values.bollingerUpper, let lower = values.bollingerLower {
                let close = Double(candle.close) / 1e9
                let side = close > upper + 1e-9 ? 1 : close < lower - 1e-9 ? -1 : 0
                if side != 0, side != bandSide {
                    wanted.append("\(index) \(side > 0 ? "close_above_band" : "close_below_band")")
                }
                bandSide = side
            }
        }
        let found = signals(run).filter { ![.goldenCross, .deathCross].contains($0.signal.kind) }
            .map { "\($0.index) \($0.signal.kind.rawValue)" }
        #expect(found == wanted)
        #expect(Set(found.map { $0.split(separator: " ")[1] }).count == 6)
    }

    @Test func `one-second bars raise none unless they are asked to`() {
        let run = CandleRuns.walk(500, seed: 23, price: 50_000_000_000, tick: 10_000_000)
        #expect(signals(run, interval: .second).isEmpty)
        var settings = IndicatorSettings()
        settings.signalIntervals = ["1s"]
        #expect(!signals(run, interval: .second, settings).isEmpty)
        #expect(signals(run, interval: .minute, settings).isEmpty)
    }

    @Test func `a bar without prices is passed over, an amended one is not counted again`() {
        let plan = IndicatorPlan(IndicatorSettings())
        var ticker = TickerIndicators()
        var raised: [IndicatorSignal] = []
        var bar = Bar(
            symbol: "AAPL", interval: .minute, start: start(0), open: "10", high: "11", low: "9",
            close: "10")
        #expect(ticker.close(bar, market: .continuous, position: .start, plan, into: &raised))
        bar.close = "11"
        bar.revision = 1
        #expect(!ticker.close(bar, market: .continuous, position: .start, plan, into: &raised))
        let empty = Bar(symbol: "AAPL", interval: .minute, start: start(1))
        #expect(ticker.close(empty, market: .continuous, position: .start, plan, into: &raised))
        #expect(ticker.readings(open: [], plan).map(\.barCount) == [1])
        #expect(ticker.readings(open: [], plan).first?.closedStart == start(0))
    }

    @Test func `the newest eight are kept`() {
        let plan = IndicatorPlan(IndicatorSettings())
        var ticker = TickerIndicators()
        var raised: [IndicatorSignal] = []
        let run = CandleRuns.walk(2000, seed: 24, price: 50_000_000_000, tick: 10_000_000)
        for (index, candle) in run.enumerated() {
            _ = ticker.close(
                Bar(
                    symbol: "AAPL", interval: .minute, start: start(index),
                    open: Price(units: candle.open), high: Price(units: candle.high),
                    low: Price(units: candle.low), close: Price(units: candle.close)),
                market: .continuous, position: .start, plan, into: &raised)
        }
        #expect(raised.count > 8)
        #expect(ticker.signals == raised.suffix(8).reversed())
    }
}

@Suite struct `The rule rsi_extreme` {
    @Test func `fires below and above its thresholds, with low severity`() throws {
        func hit(_ rsi: Double?) -> RuleHit? {
            RSIExtremeRule.hit(rsi: rsi, close: "231.44", period: 14, upper: 70, lower: 30)
        }
        #expect(hit(nil) == nil)
        #expect(hit(30) == nil)
        #expect(hit(70) == nil)
        let high = try #require(hit(74.5))
        #expect(high.severity == .low)
        #expect(
            high.explanation == "RSI(14) of one-minute bars is 74.5, above 70, at close 231.44")
        let low = try #require(hit(12))
        #expect(low.explanation == "RSI(14) of one-minute bars is 12, below 30, at close 231.44")
        #expect(low.isWorse(than: high))
        #expect(try !high.isWorse(than: #require(hit(25))))
    }
}

@Suite struct `Indicator settings` {
    @Test func `a period or threshold out of range is refused by name`() {
        func refusal(_ change: (inout IndicatorSettings) -> Void) -> String? {
            var settings = AnalyticsSettings()
            change(&settings.indicators)
            do {
                try settings.validate()
                return nil
            } catch AnalyticsSettingsError.outOfRange(let field, _, _) {
                return field
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal { $0.rsiPeriod = 14 } == nil)
        #expect(refusal { $0.rsiPeriod = 1 } == "rsi_period")
        #expect(refusal { $0.averagePeriods = [0] } == "average_periods")
        #expect(refusal { $0.averagePeriods = Array(1...9) } == "average_periods")
        #expect(refusal { $0.averagePeriods = [] } == nil)
        #expect(refusal { $0.macdSlowPeriod = 12 } == "macd_slow_period")
        #expect(refusal { $0.stochasticSlowD = 9 } == "stochastic_slow_d")
        #expect(refusal { $0.crossFastPeriod = 200 } == "cross_slow_period")
        #expect(refusal { $0.bollingerDeviations = .nan } == "bollinger_deviations")
        #expect(refusal { $0.signalIntervals = ["2m"] } == "signal_intervals")
    }
}
