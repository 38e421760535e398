import Analytics
import MarketModel
import TestSupport
import Testing

@Suite struct `State of windows and bars` {
    private func stream(_ market: Market, seed: UInt64 = 3) -> TradeStream {
        TradeStream(
            seed: seed, from: TestMorning.open.advanced(by: .seconds(-120)), count: 4000,
            market: market, jumps: [3000: 50_000])
    }

    @Test(arguments: [Market.usEquities, .continuous])
    func `a restart at any point changes nothing that follows`(market: Market) throws {
        let straight = TickerBench(market: market)
        let restarted = TickerBench(market: market)
        for (number, step) in stream(market).steps.enumerated() {
            straight.take(step)
            restarted.take(step)
            if number % 37 == 0 { try restarted.restart() }
        }
        #expect(restarted.stateBytes == straight.stateBytes)
        #expect(restarted.sent == straight.sent)
        #expect(restarted.bars.provisional == straight.bars.provisional)
        #expect(
            restarted.windows.figures(quote: nil) == straight.windows.figures(quote: nil))
    }

    @Test func `asking for figures leaves the state as it was`() {
        let asked = TickerBench(market: .usEquities)
        let silent = TickerBench(market: .usEquities)
        for step in stream(.usEquities).steps {
            asked.take(step)
            silent.take(step)
            _ = asked.windows.figures(quote: nil)
            _ = asked.windows.volumeZScoreKept()
            _ = asked.bars.provisional
        }
        #expect(asked.stateBytes == silent.stateBytes)
    }

    @Test func `sliding second by second or all at once comes to the same`() {
        let patient = TickerBench(market: .usEquities)
        let sudden = TickerBench(market: .usEquities)
        for step in stream(.usEquities, seed: 5).steps {
            let goal: Timestamp =
                switch step {
                case .trade(let trade): trade.executedAt
                case .time(let moment): moment
                }
            if patient.time != .distantPast, goal.nanosecondsSince(patient.time) < 2_000_000_000_000
            {
                var second = patient.time.secondsFloor + 1
                while second <= goal.secondsFloor {
                    patient.move(to: Timestamp(seconds: second))
                    second += 1
                }
            }
            patient.take(step)
            sudden.take(step)
            #expect(
                patient.windows.figures(quote: nil) == sudden.windows.figures(quote: nil))
        }
        #expect(patient.barsByKey == sudden.barsByKey)
    }

    @Test func `a copy that was cut off is refused`() throws {
        let ticker = TickerBench(market: .usEquities)
        for step in stream(.usEquities).steps.prefix(300) { ticker.take(step) }
        let bytes = ticker.stateBytes
        for count in stride(from: 0, to: bytes.count, by: 97) {
            var reader = StateReader(Array(bytes.prefix(count)))
            #expect(throws: StateCodecError.self) {
                _ = try TickerWindows(
                    from: &reader, symbol: "AAPL", market: .usEquities,
                    settings: AnalyticsSettings())
                _ = try TickerBars(
                    from: &reader, symbol: "AAPL", market: .usEquities,
                    settings: AnalyticsSettings())
            }
        }
    }
}

@Suite struct `Extreme values` {
    private func trade(_ price: Price, _ size: Size, second: Double) -> Trade {
        .make("AAPL", at: price, size: size, second: second, sequence: Int64(second * 1000))
    }

    @Test func `a billion shares at a billion each are summed exactly, and leave no trace`() {
        let ticker = TickerBench(market: .continuous)
        ticker.apply(trade("3", 7, second: 0))
        for number in 0..<600 {
            ticker.apply(trade("1000000000", 1_000_000_000, second: 1 + Double(number) / 10))
        }
        let full = ticker.windows.figures(quote: nil)
        #expect(full.vwapFiveMinutes == "999999999.988333333")
        #expect(full.rollingAverageFiveMinutes == "998336106.494176373")
        #expect(full.sessionVolume == Volume(units: 600 * 100_000_000_000_000_000 + 700_000_000))
        ticker.apply(trade("4", 1, second: 361))
        let after = ticker.windows.figures(quote: nil)
        #expect(after.vwapFiveMinutes == "4")
        #expect(after.rollingAverageFiveMinutes == "4")
        #expect(after.vwapOneMinute == "4")
        #expect(after.volumeZScore == 10)
    }

