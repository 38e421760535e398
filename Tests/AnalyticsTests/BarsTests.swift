import Analytics
import MarketModel
import TestSupport
import Testing

private func at(_ second: Double) -> Timestamp {
    TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
}

private func trade(
    _ price: Price, _ size: Size = 100, second: Double = 0, sequence: SequenceNumber = 1,
    conditions: [Int] = []
) -> Trade {
    .make("AAPL", at: price, size: size, second: second, sequence: sequence, conditions: conditions)
}

/// Seconds count from 09:30 in New York on Friday 2026-01-02.
private func bench(_ trades: [Trade], until second: Double? = nil, intervals: [String]? = nil)
    -> TickerBench
{
    var settings = AnalyticsSettings()
    if let intervals { settings.barIntervals = intervals }
    let bench = TickerBench(market: .usEquities, settings: settings)
    for trade in trades { bench.apply(trade) }
    if let second { bench.move(to: at(second)) }
    return bench
}

extension TickerBench {
    fileprivate func sent(_ interval: BarInterval) -> [Bar] {
        sent.filter { $0.interval == interval }
    }

    fileprivate func provisional(_ interval: BarInterval) -> [Bar] {
        bars.provisional.filter { $0.interval == interval }
    }
}

@Suite struct `Tumbling bars` {
    private let minute = [
        trade("10.00", 100, second: 1), trade("10.50", 200, second: 20),
        trade("9.80", 100, second: 40), trade("10.10", 100, second: 59.9),
    ]

    @Test func `a minute has open, high, low, close, volume, VWAP and count`() throws {
        let bar = try #require(bench(minute, until: 62).sent(.minute).first)
        #expect(bar.start == TestMorning.open)
        #expect([bar.open, bar.high, bar.low, bar.close] == ["10", "10.5", "9.8", "10.1"])
        #expect(bar.volume == Volume(500 as Size))
        #expect(bar.vwap == "10.18")
        #expect(bar.tradeCount == 4)
        #expect(bar.isFinal && bar.revision == 0 && !bar.isReference)
    }

    @Test func `a bar is final once engine time has passed its end by the lateness`() {
        #expect(bench(minute, until: 61.999).sent(.minute).isEmpty)
        #expect(bench(minute, until: 61.999).provisional(.minute).count == 1)
        #expect(bench(minute, until: 62).sent(.minute).count == 1)
        #expect(bench(minute, until: 62).provisional(.minute).isEmpty)
        #expect(bench(minute, until: 62).sent(.second).count == 4)
    }

    @Test func `the open bar is visible and says so`() throws {
        let ticker = bench([trade("10"), trade("11", second: 1)])
        let bars = ticker.bars.provisional
        #expect(bars.map(\.interval.name) == ["1s", "1s", "1m", "5m", "15m", "1h", "1d"])
        #expect(bars.allSatisfy { !$0.isFinal })
        #expect(bars[0].start < bars[1].start)
        #expect(bars[2].close == "11")
    }

    @Test func `open and close go by event time, not by arrival`() throws {
        let trades = [
            trade("10", second: 1.5, sequence: 5), trade("11", second: 1.9, sequence: 6),
            trade("9", second: 1.2, sequence: 4), trade("12", second: 1.9, sequence: 6),
            trade("13", second: 1.2, sequence: 4),
        ]
        let bar = try #require(bench(trades).provisional(.second).first)
        #expect([bar.open, bar.high, bar.low, bar.close] == ["9", "13", "9", "12"])
        #expect(bar.revision == 0)
    }

    @Test func `no bar is invented for a quiet interval`() {
        let ticker = bench([trade("10", second: 1), trade("11", second: 301)], until: 400)
        #expect(ticker.sent(.minute).map(\.start) == [at(0), at(300)])
        #expect(ticker.sent(.fiveMinutes).map(\.start) == [at(0)])
    }

    @Test func `a trade within lateness amends a bar that time has made final`() {
        let ticker = bench([trade("10", second: 59.5, sequence: 2)], until: 70)
        #expect(ticker.sent(.minute).map(\.revision) == [0])
        ticker.apply(trade("9", second: 58, sequence: 1))
        #expect(ticker.sent(.minute).count == 1)
        ticker.move(to: at(71))
        let minutes = ticker.sent(.minute)
        #expect(minutes.map(\.revision) == [0, 1])
        #expect(minutes[1].open == "9" && minutes[1].close == "10" && minutes[1].isFinal)
        // The second itself had not been there: it is new, not amended.
        #expect(ticker.sent(.second).map(\.start) == [at(59), at(58)])
        #expect(ticker.sent(.second).map(\.revision) == [0, 0])
        #expect(ticker.provisional(.fiveMinutes).map(\.revision) == [0])
        ticker.apply(trade("8", second: 58, sequence: 1))
        ticker.move(to: at(72))
        #expect(ticker.sent(.second).last?.revision == 1)
        #expect(ticker.sent(.minute).last?.revision == 2)
    }

