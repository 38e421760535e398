import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

@Suite struct `Indicators in the engine` {
    /// A trade every 20 s whose price wanders in cents, with a clock record a second.
    private static func wandering(minutes: Int, seed: UInt64 = 7) -> LogScript {
        var random = SeededRandom(seed: seed)
        var log = LogScript()
        var cents: Int64 = 10_000
        var sequence: SequenceNumber = 0
        for second in 0..<(minutes * 60) {
            if second % 20 == 5 {
                cents += Int64.random(in: -20...20, using: &random)
                sequence += 1
                log.trade(
                    at: Price(units: cents * 10_000_000), second: Double(second),
                    sequence: sequence)
            }
            log.clock(second: Double(second) + 0.5)
        }
        return log
    }

    @Test func `they are those of the bars sent out, and the open bar's beside them`() throws {
        let run = try Run(Self.wandering(minutes: 64))
        let ticker = try #require(run.snapshot.ticker("AAPL"))
        let readings = try #require(ticker.indicators)
        #expect(
            readings.map(\.interval) == [.second, .minute, .fiveMinutes, .fifteenMinutes, .hour])
        for reading in readings {
            let bars = run.effects.bars.filter { $0.interval == reading.interval }
            let closed = IndicatorSeries(bars: bars, settings: IndicatorSettings()).points
            #expect(reading.barCount == Int64(bars.count))
            #expect(reading.closedStart == bars.last?.start)
            #expect(text(reading.closed) == text(closed.last?.values))
            let open = ticker.provisionalBars.filter { $0.interval == reading.interval }
            let live = IndicatorSeries(bars: bars + open, settings: IndicatorSettings()).points
            #expect(text(reading.live) == (open.isEmpty ? "none" : text(live.last?.values)))
            #expect(reading.liveStart == open.last?.start)
        }
        #expect(readings[1].closed?.macdSignal != nil)
    }

    @Test func `signals are rows and are shown, the newest first`() throws {
        let run = try Run(Self.wandering(minutes: 150))
        let signals = run.effects.signals
        #expect(signals.count > 8)
        #expect(signals.allSatisfy { $0.interval != .second && $0.symbol == "AAPL" })
        #expect(run.snapshot.tickers[0].signals == signals.suffix(8).reversed())
        #expect(try Run(Self.wandering(minutes: 150), batchSize: 7).effects.signals == signals)
        let restarted = try Run(
            Self.wandering(minutes: 150), batchSize: 50, restartEvery: 3)
        #expect(restarted.effects.signals == signals)
        #expect(restarted.hash == run.hash)
    }

    /// Minutes of the provider's, up to `last` (counted from the open), with a trade at 09:30:01.
    private static func history(_ minutes: Range<Int>, without quiet: Set<Int> = []) -> LogScript {
        var log = LogScript()
        for minute in minutes where !quiet.contains(minute) {
            let start = TestMorning.open.advanced(by: .seconds(minute * 60))
            let close = Price(units: 10_000_000_000 + Int64(minute * minute % 7) * 10_000_000)
            log.add(
                .notice(
                    .historicalBar(
                        ProviderBar(
                            symbol: "AAPL", start: start, end: start.advanced(by: .seconds(60)),
                            open: close, high: close, low: close, close: close, volume: 10),
                        interval: .minute)), second: 0)
        }
        log.trade(at: "10.00", second: 1, sequence: 1)
        return log
    }

    @Test func `a provider's history warms indicators up and raises no signal`() throws {
        var log = Self.history(-360..<0)
        log.clocks(2...70)
        let run = try Run(log, batchSize: 20, restartEvery: 5)
        let readings = try #require(run.snapshot.tickers[0].indicators)
        let minute = try #require(readings.first { $0.interval == .minute })
        #expect(minute.barCount == 361)
        #expect(minute.closed?.rsi != nil)
        #expect(minute.closedStart == TestMorning.open)
        #expect(run.effects.signals.allSatisfy { $0.barStart == TestMorning.open })
        let counts = readings.map { "\($0.interval.name) \($0.barCount)" }
        #expect(counts == ["1s 1", "1m 361", "5m 72", "15m 24", "1h 5"])
    }

    @Test func `a provider's day is the trading day`() throws {
        var log = LogScript()
        // Midnight in New York, nine and a half hours before the open.
        let midnight = TestMorning.open.advanced(by: .seconds(-34_200 - 3 * 86_400))
        log.add(
            .notice(
                .historicalBar(
                    ProviderBar(
                        symbol: "AAPL", start: midnight,
                        end: midnight.advanced(by: .seconds(86_400)), open: "9", high: "11",
                        low: "8", close: "10", volume: 500),
                    interval: .day)), second: 0)
        log.trade(at: "10.00", second: 1, sequence: 1)
        let run = try Run(log)
        let day = try #require(run.effects.bars.first { $0.interval == .day })
        let wanted = TradingCalendar.day(
            containing: midnight.advanced(by: .seconds(43_200)), market: .usEquities)
        #expect(day.start == wanted.startsAt)
        let reading = run.snapshot.tickers[0].indicators?.first { $0.interval == .day }
        #expect(reading?.barCount == 1)
    }

    @Test func `coarser bars of a history are the merge of its minutes, those it cuts left out`()
        throws
    {
        // From 09:03 to 09:27, without the last minute of one bar of five and all of the next.
        let run = try Run(Self.history(-27 ..< -3, without: [-16, -15, -14, -13, -12, -11]))
        let five = run.effects.bars.filter { $0.interval == .fiveMinutes }
        let minutes = [-25, -20, -10, -5].map { TestMorning.open.advanced(by: .seconds($0 * 60)) }
        #expect(five.map(\.start) == minutes)
        #expect(five.map(\.volume) == [Volume(50), Volume(40), Volume(50), Volume(20)])
        #expect(five.allSatisfy { $0.isReference && $0.isFinal })
        let parts = run.effects.bars.filter {
            $0.interval == .minute && $0.start >= minutes[0] && $0.start < minutes[1]
        }
        #expect(five[0].open == parts.first?.open)
        #expect(five[0].close == parts.last?.close)
        #expect(five[0].high == parts.compactMap(\.high).max())
        #expect(five[0].low == parts.compactMap(\.low).min())
        #expect(!run.effects.bars.contains { $0.interval == .hour })
    }

    @Test func `what amends a closed bar does not reach its indicators`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 59, sequence: 1)
        log.clocks(60...64)
        log.trade(at: "12.00", second: 59.5, sequence: 2, received: 64.5)
        log.clock(second: 65)
        let run = try Run(log)
        let minutes = run.effects.bars.filter { $0.interval == .minute }
        #expect(minutes.map(\.close) == ["10.00", "12.00"])
        #expect(minutes.map(\.revision) == [0, 1])
        let reading = run.snapshot.tickers[0].indicators?.first { $0.interval == .minute }
        #expect(reading?.barCount == 1)
        #expect(reading?.live == nil)
    }

    @Test func `rsi_extreme opens on one-minute closes, not while they stand still`() throws {
        var log = LogScript()
        for minute in 0..<30 {
            let cents = 1000 + min(minute, 16)
            log.trade(
                at: Price(units: Int64(cents) * 10_000_000), second: Double(minute) * 60,
                sequence: SequenceNumber(minute + 1))
        }
        log.clocks(1740...2000)
        let episodes = try Run(log).effects.episodes.filter { $0.kind == .rsiExtreme }
        let first = try #require(episodes.first)
        #expect(first.severity == .low)
        #expect(first.firstAt >= TestMorning.open.advanced(by: .seconds(15 * 60)))
        #expect(
            first.explanation == "RSI(14) of one-minute bars is 100, above 70, at close 10.14")
        // The closes of minutes 16 to 29 are the last fourteen that are equal.
        let last = try #require(episodes.last)
        #expect(!last.isOpen)
        #expect(last.hits == 15)
        var off = AnalyticsSettings()
        off.rules.rsiExtremeIsOn = false
        #expect(try !Run(log, settings: off).effects.episodes.contains { $0.kind == .rsiExtreme })
    }

    @Test func `of many tickers only the watched come with their indicators`() throws {
        var log = LogScript()
        let symbols = (0..<65).compactMap { Symbol("T\($0)") }
        for symbol in symbols { log.trade(symbol, at: "10.00", second: 0, sequence: 1) }
        log.clocks(1...70)
        var state = EngineState()
        var effects = EffectBatch()
        for batch in log.batches(of: 100) { try state.apply(batch, into: &effects) }
        let board = SnapshotBoard()
        for symbol in symbols { board.watch(symbol) }
        #expect(board.watchedTickers.count == SnapshotBoard.watchedMax)
        #expect(!board.watchedTickers.contains("T0"))
        let snapshot = state.snapshot(takenAt: TestMorning.open, watching: ["T7"])
        #expect(snapshot.tickers.filter { $0.indicators != nil }.map(\.symbol) == ["T7"])
        #expect(try Run(log).snapshot.tickers.allSatisfy { $0.indicators == nil })
    }

    @Test func `other periods in the log begin the indicators anew`() throws {
        var log = Self.wandering(minutes: 20)
        var settings = AnalyticsSettings()
        log.add(.notice(.settings(json: try settings.json)), second: 1200)
        let kept = try Run(log).snapshot.tickers[0].indicators?.first { $0.interval == .minute }
        #expect(kept?.barCount == 19)
        settings.indicators.rsiPeriod = 7
        log.add(.notice(.settings(json: try settings.json)), second: 1201)
        #expect(try Run(log).snapshot.tickers[0].indicators?.isEmpty == true)
    }

    private func text(_ values: IndicatorValues?) -> String {
        guard let values else { return "none" }
        return
            "\(values.averages.map { [$0.simple, $0.exponential, $0.weighted] }) "
            + "\(String(describing: values.rsi)) "
            + "\(String(describing: values.macdHistogram)) "
            + "\(String(describing: values.bollingerUpper)) "
            + "\(String(describing: values.stochasticD)) "
            + "\(String(describing: values.averageTrueRange)) \(values.patterns)"
    }
}

