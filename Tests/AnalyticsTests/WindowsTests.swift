import Analytics
import MarketModel
import TestSupport
import Testing

/// A ticker in the regular session of Friday 2026-01-02; seconds count from 09:30 in New York.
private func bench(
    _ trades: [Trade], until second: Double? = nil, market: Market = .usEquities,
    settings: AnalyticsSettings = AnalyticsSettings()
) -> TickerBench {
    let bench = TickerBench(market: market, settings: settings)
    for trade in trades { bench.apply(trade) }
    if let second { bench.move(to: at(second)) }
    return bench
}

private func figures(_ trades: [Trade], until second: Double? = nil) -> RollingFigures {
    bench(trades, until: second).windows.figures(quote: nil)
}

private func at(_ second: Double) -> Timestamp {
    TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
}

private func trade(
    _ price: Price, _ size: Size = 100, second: Double = 0, sequence: SequenceNumber = 1,
    conditions: [Int] = []
) -> Trade {
    .make("AAPL", at: price, size: size, second: second, sequence: sequence, conditions: conditions)
}

@Suite struct `Rolling prices` {
    @Test func `nothing is known before the first event`() {
        let windows = TickerWindows(
            symbol: "AAPL", market: .usEquities, settings: AnalyticsSettings())
        #expect(windows.figures(quote: nil) == RollingFigures())
    }

    @Test func `the price is the eligible one with the latest event time`() {
        #expect(figures([trade("10", second: 5), trade("11", second: 4)]).price == "10")
        #expect(
            figures([trade("10", second: 5), trade("11", second: 5, conditions: [37])]).price
                == "10")
    }

    @Test func `at the same time the higher sequence wins, then the later arrival`() {
        let first = trade("10", second: 5, sequence: 8)
        #expect(figures([first, trade("11", second: 5, sequence: 7)]).price == "10")
        #expect(figures([first, trade("11", second: 5, sequence: 9)]).price == "11")
        #expect(figures([first, trade("11", second: 5, sequence: 8)]).price == "11")
    }

    @Test func `VWAP weights each price by its size over one and five minutes`() {
        let trades = [trade("10.00", 300, second: 0.5), trade("11.00", second: 59)]
        #expect(figures(trades).vwapOneMinute == "10.25")
        #expect(figures(trades, until: 59.999).vwapOneMinute == "10.25")
        #expect(figures(trades, until: 60).vwapOneMinute == "11")
        #expect(figures(trades, until: 119).vwapOneMinute == nil)
        #expect(figures(trades, until: 299).vwapFiveMinutes == "10.25")
        #expect(figures(trades, until: 300).vwapFiveMinutes == "11")
        #expect(figures(trades, until: 359).vwapFiveMinutes == nil)
        #expect(figures(trades, until: 9000).vwapSession == "10.25")
    }

    @Test func `the session's VWAP starts afresh at the regular open`() {
        let early = trade("9.00", 500, second: -10, conditions: [12])
        #expect(figures([early]).vwapSession == "9")
        #expect(figures([early]).sessionVolume == Volume(500 as Size))
        #expect(figures([early], until: 0).vwapSession == nil)
        let both = figures([early, trade("10.00", second: 1)])
        #expect(both.vwapSession == "10")
        #expect(both.vwapOneMinute == "9.166666667")
        #expect(both.sessionVolume == Volume(100 as Size))
    }

    @Test func `a trade of the old session that arrives in the new one stays out of it`() {
        let figures = figures([trade("10", second: 0.5), trade("9", second: -0.5)])
        #expect(figures.vwapSession == "10")
        #expect(figures.vwapOneMinute == "9.5")
        #expect(figures.price == "10")
    }

    @Test func `the average of prices does not weigh sizes and leaves odd lots out`() {
        let trades = [
            trade("10", 1), trade("13", 1000, second: 1),
            trade("99", 5, second: 2, conditions: [37]),
        ]
        #expect(figures(trades).rollingAverageFiveMinutes == "11.5")
        #expect(figures([trade("99", conditions: [37])]).rollingAverageFiveMinutes == nil)
    }

    @Test func `deviation is the price less the five-minute VWAP`() throws {
        let figures = figures([trade("10.00", 300), trade("11.00", 100, second: 1)])
        #expect(figures.vwapDeviation == 0.75)
        let percent = try #require(figures.vwapDeviationPercent)
        #expect(abs(percent - 7.5 / 1.025) < 1e-12)
    }

    @Test func `momentum compares with the last price a minute ago, over silence too`() {
        let trades = [trade("100"), trade("102", second: 0.9), trade("103.02", second: 59.9)]
        #expect(figures(trades).priceMomentum == nil)
        #expect(figures(trades, until: 60).priceMomentum == 1)
        #expect(figures(trades, until: 118).priceMomentum == 1)
        #expect(figures(trades, until: 119).priceMomentum == 0)
        #expect(figures(trades, until: 3000).priceMomentum == 0)
    }

    @Test func `momentum does not look across the open`() {
        let trades = [trade("100", second: -30), trade("101", second: 1)]
        #expect(figures(trades, until: 40).priceMomentum == nil)
        #expect(figures(trades, until: 61).priceMomentum == 0)
    }

    @Test func `spread is zero when locked, negative when crossed, nothing when a side is empty`() {
        let ticker = bench([trade("10")])
        let quote = { (bid: Price, ask: Price) in
            Quote(
                symbol: "AAPL", bid: bid, ask: ask, bidSize: 1, askSize: 1,
                quotedAt: TestMorning.open, sequence: 1)
        }
        #expect(ticker.windows.figures(quote: quote("9.99", "10.01")).spread == "0.02")
        #expect(ticker.windows.figures(quote: quote("9.99", "10.01")).spreadBasisPoints == 20)
        #expect(ticker.windows.figures(quote: quote("10", "10")).spread == .zero)
        #expect(ticker.windows.figures(quote: quote("10.01", "10")).spread == "-0.01")
        #expect(ticker.windows.figures(quote: quote("0", "10")).spread == nil)
    }

    @Test func `summer time moves the session with New York`() throws {
        let open = try #require(Timestamp(rfc3339: "2026-07-06T13:30:00Z"))
        let bench = TickerBench(market: .usEquities)
        var early = trade("9", conditions: [12])
        early.executedAt = open.advanced(byNanoseconds: -1)
        bench.apply(early)
        var first = trade("10")
        first.executedAt = open
        bench.apply(first)
        #expect(bench.windows.figures(quote: nil).vwapSession == "10")
    }
}