    @Test func `revisions survive the folding of a minute into its hour`() throws {
        let ticker = bench([trade("10", second: 1799.5, sequence: 2)], until: 1810)
        ticker.apply(trade("9", second: 1798, sequence: 1))
        ticker.apply(trade("9", second: 1900))
        ticker.apply(trade("9", second: 1910))
        ticker.move(to: at(6000))
        #expect(ticker.sent(.hour).map(\.revision) == [0, 1, 0])
        #expect(ticker.sent(.hour).map(\.tradeCount) == [1, 2, 2])
    }

    @Test func `odd lots alone make a bar without prices`() throws {
        let bar = try #require(bench([trade("10", conditions: [37])]).provisional(.minute).first)
        #expect([bar.open, bar.high, bar.low, bar.close] == [nil, nil, nil, nil])
        #expect(bar.volume == Volume(100 as Size))
        #expect(bar.tradeCount == 1)
    }

    @Test func `a late report moves high and low but neither open nor close`() throws {
        let bar = try #require(bench([trade("10", conditions: [32])]).provisional(.minute).first)
        #expect([bar.open, bar.high, bar.low, bar.close] == [nil, "10", "10", nil])
    }

    @Test func `a print that repeats volume makes no bar`() {
        #expect(bench([trade("10", conditions: [15])]).bars.provisional.isEmpty)
    }

    @Test func `extended trades make intraday bars, and only volume of the day`() throws {
        let ticker = bench([
            trade("12", 50, second: -60, conditions: [12]), trade("10", second: 1),
            trade("13", 50, second: 2, conditions: [12]), trade("10.5", second: 3),
        ])
        ticker.move(to: at(12 * 3600))
        let hours = ticker.sent(.hour)
        #expect(hours.map(\.high) == ["13"])
        #expect(hours.map(\.open) == ["12"])
        let day = try #require(ticker.sent(.day).first)
        #expect([day.open, day.high, day.low, day.close] == ["10", "10.5", "10", "10.5"])
        #expect(day.volume == Volume(300 as Size))
        #expect(day.tradeCount == 4)
    }

    @Test func `a day begins at four and is final after eight in New York`() {
        let ticker = bench([trade("10", second: 1)])
        #expect(ticker.provisional(.day).map(\.start) == [at(-5.5 * 3600)])
        ticker.move(to: at(10.5 * 3600 + 1))
        #expect(ticker.sent(.day).isEmpty)
        ticker.move(to: at(10.5 * 3600 + 2))
        #expect(ticker.sent(.day).count == 1)
        // What the night brings amends the day, once a second at most.
        ticker.apply(trade("11", second: 11 * 3600))
        ticker.apply(trade("11", second: 11 * 3600))
        ticker.move(to: at(11 * 3600 + 1))
        #expect(ticker.sent(.day).map(\.revision) == [0, 2])
    }

    @Test func `only the configured intervals are sent and shown`() {
        let ticker = bench(minute, until: 62, intervals: ["1m", "1h"])
        #expect(Set(ticker.sent.map(\.interval)) == [.minute])
        #expect(ticker.bars.provisional.map(\.interval) == [.hour])
        #expect(ticker.bars.minuteCloses(20, at: at(62)).count == 1)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `a coarser bar equals the merge of its finer ones`(seed: UInt64) {
        let stream = TradeStream(
            seed: seed, from: at(-50_000), count: 8000, market: .continuous, jumps: [4000: 40_000])
        let ticker = TickerBench(market: .continuous)
        for step in stream.steps { ticker.take(step) }
        ticker.flush()
        let bars = ticker.barsByKey.sorted { $0.key < $1.key }.map(\.value)
        let seconds = bars.filter { $0.interval == .second }
        for interval in BarInterval.allCases where interval != .second {
            let merged = merge(seconds, into: interval)
            let made = bars.filter { $0.interval == interval }
            #expect(made.count == merged.count, "\(interval)")
            for (made, wanted) in zip(made, merged) {
                #expect(made.start == wanted.start)
                #expect(made.open == wanted.open && made.close == wanted.close)
                #expect(made.high == wanted.high && made.low == wanted.low)
                #expect(made.volume == wanted.volume && made.notional == wanted.notional)
                #expect(made.tradeCount == wanted.tradeCount)
            }
        }
    }