/// What bars and indicators do where the calendar or the market is odd.
@Suite struct `Bars and indicators at the market's edges` {
    /// Seconds from the test's morning to a time of day, in New York, of 2026.
    private func second(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0) throws -> Double {
        let date = try #require(CivilDate(year: 2026, month: month, day: day))
        let noon = Timestamp(seconds: date.daysSince1970 * 86_400 + 43_200)
        let start = TradingCalendar.day(containing: noon, market: .usEquities).startsAt
        let moment = start.advanced(by: .seconds((hour - 4) * 3600 + minute * 60))
        return Double(moment.nanosecondsSince(TestMorning.open)) / 1e9
    }

    private func reading(_ run: Run, _ interval: BarInterval) -> IndicatorReading? {
        run.snapshot.tickers.first?.indicators?.first { $0.interval == interval }
    }

    @Test func `across a night the next session's bars follow the last one's, nothing between`()
        throws
    {
        var log = LogScript()
        log.trade(at: "10.00", second: try second(1, 2, 15, 59), sequence: 1)
        log.trade(at: "11.00", second: try second(1, 5, 9, 30), sequence: 2)
        log.trade(at: "12.00", second: try second(1, 6, 9, 30), sequence: 3)
        log.clock(second: try second(1, 6, 9, 31) + 10)
        let run = try Run(log)
        let days = run.effects.bars.filter { $0.interval == .day }
        #expect(days.map(\.close) == ["10.00", "11.00"])
        #expect(reading(run, .minute)?.barCount == 3)
        #expect(reading(run, .day)?.barCount == 2)
        let minutes = IndicatorSeries(
            bars: run.effects.bars.filter { $0.interval == .minute },
            settings: IndicatorSettings()
        ).points
        #expect(reading(run, .minute)?.closed?.standardDeviation == nil)
        #expect(minutes.count == 3)
    }

