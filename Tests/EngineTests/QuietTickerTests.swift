import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

/// Clock records pass over a ticker without events, and its windows stay where they are; whoever
/// looks finds what turning it at every record would have left.
@Suite("Quiet tickers")
struct QuietTickerTests {
    /// A state that is looked at again and again has nothing waiting; one that never is, all of it.
    private func expectLookingChangesNothing(_ log: LogScript, every: Int) throws {
        var watched = EngineState()
        var alone = EngineState()
        var watchedEffects = EffectBatch()
        var aloneEffects = EffectBatch()
        for (number, batch) in log.batches(of: 1).enumerated() {
            try watched.apply(batch, into: &watchedEffects)
            try alone.apply(batch, into: &aloneEffects)
            if number % every == 0 { _ = watched.snapshot(takenAt: TestMorning.open) }
        }
        #expect(watchedEffects.rows == aloneEffects.rows)
        let seen = watched.snapshot(takenAt: TestMorning.open)
        let found = alone.snapshot(takenAt: TestMorning.open)
        for (one, other) in zip(seen.tickers, found.tickers) { #expect("\(one)" == "\(other)") }
        #expect(watched.stateHash == alone.stateHash)
    }

    /// Few events between many clock records, over `hours` of them.
    private func seldom(seed: UInt64, hours: Int, clockEvery: Double) -> LogScript {
        var random = SeededRandom(seed: seed)
        let symbols: [Symbol] = ["AAPL", "MSFT", "TSLA", "NVDA"]
        var log = LogScript()
        var second = 0.25
        var sequence: SequenceNumber = 1
        var nextClock = 1.0
        while second < Double(hours) * 3600 {
            while nextClock < second {
                log.clock(second: nextClock)
                nextClock += clockEvery
            }
            let symbol = symbols[Int.random(in: 0..<4, using: &random)]
            let cents = Int64.random(in: 990...1010, using: &random)
            let price = Price(units: cents * 10_000_000)
            if Int.random(in: 0..<4, using: &random) == 0 {
                let spread = Int64.random(in: -1...3, using: &random)
                log.quote(
                    symbol, bid: price, ask: Price(units: (cents + spread) * 10_000_000),
                    second: second, sequence: sequence)
            } else {
                let lag = [0, 0, 0, 1.5, 2.5][Int.random(in: 0..<5, using: &random)]
                log.trade(
                    symbol, at: price, second: second - lag, sequence: sequence, received: second)
            }
            sequence += 1
            // Silences from under a second to over an hour.
            second += Double.random(in: 0...1, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                second += Double.random(in: 0...4 * clockEvery, using: &random)
            }
            if Int.random(in: 0..<200, using: &random) == 0 { second += 5000 }
        }
        log.clock(second: second + 100)
        return log
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `minutes of few trades are the same, looked at or not`(seed: UInt64) throws {
        try expectLookingChangesNothing(seldom(seed: seed, hours: 1, clockEvery: 20), every: 3)
    }

    @Test func `a clock record each second is the same, looked at or not`() throws {
        try expectLookingChangesNothing(seldom(seed: 4, hours: 1, clockEvery: 1), every: 5)
    }

    @Test func `days are the same, looked at or not: a session's begin is no quiet moment`() throws
    {
        try expectLookingChangesNothing(seldom(seed: 5, hours: 60, clockEvery: 300), every: 2)
    }

    @Test(arguments: 6...7 as ClosedRange<UInt64>)
    func `a market with faults is the same, looked at or not`(seed: UInt64) throws {
        let log = RandomMarket.script(seed: seed, events: 1500, faults: 0.3)
        try expectLookingChangesNothing(log, every: 4)
    }

    @Test func `new settings count for what comes after them`() throws {
        var log = LogScript()
        log.trade(at: "10.00", second: 0, sequence: 1)
        log.clocks(1...30)
        var settings = AnalyticsSettings()
        settings.latenessSeconds = 0.5
        log.add(.notice(.settings(json: try settings.json)), source: .ticktop, second: 30.5)
        log.clocks(31...70)
        log.trade(at: "10.10", second: 70.5, sequence: 2)
        try expectLookingChangesNothing(log, every: 1)
    }
}