@Suite struct `Velocity` {
    private func velocity(_ prices: [(Price, Double)], until second: Double? = nil) -> Double? {
        figures(prices.map { trade($0.0, second: $0.1) }, until: second).velocityFiveSeconds
    }

    @Test func `is positive when the low came first`() {
        #expect(velocity([("100", 0), ("101", 1)]) == 1)
        #expect(velocity([("100", 0), ("101", 0.5)]) == 1)
    }

    @Test func `is negative when the high came first`() {
        #expect(velocity([("100", 0), ("99", 1)]) == -1)
    }

    @Test func `of equal extremes the earliest counts`() {
        #expect(velocity([("100", 0), ("101", 1), ("100", 2)]) == 1)
        #expect(velocity([("100", 0), ("99", 1), ("100", 2)]) == -1)
        #expect(velocity([("100", 0), ("101", 0.1), ("100", 0.2)]) == 1)
    }

    @Test func `an earlier trade that arrives later may turn it round`() {
        #expect(velocity([("100", 2), ("101", 3), ("101", 1.5)]) == -1)
    }

    @Test func `is zero without movement and nothing without a price`() {
        #expect(velocity([("100", 0), ("100", 4)]) == 0)
        #expect(velocity([("100", 0)], until: 4.999) == 0)
        #expect(velocity([("100", 0)], until: 5) == nil)
    }

    @Test func `sees five slots and no more`() {
        #expect(velocity([("100", 0), ("101", 4)]) == 1)
        #expect(velocity([("100", 0), ("101", 5)]) == 0)
    }

    @Test func `trades of the same stamp go by arrival`() {
        #expect(velocity([("100", 1), ("101", 1)]) == 1)
        #expect(velocity([("101", 1), ("100", 1)]) == -100.0 / 101)
    }

    @Test func `the rules see its two ends`() {
        let ticker = bench([trade("100"), trade("99", second: 1), trade("101", second: 2)])
        #expect(ticker.windows.velocityExtremes == ("101", "99"))
        let empty = bench([trade("100", conditions: [37])])
        #expect(empty.windows.velocityExtremes == (.zero, .zero))
    }
}

@Suite struct `Volume score and frequency` {
    /// 100 shares at the start of each block of ten seconds.
    private func steady(_ blocks: Int) -> [Trade] {
        (0..<blocks).map { trade("10", second: Double($0) * 10) }
    }

    @Test func `there is no score before five whole blocks of baseline`() {
        #expect(figures(steady(6), until: 58).volumeZScore == nil)
        #expect(figures(steady(6), until: 59).volumeZScore == 0)
    }

