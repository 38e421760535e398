import Analytics
import Engine
import Foundation
import MarketModel
import TestSupport
import Testing

/// What docs/behaviour.md says of a market that misbehaves. Seconds count from 09:30 in New York on
/// Friday 2026-01-02 unless a test names its own moments.
@Suite struct `A market that misbehaves` {
    /// A log of trades at moments of New York's calendar, in the order given, without clock
    /// records.
    private func log(_ trades: [(at: String, price: Price, conditions: [Int])]) throws -> LogScript
    {
        var log = LogScript()
        log.checksEventTime = false
        for (index, trade) in trades.enumerated() {
            let moment = try #require(Timestamp(rfc3339: trade.at))
            let second = Double(moment.nanosecondsSince(TestMorning.open)) / 1e9
            log.trade(
                at: trade.price, second: second, sequence: SequenceNumber(index + 1),
                conditions: trade.conditions)
        }
        return log
    }

    private func days(_ run: Run) -> [Bar] { run.effects.bars.filter { $0.interval == .day } }

    @Test func `a ticker first seen in mid-session warms up from its own first second`() throws {
        var log = LogScript()
        for second in 0..<1200 {
            log.trade("MSFT", at: "431.40", second: Double(second), sequence: Int64(second + 1))
        }
        log.trade("LATE", at: "20.00", second: 1200.2, sequence: 1)
        log.trade("LATE", at: "20.05", second: 1200.4, sequence: 2)
        let early = try Run(log)
        let first = try #require(early.snapshot.tickers.first { $0.symbol == "LATE" }?.figures)
        #expect(first.price == "20.05")
        #expect(first.volumeZScore == nil)
        #expect(first.priceMomentum == nil)
        #expect(first.tradeFrequency == 120)
        #expect(first.changeBasis == .firstSeen)
        #expect(first.vwapSession == "20.025")
        #expect(early.effects.episodes.isEmpty)
        log.trade("LATE", at: "20.10", second: 1200.6, sequence: 3)
        let burst = try Run(log).effects.episodes
        #expect(burst.map(\.kind) == [.velocity], "half a percent within its first second")
        #expect(burst.first?.worstScore == 0.5)
    }

    @Test func `a new trading day begins its session anew, and measures change against the last`()
        throws
    {
        let run = try Run(
            log([
                ("2026-01-02T20:59:59Z", "100.00", []), ("2026-01-03T00:59:59Z", "101.00", [12]),
                ("2026-01-05T09:00:01Z", "103.00", [12]), ("2026-01-05T14:30:01Z", "104.00", []),
            ]))
        let figures = run.snapshot.tickers[0].figures
        #expect(figures.changeBasis == .previousClose)
        #expect(figures.change == "4.00")
        #expect(figures.sessionVolume == Volume(100), "since 09:30 on Monday")
        #expect(figures.priceMomentum == nil, "Friday's price is of another session")
        let friday = try #require(days(run).first)
        #expect(friday.start == Timestamp(rfc3339: "2026-01-02T09:00:00Z"))
        #expect(friday.close == "100.00")
        #expect(friday.tradeCount == 2)
    }

    @Test func `clocks that change at the weekend move the session with New York`() throws {
        let run = try Run(
            log([
                ("2026-03-06T14:30:00Z", "100.00", []), ("2026-03-09T07:59:59Z", "100.10", [12]),
                ("2026-03-09T13:30:00Z", "100.20", []), ("2026-03-10T13:30:00Z", "100.30", []),
            ]))
        let starts = days(run).map(\.start)
        #expect(starts[0] == Timestamp(rfc3339: "2026-03-06T09:00:00Z"), "04:00 in winter")
        #expect(starts.last == Timestamp(rfc3339: "2026-03-09T08:00:00Z"), "04:00 in summer")
        #expect(days(run).last?.tradeCount == 1, "03:59:59 belongs to Friday's night")
        #expect(run.snapshot.tickers[0].figures.change == "0.10")
    }

