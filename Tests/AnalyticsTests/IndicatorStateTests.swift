import MarketModel
import TestSupport
import Testing

@testable import Analytics

@Suite struct `Indicators while a bar is open` {
    private let plan = IndicatorPlan(IndicatorSettings())

    @Test func `the live value is what the bar would close with, and leaves no trace`() throws {
        let candles = try Array(CandleRuns.real("sp500-minutes").prefix(450))
        var indicators = IntervalIndicators(plan)
        for candle in candles {
            let before = bytes(indicators)
            let live = TALibReference.row(indicators.live(candle, plan))
            _ = indicators.live(CandleRuns.flat(1), plan)
            #expect(bytes(indicators) == before)
            indicators.close(candle, plan)
            let closed = indicators.closed(plan).map(TALibReference.row) ?? []
            #expect(live.map(\.bitPattern) == closed.map(\.bitPattern))
        }
    }

    @Test func `bars over but not final yet count towards the live value`() throws {
        let candles = try Array(CandleRuns.real("sp500-minutes").prefix(40))
        var ticker = TickerIndicators()
        var signals: [IndicatorSignal] = []
        for index in 0..<37 {
            let isCounted = ticker.close(
                bar(candles[index], index), market: .usEquities, position: .start, plan,
                into: &signals)
            #expect(isCounted)
        }
        let reading = try #require(
            ticker.readings(open: (37..<40).map { bar(candles[$0], $0) }, plan).first)
        var all = IntervalIndicators(plan)
        for candle in candles { all.close(candle, plan) }
        let wanted = try #require(all.closed(plan).map(TALibReference.row))
        let live = try #require(reading.live.map(TALibReference.row))
        #expect(zip(live, wanted).allSatisfy { $0.isNaN && $1.isNaN || $0 == $1 })
        #expect(reading.barCount == 37)
        #expect(reading.liveStart == bar(candles[39], 39).start)
    }

    @Test func `a state read back goes on as the one that was written`() throws {
        let candles = CandleRuns.walk(700, seed: 9, price: 90_000_000_000, tick: 10_000_000)
        for count in [0, 1, 11, 12, 15, 16, 17, 199, 200, 201, 450] {
            var original = IntervalIndicators(plan)
            for candle in candles.prefix(count) { original.close(candle, plan) }
            var reader = StateReader(bytes(original))
            var copy = try IntervalIndicators.decoded(from: &reader, plan)
            #expect(reader.isAtEnd)
            for candle in candles[count...] {
                original.close(candle, plan)
                copy.close(candle, plan)
            }
            #expect(bytes(original) == bytes(copy))
        }
    }

    @Test func `a damaged state is refused`() throws {
        var original = IntervalIndicators(plan)
        for candle in try CandleRuns.real("sp500-minutes").prefix(50) {
            original.close(candle, plan)
        }
        let whole = bytes(original)
        for length in stride(from: 0, to: whole.count, by: 7) {
            #expect(throws: StateCodecError.self) {
                var reader = StateReader(Array(whole.prefix(length)))
                _ = try IntervalIndicators.decoded(from: &reader, plan)
            }
        }
        var miscounted = whole
        miscounted[16] = 49
        #expect(throws: StateCodecError.self) {
            var reader = StateReader(miscounted)
            _ = try IntervalIndicators.decoded(from: &reader, plan)
        }
    }

    @Test func `a price off the grid in the midst of cents changes nothing before it`() throws {
        var candles = CandleRuns.walk(300, seed: 11, price: 90_000_000_000, tick: 10_000_000)
        let odd: Int64 = 90_000_000_001
        candles[250] = Candle(
            open: odd, high: odd + 5, low: odd - 5, close: odd)
        let series = candles.indices.map { index in
            var indicators = IntervalIndicators(plan)
            for candle in candles[...index] { indicators.close(candle, plan) }
            return indicators.closed(plan)?.averages.last?.simple
        }
        for index in 199..<300 {
            let sum = candles[(index - 199)...index].reduce(Int128(0)) { $0 + Int128($1.close) }
            #expect(series[index] == Double(sum) / 200e9)
        }
        let live = IntervalIndicators(plan).live(candles[250], plan)
        #expect(live.averages.first?.simple == nil)
    }

    @Test func `a ticker with two hundred bars on every interval takes at most 10 KiB`() {
        var ticker = TickerIndicators()
        var signals: [IndicatorSignal] = []
        for interval in BarInterval.allCases {
            for (index, candle) in CandleRuns.walk(
                250, seed: 12, price: 90_000_000_000, tick: 10_000_000
            ).enumerated() {
                _ = ticker.close(
                    bar(candle, index, interval), market: .usEquities, position: .start, plan,
                    into: &signals)
            }
        }
        #expect(ticker.byteCount <= 10_240)
        #expect(TickerIndicators().byteCount == 0)
    }

    private func bytes(_ indicators: borrowing IntervalIndicators) -> [UInt8] {
        var writer = StateWriter()
        indicators.encode(into: &writer)
        return writer.bytes
    }

    private func bar(_ candle: Candle, _ index: Int, _ interval: BarInterval = .minute) -> Bar {
        Bar(
            symbol: "AAPL", interval: interval,
            start: TestMorning.open.advanced(
                byNanoseconds: Int64(index) * interval.rawValue * 1_000_000_000),
            open: Price(units: candle.open), high: Price(units: candle.high),
            low: Price(units: candle.low), close: Price(units: candle.close))
    }
}