    @Test func `a calm baseline counts with a twentieth of its mean`() {
        #expect(figures(steady(6) + [trade("10", 40, second: 59)]).volumeZScore == 8)
        #expect(figures(steady(6) + [trade("10", 400, second: 59)]).volumeZScore == 10)
    }

    @Test func `quiet blocks count as nothing`() throws {
        // At second 109: block 0 is quiet, then 0, 0, 0, 0, and the five and one blocks of 100.
        let score = try #require(figures(steady(6), until: 109).volumeZScore)
        let mean = 600.0 / 10
        let deviation = (6 * (100 - mean) * (100 - mean) + 4 * mean * mean) / 10
        #expect(abs(score + mean / deviation.squareRoot()) < 1e-12)
    }

    @Test func `after long silence any volume is the most there can be`() {
        #expect(figures(steady(1), until: 600).volumeZScore == 0)
        #expect(figures(steady(1) + [trade("10", 1, second: 600)]).volumeZScore == 10)
    }

    @Test func `asking on every trade gives the same`() {
        let ticker = bench(steady(6) + [trade("10", 40, second: 59)])
        let score = ticker.windows.volumeZScoreKept()
        #expect(score == 8)
        ticker.apply(trade("10", 10, second: 59.5))
        let next = ticker.windows.volumeZScoreKept()
        #expect(next == 10)
        // A trade of an earlier block moves the baseline.
        ticker.apply(trade("10", 500, second: 58))
        let fresh = ticker.windows.volumeZScore
        let kept = ticker.windows.volumeZScoreKept()
        #expect(kept == fresh)
    }

    @Test func `the per-trade form compares a size with the last twenty`() throws {
        var settings = AnalyticsSettings()
        settings.volumeZScoreMode = .trade
        let four = (0..<4).map { trade("10", 100, second: Double($0)) }
        #expect(bench(four, settings: settings).windows.volumeZScore == nil)
        let five = four + [trade("10", 100, second: 5)]
        #expect(bench(five, settings: settings).windows.volumeZScore == 0)
        let six = five + [trade("10", 700, second: 6)]
        let scored = bench(six, settings: settings).windows.volumeZScore
        let score = try #require(scored)
        #expect(abs(score - 5.0.squareRoot()) < 1e-12)
        let calm = (0..<19).map { trade("10", 100, second: Double($0)) }
        let spiked = bench(six + calm, settings: settings).windows.volumeZScore
        #expect(spiked != 0)
        let forgotten = bench(six + calm + [trade("10", 100, second: 20)], settings: settings)
        #expect(forgotten.windows.volumeZScore == 0)
    }

    @Test func `frequency is scaled up in a ticker's first minute`() {
        let trades = [
            trade("10"), trade("10", second: 4), trade("10", second: 9, conditions: [37]),
        ]
        #expect(figures(trades).tradeFrequency == 18)
        #expect(figures(trades, until: 59).tradeFrequency == 3)
        #expect(figures(trades, until: 60).tradeFrequency == 2)
        #expect(figures(trades, until: 69).tradeFrequency == 0)
    }

    @Test func `what repeats volume is in no count`() {
        let figures = figures([trade("10"), trade("10", 9000, second: 1, conditions: [15])])
        #expect(figures.tradeFrequency == 30)
        #expect(figures.sessionVolume == Volume(100 as Size))
    }

    @Test func `the trailing minute's volume is there for the rules`() {
        let trades = [trade("10", 300), trade("10", 50, second: 59)]
        #expect(bench(trades).windows.volumeOneMinute == Volume(350))
        #expect(
            bench(trades, until: 60).windows.volumeOneMinute == Volume(50))
    }
}

@Suite struct `Change and session` {
    @Test func `without more it is measured against the first price seen`() {
        let figures = figures([trade("100"), trade("101", second: 1)])
        #expect(figures.change == "1")
        #expect(figures.changePercent == 1)
        #expect(figures.changeBasis == .firstSeen)
    }

    @Test func `the session's open comes before the first price, the previous close before both`() {
        let ticker = bench([trade("100"), trade("101", second: 1)])
        ticker.windows.noteSessionOpen("100.5", at: TestMorning.open)
        #expect(ticker.windows.figures(quote: nil).changeBasis == .sessionOpen)
        #expect(ticker.windows.figures(quote: nil).change == "0.5")
        ticker.windows.notePreviousClose(
            "98", tradingDate: CivilDate(daysSince1970: TestMorning.open.secondsFloor / 86_400 - 2))
        #expect(ticker.windows.figures(quote: nil).changeBasis == .previousClose)
        #expect(ticker.windows.figures(quote: nil).change == "3")
    }