    @Test func `a half day's bar is final after 17:00`() throws {
        var log = try log([
            ("2026-11-27T17:59:59Z", "100.00", []), ("2026-11-27T21:59:59Z", "100.50", [12]),
            ("2026-11-27T22:00:01Z", "100.60", [12]),
        ])
        #expect(try days(Run(log)).isEmpty)
        let end = try #require(Timestamp(rfc3339: "2026-11-27T22:00:04Z"))
        log.clock(second: Double(end.nanosecondsSince(TestMorning.open)) / 1e9)
        let day = try #require(days(Run(log)).last)
        #expect(day.close == "100.00")
        #expect(day.isFinal)
    }

    @Test func `a halted ticker is a quiet one: its price stands, and no bar is invented`() throws {
        var log = LogScript()
        for second in 0..<420 {
            log.trade(at: "10.00", second: Double(second), sequence: Int64(second + 1))
        }
        let band = PriceBand(
            symbol: "AAPL", upper: "10.50", lower: "9.50",
            at: TestMorning.open.advanced(by: .seconds(420)), sequence: 1)
        log.add(.event(.band(band)), second: 420)
        log.clocks(421...720)
        let halted = try Run(log)
        let ticker = halted.snapshot.tickers[0]
        #expect(ticker.band == band)
        #expect(ticker.figures.price == "10.00")
        #expect(ticker.figures.tradeFrequency == 0)
        #expect(ticker.figures.vwapOneMinute == nil)
        #expect(ticker.figures.priceMomentum == 0)
        #expect(halted.effects.episodes.isEmpty)
        let minutes = halted.effects.bars.filter { $0.interval == .minute }
        #expect(minutes.count == 7)
        log.trade(at: "10.60", second: 721, sequence: 1000)
        let resumed = try Run(log).effects.episodes
        #expect(resumed.map(\.kind) == [.priceSpike], "velocity does not reach over the halt")
    }

    @Test func `distinct symbols beyond the limit are refused one by one, and memory stands`()
        throws
    {
        let isFull = ProcessInfo.processInfo.environment["TICKTOP_PROVE"] != nil
        let count = isFull ? 1_000_000 : 50_000
        var settings = AnalyticsSettings()
        settings.symbolsMax = 1000
        var state = EngineState(settings: settings)
        var refused = 0
        for start in stride(from: 0, to: count, by: 1000) {
            var batch = EventBatch()
            for number in start..<start + 1000 {
                let symbol = try #require(Symbol("S\(number)"))
                batch.events.append(
                    LoggedEvent(
                        event: .trade(.make(symbol, at: "10", size: 1)),
                        receivedAt: TestMorning.open,
                        position: LogPosition(epoch: 1, offset: Int64(number)), source: .massive))
            }
            batch.end = LogPosition(epoch: 1, offset: Int64(start + 1000))
            var effects = EffectBatch()
            try state.apply(batch, into: &effects)
            #expect(effects.deadLetters.allSatisfy { $0.refusal.reason == .tooManySymbols })
            refused += effects.deadLetters.count
        }
        #expect(refused == count - 1000)
        #expect(state.counts.applied == 1000)
        #expect(state.counts.isConserved)
        #expect(state.snapshot(takenAt: TestMorning.open).tickers.count == 1000)
    }

    @Test func `trades without a sequence number are each their own`() throws {
        var log = LogScript()
        for second in 0..<3 { log.trade(at: "10.00", second: Double(second), sequence: 0) }
        log.quote(bid: "9.99", ask: "10.01", second: 3, sequence: 0)
        log.quote(bid: "9.98", ask: "10.01", second: 4, sequence: 0)
        let run = try Run(log)
        #expect(run.counts.applied == 5)
        #expect(run.counts.duplicate == 0)
        #expect(run.snapshot.tickers[0].quote?.bid == "9.98")
    }

    @Test func `a feature vector is of the trade whose price it shows`() throws {
        var log = LogScript()
        log.trade(at: "10.00", size: 1, second: 0.1, sequence: 1)
        log.trade(at: "10.01", size: 2, second: 0.9, sequence: 4, conditions: [37])
        log.trade(at: "10.02", size: 3, second: 0.5, sequence: 3)
        log.trade(at: "10.03", size: 4, second: 0.5, sequence: 2)
        log.clocks(1...4)
        let vector = try #require(try Run(log).effects.features.first)
        #expect(vector.price == "10.02")
        #expect(vector.size == 3)
        #expect(vector.position == LogScript.position(2))
    }
}
