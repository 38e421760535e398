import Engine
import MarketModel
import TestSupport
import Testing

@Suite("Gaps in a feed")
struct GapTests {
    @Test func `a demo market promises no gaps, and repeats are still recognised`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 100, source: .demo)
        log.trade(at: "10.00", second: 1, sequence: 101, source: .demo)
        log.trade(at: "10.00", second: 2, sequence: 900, source: .demo)
        log.trade(at: "10.00", second: 2.1, sequence: 900, source: .demo)
        log.clocks(3...10)
        let run = try Run(log)
        #expect(run.effects.gaps.isEmpty)
        #expect(run.effects.episodes.isEmpty)
        #expect(run.counts.applied == 3)
        #expect(run.counts.duplicate == 1)
    }

    @Test func `ids that stay away for longer than lateness are a loss`() throws {
        var log = LogScript()
        log.trade("BTCUSDT", at: "40000", second: 0, sequence: 100, source: .binance)
        log.trade("BTCUSDT", at: "40000", second: 1, sequence: 106, source: .binance)
        #expect(try Run(log).effects.gaps.isEmpty)
        log.trade("BTCUSDT", at: "40000", second: 4, sequence: 107, source: .binance)
        let run = try Run(log)
        let gap = try #require(run.effects.gaps.first)
        #expect(gap.firstMissing == 101)
        #expect(gap.lastMissing == 105)
        #expect(gap.from == TestMorning.open)
        #expect(gap.to == TestMorning.open.advanced(by: .seconds(1)))
        #expect(gap.position == LogScript.position(1))
        let episode = try #require(run.effects.episodes.first)
        #expect(episode.id == "sequence_gap-BTCUSDT-1.200.0")
        #expect(episode.explanation == "trade ids 101 to 105 missing where the feed promises none")
        #expect(episode.worstScore == 5)
    }

    @Test func `ids that come out of order in time are no loss`() throws {
        var log = LogScript()
        log.trade("BTCUSDT", at: "40000", second: 0, sequence: 100, source: .binance)
        log.trade("BTCUSDT", at: "40000", second: 1, sequence: 103, source: .binance)
        log.trade("BTCUSDT", at: "40000", second: 0.6, sequence: 102, source: .binance, received: 1)
        log.trade("BTCUSDT", at: "40000", second: 0.5, sequence: 101, source: .binance, received: 1)
        log.trade("BTCUSDT", at: "40000", second: 9, sequence: 104, source: .binance)
        let run = try Run(log)
        #expect(run.effects.gaps.isEmpty)
        #expect(run.counts.applied == 5)
    }

    @Test func `what has come of a gap is left out of the loss`() throws {
        var log = LogScript()
        log.trade("BTCUSDT", at: "40000", second: 0, sequence: 100, source: .binance)
        log.trade("BTCUSDT", at: "40000", second: 1, sequence: 106, source: .binance)
        log.trade("BTCUSDT", at: "40000", second: 0.6, sequence: 103, source: .binance, received: 1)
        log.clocks(2...6)
        let gaps = try Run(log).effects.gaps
        #expect(gaps.map(\.firstMissing) == [101, 104])
        #expect(gaps.map(\.lastMissing) == [102, 105])
    }

    @Test func `jumps are normal where the feed promises nothing`() throws {
        var log = LogScript()
        log.trade(at: "10", second: 0, sequence: 100)
        log.trade(at: "10", second: 1, sequence: 106)
        log.clocks(2...20)
        #expect(try Run(log).effects.gaps.isEmpty)
    }

    @Test func `an absence of the connection is a gap with its times`() throws {
        var log = LogScript()
        log.add(.notice(.disconnected(.massive, reason: "reset")), source: .ticktop, second: 5)
        log.add(.notice(.disconnected(.massive, reason: "refused")), source: .ticktop, second: 6)
        log.add(.notice(.connected(.massive)), source: .ticktop, second: 9)
        let gap = try #require(try Run(log).effects.gaps.first)
        #expect(gap.kind == .outage)
        #expect(gap.from == TestMorning.open.advanced(by: .seconds(5)))
        #expect(gap.to == TestMorning.open.advanced(by: .seconds(9)))
    }
}