    @Test func `what is told before the first event holds`() {
        let ticker = TickerBench(market: .usEquities)
        ticker.windows.noteSessionOpen("100.5", at: TestMorning.open)
        ticker.apply(trade("101", second: 1))
        #expect(ticker.windows.figures(quote: nil).change == "0.5")
        let other = TickerBench(market: .usEquities)
        other.windows.notePreviousClose("100", tradingDate: CivilDate(daysSince1970: 20_000))
        other.apply(trade("101", second: 1))
        #expect(other.windows.figures(quote: nil).changeBasis == .previousClose)
    }

    @Test func `the close of a day that has not ended is no previous close`() {
        let ticker = bench([trade("100"), trade("101", second: 1)])
        let today = CivilDate(daysSince1970: TestMorning.open.secondsFloor / 86_400)
        ticker.windows.notePreviousClose("98", tradingDate: today)
        #expect(ticker.windows.figures(quote: nil).changeBasis == .firstSeen)
    }

    @Test func `today's close told early leaves yesterday's in force until today is over`() throws {
        let ticker = bench([trade("100"), trade("101", second: 1)])
        let today = CivilDate(daysSince1970: TestMorning.open.secondsFloor / 86_400)
        ticker.windows.notePreviousClose("97", tradingDate: today.adding(days: -2))
        ticker.windows.notePreviousClose("98", tradingDate: today)
        ticker.windows.notePreviousClose("96", tradingDate: today.adding(days: -3))
        #expect(ticker.windows.figures(quote: nil).change == "4")
        let monday = try #require(Timestamp(rfc3339: "2026-01-05T09:00:00Z"))
        ticker.move(to: monday)
        #expect(ticker.windows.figures(quote: nil).change == "3")
    }

    @Test func `the open of another day is not this day's`() {
        let ticker = bench([trade("100")])
        ticker.windows.noteSessionOpen("90", at: at(-86_400))
        #expect(ticker.windows.figures(quote: nil).changeBasis == .firstSeen)
    }

    @Test func `over the weekend the last price becomes the previous close`() throws {
        let ticker = bench([trade("100"), trade("101", second: 3600)])
        let monday = try #require(Timestamp(rfc3339: "2026-01-05T09:00:00Z"))
        ticker.move(to: monday.advanced(byNanoseconds: -1))
        #expect(ticker.windows.figures(quote: nil).changeBasis == .firstSeen)
        #expect(ticker.windows.sessionTradeCount == 2)
        ticker.move(to: monday)
        let figures = ticker.windows.figures(quote: nil)
        #expect(figures.price == "101")
        #expect(figures.change == .zero)
        #expect(figures.changeBasis == .previousClose)
        #expect(figures.vwapSession == nil)
        #expect(ticker.windows.sessionTradeCount == 0)
        #expect(ticker.windows.sessionHigh == nil)
        let friday = CivilDate(daysSince1970: TestMorning.open.secondsFloor / 86_400)
        ticker.windows.notePreviousClose("100.8", tradingDate: friday)
        #expect(ticker.windows.figures(quote: nil).change == "0.2")
    }

    @Test func `a trade of yesterday that arrives after midnight is still yesterday's close`()
        throws
    {
        let midnight = try #require(Timestamp(rfc3339: "2026-01-03T00:00:00Z"))
        let ticker = TickerBench(market: .continuous)
        for (price, offset) in [
            ("100", -1_000_000_000), ("101", 500_000_000), ("99", -500_000_000),
        ] as [(Price, Int64)] {
            var late = trade(price)
            late.executedAt = midnight.advanced(byNanoseconds: offset)
            ticker.apply(late)
        }
        let figures = ticker.windows.figures(quote: nil)
        #expect(figures.price == "101")
        #expect(figures.change == "2")
        #expect(figures.sessionVolume == Volume(100 as Size))
    }

    @Test func `odd lots move neither high nor low of the session`() {
        let ticker = bench([
            trade("10"), trade("12", second: 1, conditions: [37]),
            trade("9", second: 2, conditions: [32]),
        ])
        #expect(ticker.windows.sessionHigh == "10")
        #expect(ticker.windows.sessionLow == "9")
        #expect(ticker.windows.sessionTradeCount == 3)
    }

    @Test func `before the open, extended trades make the session's range`() {
        let early = bench([trade("10", second: -20, conditions: [12])])
        #expect(early.windows.sessionHigh == "10")
        let after = bench([trade("10"), trade("12", second: 8 * 3600, conditions: [12])])
        #expect(after.windows.sessionHigh == "10")
    }
}
