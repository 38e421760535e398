import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

@Suite("Engine time")
struct TimeTests {
    @Test func `of each second with an eligible trade one feature vector is stored`() throws {
        var log = LogScript()
        log.trade(at: "10.00", size: 1, second: 0.1, sequence: 1)
        log.trade(at: "10.01", size: 2, second: 0.9, sequence: 2)
        log.trade(at: "10.02", size: 3, second: 0.95, sequence: 3, conditions: [37])
        log.trade(at: "10.03", size: 4, second: 1.5, sequence: 4)
        log.clocks(2...9)
        let features = try Run(log).effects.features
        #expect(features.map(\.price) == ["10.01", "10.03"])
        #expect(features.map(\.size) == [2, 4])
        #expect(features.map(\.position) == [LogScript.position(1), LogScript.position(3)])
    }

    @Test func `clock records close the bars of a ticker that has gone silent`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 1)
        log.clocks(1...62)
        let early = try Run(log).effects.bars
        #expect(early.map(\.interval) == [.second])
        log.clocks(63...64)
        let bars = try Run(log).effects.bars
        #expect(bars.map(\.interval) == [.second, .minute])
        #expect(bars.allSatisfy { $0.isFinal && $0.tradeCount == 1 })
    }

    @Test func `windows slide on the clock, behind it by lateness`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 1)
        log.clock(second: 61)
        #expect(try Run(log).snapshot.tickers[0].figures.vwapOneMinute == "10.00")
        log.clock(second: 62)
        let figures = try Run(log).snapshot.tickers[0].figures
        #expect(figures.vwapOneMinute == nil)
        #expect(figures.vwapFiveMinutes == "10.00")
    }

    @Test func `a clock that goes back changes nothing`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 1)
        log.clock(second: 100)
        let before = try Run(log).snapshot.tickers[0].figures
        log.clock(second: 50)
        #expect(try Run(log).snapshot.tickers[0].figures == before)
    }

    @Test func `an episode closes on the clock when its ticker is silent`() throws {
        var log = LogScript()
        log.quote(bid: "10.02", ask: "10.00", second: 0, sequence: 1)
        log.quote(bid: "10.02", ask: "10.00", second: 1.5, sequence: 2)
        log.quote(bid: "10.00", ask: "10.02", second: 1.6, sequence: 3)
        log.clocks(2...70)
        let run = try Run(log)
        #expect(run.effects.episodes.map(\.isOpen) == [true, false])
        let episode = try #require(run.snapshot.episodes.first)
        #expect(episode.kind == .crossedMarket)
        #expect(!episode.isOpen)
        #expect(episode.symbol == "AAPL")
    }

    @Test func `a price far from the last minutes' closes opens a price spike`() throws {
        var log = LogScript()
        for minute in 0..<6 {
            log.trade(
                at: "220.00", second: Double(minute) * 60, sequence: SequenceNumber(minute + 1))
        }
        log.trade(at: "220.00", second: 363, sequence: 7)
        log.trade(at: "231.40", second: 364, sequence: 8)
        let episodes = try Run(log).effects.episodes
        let spike = try #require(episodes.first { $0.kind == .priceSpike })
        #expect(
            spike.explanation == "price 231.40 is 5.18 % above the mean 220.00 of the last 6"
                + " one-minute closes (threshold 5 %)")
        #expect(spike.features?.price == "231.40")
        #expect(episodes.contains { $0.kind == .velocity && $0.severity == .critical })
    }

    @Test func `a burst of volume against quiet minutes opens a volume spike`() throws {
        var log = LogScript()
        for minute in 0..<8 {
            log.trade(
                at: "220.00", size: 1000, second: Double(minute) * 60,
                sequence: SequenceNumber(minute + 1))
        }
        log.trade(at: "220.00", size: 3500, second: 470, sequence: 9)
        let episodes = try Run(log).effects.episodes
        let spike = try #require(episodes.first { $0.kind == .volumeSpike })
        #expect(spike.severity == .medium)
        #expect(spike.worstScore == 4.5)
    }
}

@Suite("Reference data and settings in the log")
struct NoticeTests {
    private func bar(second: Double) -> ProviderBar {
        let start = TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
        return ProviderBar(
            symbol: "AAPL", start: start, end: start.advanced(by: .seconds(60)), open: "9",
            high: "11", low: "8", close: "10", volume: 500, vwap: "9.5", tradeCount: 7)
    }