    private func merge(_ finer: [Bar], into interval: BarInterval) -> [Bar] {
        var bars: [Bar] = []
        for bar in finer {
            let start = bar.start.secondsFloor / interval.rawValue * interval.rawValue
            guard let last = bars.last, last.start == Timestamp(seconds: start) else {
                bars.append(bar)
                bars[bars.count - 1].start = Timestamp(seconds: start)
                continue
            }
            bars[bars.count - 1].open = last.open ?? bar.open
            bars[bars.count - 1].close = bar.close ?? last.close
            bars[bars.count - 1].high = [last.high, bar.high].compactMap { $0 }.max()
            bars[bars.count - 1].low = [last.low, bar.low].compactMap { $0 }.min()
            bars[bars.count - 1].volume += bar.volume
            bars[bars.count - 1].notional += bar.notional
            bars[bars.count - 1].tradeCount += bar.tradeCount
        }
        return bars
    }
}

@Suite struct `Minutes for the rules` {
    /// One trade a minute at 10, 11, 12 ... of 100, 200, 300 ... shares.
    private func minutes(_ count: Int64, from first: Int64 = 0) -> [Trade] {
        (first..<first + count).map {
            trade(
                Price(units: (10 + $0) * Price.scale), Size(integerLiteral: 100 * ($0 + 1)),
                second: Double($0 * 60))
        }
    }

    @Test func `closes are those of final bars`() {
        let ticker = bench(minutes(5), until: 301)
        #expect(ticker.bars.minuteCloses(20, at: at(301)) == (11.5e9, 4))
        ticker.move(to: at(302))
        #expect(ticker.bars.minuteCloses(20, at: at(302)) == (12e9, 5))
        #expect(ticker.bars.minuteCloses(2, at: at(302)) == (13.5e9, 2))
    }

    @Test func `at most the last twenty closes count, and silence adds none`() {
        let ticker = bench(minutes(30), until: 9000)
        #expect(ticker.bars.minuteCloses(20, at: at(9000)) == (29.5e9, 20))
    }

    @Test func `closes of another session do not count`() {
        let early = [trade("9", second: -90), trade("9", second: -30)]
        let ticker = bench(early, until: 0)
        #expect(ticker.bars.minuteCloses(20, at: at(-0.5)).count == 1)
        #expect(ticker.bars.minuteCloses(20, at: at(0)).count == 0)
        ticker.apply(trade("10", second: 1))
        ticker.move(to: at(62))
        #expect(ticker.bars.minuteCloses(20, at: at(62)) == (10e9, 1))
    }

    @Test func `a minute without a price has a volume and no close`() {
        let ticker = bench([trade("9", conditions: [37]), trade("9", second: 60)], until: 200)
        #expect(ticker.bars.minuteCloses(20, at: at(200)) == (9e9, 1))
        #expect(ticker.bars.minuteVolumes(20, at: at(200)) == (100e8, 2))
    }

    @Test func `volumes are of minutes that ended a minute ago, quiet ones too`() {
        let ticker = bench(minutes(3), until: 179)
        #expect(ticker.bars.minuteVolumes(20, at: at(119)) == (0, 0))
        #expect(ticker.bars.minuteVolumes(20, at: at(120)) == (100e8, 1))
        ticker.move(to: at(420))
        // Minutes 0 to 5: 100, 200, 300, 0, 0, 0.
        #expect(ticker.bars.minuteVolumes(20, at: at(420)) == (100e8, 6))
        #expect(ticker.bars.minuteVolumes(3, at: at(420)) == (0, 3))
    }

    @Test func `after hours of silence twenty quiet minutes remain`() {
        let ticker = bench(minutes(3), until: 9000)
        #expect(ticker.bars.minuteVolumes(20, at: at(9000)) == (0, 20))
    }

    @Test func `a ticker's first minute counts only when it is whole`() {
        let ticker = bench([trade("10", second: 30), trade("10", 300, second: 60)], until: 200)
        #expect(ticker.bars.minuteVolumes(20, at: at(200)) == (300e8, 1))
    }

    @Test func `what is amended counts as amended`() {
        let ticker = bench([trade("10", second: 59.5, sequence: 2)], until: 119)
        ticker.apply(trade("9", 300, second: 59.9, sequence: 3))
        ticker.move(to: at(120))
        #expect(ticker.bars.minuteCloses(20, at: at(120)) == (9e9, 1))
        ticker.move(to: at(180))
        #expect(ticker.bars.minuteVolumes(20, at: at(120)).count == 0)
    }
}