    @Test func `many seconds too large for a compact slot slide like any other`() throws {
        let ticker = TickerBench(market: .continuous)
        for second in 0..<700 {
            ticker.apply(trade("9000000000", 90_000_000_000, second: Double(second)))
        }
        // 300 products of 8.1e36 wrap, and are right again once few are left.
        for second in 700..<999 { ticker.apply(trade("2", 1, second: Double(second))) }
        try ticker.restart()
        ticker.move(to: TestMorning.open.advanced(by: .seconds(999)))
        #expect(ticker.windows.figures(quote: nil).vwapFiveMinutes == "2")
        #expect(ticker.windows.figures(quote: nil).rollingAverageFiveMinutes == "2")
    }

    @Test func `a bar's and a session's money stops at the largest number and never wraps`() throws
    {
        let ticker = TickerBench(market: .continuous)
        for second in 0..<4000 {
            ticker.apply(trade("1000000000", 1_000_000_000, second: Double(second)))
        }
        let day = try #require(ticker.barsByKey.values.first { $0.interval == .day })
        #expect(day.notional.units == .max)
        #expect(day.vwap == nil)
        #expect(day.volume == Volume(units: 4000 * 100_000_000_000_000_000))
        let minute = try #require(ticker.barsByKey.values.first { $0.interval == .minute })
        #expect(minute.vwap == "1000000000")
        let figures = ticker.windows.figures(quote: nil)
        #expect(figures.vwapSession == nil)
        #expect(figures.vwapFiveMinutes == "1000000000")
        #expect(figures.sessionVolume == day.volume)
    }

    @Test func `the smallest price there is keeps its digits`() {
        let ticker = TickerBench(market: .continuous)
        ticker.apply(trade(Price(units: 3), 1, second: 0))
        ticker.apply(trade(Price(units: 4), 2, second: 1))
        let figures = ticker.windows.figures(quote: nil)
        #expect(figures.vwapFiveMinutes == Price(units: 4))
        #expect(figures.vwapDeviation.map { abs($0 - 1e-9 / 3) < 1e-24 } == true)
        #expect(figures.vwapDeviationPercent.map { abs($0 - 100.0 / 11) < 1e-12 } == true)
    }

    @Test func `a size of zero is a trade without volume`() {
        let ticker = TickerBench(market: .continuous)
        ticker.apply(trade("10", 0, second: 0))
        let figures = ticker.windows.figures(quote: nil)
        #expect(figures.price == "10")
        #expect(figures.vwapFiveMinutes == nil)
        #expect(figures.vwapDeviation == nil)
        #expect(figures.rollingAverageFiveMinutes == "10")
        #expect(figures.tradeFrequency == 60)
        #expect(ticker.bars.provisional.first?.tradeCount == 1)
        #expect(ticker.bars.provisional.first?.vwap == nil)
    }

    @Test(arguments: [0.0, 0.001, 1.5, 60])
    func `any lateness allowed makes the same bars of trades in order`(lateness: Double) {
        var settings = AnalyticsSettings()
        settings.latenessSeconds = lateness
        let ticker = TickerBench(market: .continuous, settings: settings)
        for second in 0..<500 { ticker.apply(trade("10", 1, second: Double(second) / 2)) }
        ticker.move(to: TestMorning.open.advanced(by: .seconds(4000)))
        #expect(ticker.sent.filter { $0.interval == .second }.count == 250)
        #expect(
            ticker.sent.filter { $0.interval == .minute }.map(\.tradeCount) == [
                120, 120, 120, 120, 20,
            ])
        #expect(ticker.sent.allSatisfy { $0.revision == 0 })
    }
}