    @Test func `the day begins an hour earlier in UTC once clocks have gone forward`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: try second(3, 6, 10), sequence: 1)
        log.trade(at: "11.00", second: try second(3, 9, 10), sequence: 2)
        log.clock(second: try second(3, 10, 5))
        let run = try Run(log)
        let days = run.effects.bars.filter { $0.interval == .day }
        #expect(
            days.map(\.start.description) == [
                "2026-03-06T09:00:00.000Z", "2026-03-09T08:00:00.000Z",
            ])
        let hours = run.effects.bars.filter { $0.interval == .hour }
        #expect(
            hours.map(\.start.description) == [
                "2026-03-06T15:00:00.000Z", "2026-03-09T14:00:00.000Z",
            ])
        #expect(reading(run, .day)?.barCount == 2)
        #expect(reading(run, .hour)?.barCount == 2)
    }

    @Test func `a half day's bar is final when its short after-hours session ends`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: try second(11, 27, 12, 59), sequence: 1)
        log.clock(second: try second(11, 27, 17) + 3)
        #expect(try reading(Run(log), .day) == nil)
        log.clock(second: try second(11, 27, 17) + 4)
        let run = try Run(log)
        #expect(reading(run, .day)?.barCount == 1)
        #expect(reading(run, .day)?.live == nil)
    }

    @Test func `a halted ticker's bars and indicators stand still`() throws {
        var log = LogScript()
        for minute in 0..<20 {
            log.trade(
                at: Price(units: 10_000_000_000 + Int64(minute % 3) * 10_000_000),
                second: Double(minute * 60), sequence: SequenceNumber(minute + 1))
        }
        log.clocks(1140...1300)
        let before = try Run(log)
        for minute in 22..<60 { log.clock(second: Double(minute * 60)) }
        let halted = try Run(log)
        #expect(
            reading(halted, .minute)?.closed?.rsi == reading(before, .minute)?.closed?.rsi)
        #expect(reading(halted, .minute)?.barCount == 20)
        #expect(reading(halted, .minute)?.live == nil)
        #expect(halted.effects.bars.filter { $0.interval == .minute }.count == 20)
        log.trade(at: "10.05", second: 3605, sequence: 21)
        let resumed = try Run(log)
        #expect(
            reading(resumed, .minute)?.liveStart == TestMorning.open.advanced(by: .seconds(3600)))
    }

    @Test func `a price and a size of a billion overflow nothing`() throws {
        var log = LogScript()
        var effects = EffectBatch()
        var state = EngineState()
        for index in 0..<3000 {
            log.trade(
                at: index % 2 == 0 ? "1000000000" : "999999999", size: 1_000_000_000,
                second: Double(index), sequence: SequenceNumber(index + 1))
        }
        for batch in log.batches(of: 500) { try state.apply(batch, into: &effects) }
        let bar = try #require(effects.bars.first { $0.interval == .minute })
        #expect(bar.volume.description == "60000000000")
        #expect(bar.vwap == "999999999.5")
        let readings = try #require(state.snapshot(takenAt: TestMorning.open).tickers[0].indicators)
        let second = try #require(readings.first { $0.interval == .second }?.closed)
        for averages in second.averages {
            let mean = try #require(averages.simple)
            #expect(abs(mean - 999_999_999.5) <= 1e-15 * mean)
        }
        #expect(second.standardDeviation == 0.5)
    }

    @Test func `a bar in which no trade may set a price is passed over`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 1)
        log.trade(at: "99.00", second: 60, sequence: 2, conditions: [37])
        log.trade(at: "11.00", second: 120, sequence: 3)
        log.clocks(121...200)
        let run = try Run(log)
        #expect(
            run.effects.bars.filter { $0.interval == .minute }.map(\.close) == [
                "10.00", nil, "11.00",
            ])
        #expect(reading(run, .minute)?.barCount == 2)
    }

    @Test func `a ticker first seen in mid-session has no indicator before it has the bars`() throws
    {
        var log = LogScript()
        log.trade(at: "10.00", second: 9000, sequence: 1)
        log.clocks(9001...9070)
        let run = try Run(log)
        let minute = try #require(reading(run, .minute))
        #expect(minute.barCount == 1)
        #expect(minute.closed?.rsi == nil)
        #expect(minute.closed?.averages.allSatisfy { $0.simple == nil } == true)
        #expect(run.effects.signals.isEmpty)
    }
}