    @Test func `the provider's history is stored where the log has no trades of its own`() throws {
        var log = LogScript()
        log.add(.notice(.historicalBar(bar(second: -120), interval: .minute)), second: 0)
        log.trade(at: "10.00", second: 30, sequence: 1)
        log.add(.notice(.historicalBar(bar(second: -60), interval: .minute)), second: 31)
        log.add(.notice(.historicalBar(bar(second: 0), interval: .minute)), second: 31)
        let bars = try Run(log).effects.bars
        #expect(bars.map(\.start) == [bar(second: -120).start, bar(second: -60).start])
        #expect(bars.allSatisfy { $0.isReference && $0.isFinal })
        #expect(bars[0].vwap == "9.5")
        #expect(bars[0].tradeCount == 7)
    }

    @Test func `in an outage too, but for the bars that it cuts`() throws {
        var log = LogScript()
        func minute(_ index: Int) -> LogScript.Entry {
            .notice(.historicalBar(bar(second: Double(index * 60)), interval: .minute))
        }
        log.trade(at: "10.00", second: 30, sequence: 1)
        let from = TestMorning.open.advanced(by: .seconds(90))
        let to = TestMorning.open.advanced(by: .seconds(290))
        log.add(.notice(.outage(.massive, from: from, to: to)), second: 290)
        log.trade(at: "10.00", second: 300, sequence: 2)
        for index in 0..<6 { log.add(minute(index), second: 301) }
        log.add(minute(3), source: .binance, second: 302)
        let bars = try Run(log).effects.bars.filter(\.isReference)
        #expect(bars.map(\.start) == [2, 3].map { bar(second: Double($0 * 60)).start })
    }

    @Test func `minutes of an outage become the coarser bars that it has in full`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 30, sequence: 1)
        let to = TestMorning.open.advanced(by: .seconds(20 * 60))
        log.add(
            .notice(
                .outage(.massive, from: TestMorning.open.advanced(by: .seconds(180)), to: to)),
            second: 1200)
        for index in 3..<23 {
            let start = Double(index * 60)
            log.add(
                .notice(.historicalBar(bar(second: start), interval: .minute)), second: 1201)
        }
        // Another outage ends what is left of the first.
        let later = TestMorning.open.advanced(by: .seconds(3600))
        log.add(
            .notice(.outage(.massive, from: to.advanced(by: .seconds(60)), to: later)),
            second: 3600)
        log.add(
            .notice(.historicalBar(bar(second: 3000), interval: .minute)), second: 3601)
        let bars = try Run(log).effects.bars.filter {
            $0.isReference && $0.interval != .minute
        }
        let fives = bars.filter { $0.interval == .fiveMinutes }
        #expect(fives.map(\.start) == [5, 10, 15].map { bar(second: $0 * 60).start })
        #expect(fives.allSatisfy { $0.tradeCount == 35 })
        #expect(bars.count == fives.count)
    }

    @Test func `change is measured against the previous close once it is known`() throws {
        var log = LogScript()
        log.trade(at: "11.00", second: 0, sequence: 1)
        #expect(try Run(log).snapshot.tickers[0].figures.changeBasis == .firstSeen)
        let date = CivilDate(daysSince1970: 20_453)
        log.add(.notice(.previousClose("AAPL", "10.00", tradingDate: date)), second: 1)
        let figures = try Run(log).snapshot.tickers[0].figures
        #expect(figures.changeBasis == .previousClose)
        #expect(figures.changePercent == 10)
    }

    @Test func `the session's open on a provider's bar is a basis for change`() throws {
        var log = LogScript()
        log.trade(at: "11.00", second: 0, sequence: 1)
        var minute = bar(second: 0)
        minute.sessionOpen = "10.00"
        log.add(.event(.bar(minute)), second: 60)
        let run = try Run(log)
        #expect(run.snapshot.tickers[0].figures.changeBasis == .sessionOpen)
        #expect(run.counts.applied == 2)
    }

    @Test func `settings hold from their place in the log on`() throws {
        var settings = AnalyticsSettings()
        settings.latenessSeconds = 10
        var log = LogScript()
        log.trade(at: "10.00", second: 20, sequence: 1)
        log.trade(at: "10.00", second: 15, sequence: 2, received: 20)
        log.add(.notice(.settings(json: try settings.json)), source: .ticktop, second: 20)
        log.trade(at: "10.00", second: 15, sequence: 3, received: 20)
        log.add(.notice(.settings(json: "{")), source: .ticktop, second: 20)
        log.trade(at: "10.00", second: 15, sequence: 4, received: 20)
        let run = try Run(log)
        #expect(run.effects.trades.map(\.isLate) == [false, true, false, false])
        #expect(run.snapshot.ignored.map(\.type) == ["settings: unreadable"])
    }
}
