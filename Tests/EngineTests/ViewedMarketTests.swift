import Engine
import MarketModel
import TestSupport
import Testing

@Suite struct `A market as others tell it` {
    private func aggregate(_ symbol: Symbol, price: Price, offset: Int64) -> TickerAggregate {
        var figures = RollingFigures()
        figures.price = price
        return TickerAggregate(
            symbol: symbol, market: .usEquities, position: LogPosition(epoch: 2, offset: offset),
            figures: figures,
            lastTrade: .make(symbol, at: price, size: 100, second: 1, sequence: offset))
    }

    private func quote(_ symbol: Symbol, bid: Price, offset: Int64) -> StoredQuote {
        StoredQuote(
            quote: Quote(
                symbol: symbol, bid: bid, ask: "300", bidSize: 1, askSize: 1,
                quotedAt: TestMorning.open, sequence: offset), source: .massive,
            receivedAt: TestMorning.open, position: LogPosition(epoch: 2, offset: offset))
    }

    private func episode(hits: Int64, isOpen: Bool, offset: Int64) -> Episode {
        Episode(
            id: "velocity-AAPL-2.1.0", kind: .velocity, symbol: "AAPL", severity: .low,
            firstAt: TestMorning.open, lastAt: TestMorning.open, hits: hits, worstScore: 1,
            features: nil, explanation: "", isOpen: isOpen,
            position: LogPosition(epoch: 2, offset: offset))
    }

    @Test func `shows every ticker in alphabetical order, with its newest figures and quote`() {
        let market = ViewedMarket()
        market.apply(aggregate("MSFT", price: "430", offset: 5))
        market.apply(quote("AAPL", bid: "231", offset: 6))
        market.apply(aggregate("AAPL", price: "231.5", offset: 7))
        let snapshot = market.snapshot(takenAt: TestMorning.open)
        #expect(snapshot.tickers.map(\.symbol) == ["AAPL", "MSFT"])
        #expect(snapshot.ticker("AAPL")?.figures.price == "231.5")
        #expect(snapshot.ticker("AAPL")?.quote?.bid == "231")
        #expect(snapshot.ticker("AAPL")?.features?.price == "231.5")
        #expect(snapshot.ticker("MSFT")?.lastTrade?.price == "430")
    }

    @Test func `is the same when an engine tells everything again after a crash`() {
        let market = ViewedMarket()
        func tell(from first: Int64) {
            for offset in first..<10 {
                market.apply(
                    aggregate("AAPL", price: Price(units: 230_000_000_000 + offset), offset: offset)
                )
                market.apply(quote("AAPL", bid: Price(units: 1000 + offset), offset: offset))
                market.apply(episode(hits: offset, isOpen: offset < 9, offset: offset))
            }
        }
        tell(from: 1)
        let before = market.snapshot(takenAt: TestMorning.open)
        market.apply(aggregate("AAPL", price: "1", offset: 3))
        market.apply(quote("AAPL", bid: "1", offset: 3))
        market.apply(episode(hits: 3, isOpen: true, offset: 3))
        let during = market.snapshot(takenAt: TestMorning.open)
        tell(from: 3)
        let after = market.snapshot(takenAt: TestMorning.open)
        for seen in [during, after] {
            #expect(seen.tickers[0].figures == before.tickers[0].figures)
            #expect(seen.tickers[0].quote == before.tickers[0].quote)
            #expect(seen.episodes == before.episodes && seen.episodes.map(\.hits) == [9])
            #expect(seen.episodes.map(\.isOpen) == [false])
        }
    }

    /// An hour of trades, as one engine tells them, and what the engine itself shows.
    private func told() throws -> (effects: EffectBatch, engine: MarketSnapshot) {
        var log = LogScript()
        var random = SeededRandom(seed: 31)
        var second = 0.0
        var number = 0
        // The end lies within a minute, so that bars of every length are open.
        while second < 3525 {
            number += 1
            second += Double.random(in: 0..<2.4, using: &random)
            let cents = Int64.random(in: 23_000...23_100, using: &random)
            log.trade(
                at: Price(units: cents * 10_000_000), second: second, sequence: Int64(number))
            if number % 3 == 0 { log.clock(second: second + 0.002) }
        }
        log.clocks(Int(second) + 1...Int(second) + 9)
        var state = EngineState()
        state.sendsAggregates = true
        var effects = EffectBatch()
        for batch in log.batches(of: 64) { try state.apply(batch, into: &effects) }
        return (effects, state.snapshot(takenAt: TestMorning.open))
    }

    @Test func `makes the engine's own open bars, indicators and signals from the closed bars`()
        throws
    {
        let (effects, engine) = try told()
        let market = ViewedMarket()
        for bar in effects.bars { market.apply(bar) }
        for aggregate in effects.aggregates { market.apply(aggregate) }
        let shown = try #require(market.snapshot(takenAt: TestMorning.open).ticker("AAPL"))
        let own = try #require(engine.ticker("AAPL"))
        #expect(shown.origin == .derived && own.origin == .engine)
        // Seconds are all closed at the end of this log.
        let open = own.provisionalBars.filter { $0.interval != .second }
        #expect(shown.provisionalBars.map(\.interval) == open.map(\.interval))
        for (bar, other) in zip(shown.provisionalBars, open) {
            var bar = bar
            // How often a bar was amended, only its engine knows.
            bar.revision = other.revision
            #expect(bar == other)
        }
        #expect(open.map(\.interval) == [.minute, .fiveMinutes, .fifteenMinutes, .hour, .day])
        #expect(shown.signals.map(\.kind) == own.signals.map(\.kind) && !own.signals.isEmpty)
        let readings = try #require(shown.indicators)
        let owns = try #require(own.indicators)
        #expect(readings.map(\.interval) == owns.map(\.interval) && readings.count >= 3)
        for (reading, other) in zip(readings, owns) {
            #expect(reading.barCount == other.barCount && reading.closedStart == other.closedStart)
            #expect(reading.closed?.rsi == other.closed?.rsi)
            #expect(reading.closed?.macd == other.closed?.macd)
            #expect(reading.live?.bollingerUpper == other.live?.bollingerUpper)
        }
        #expect(market.takeSignals().count == effects.signals.count)
    }

    @Test func `bars that come again, amended or not, change what is open by their newest telling`()
        throws
    {
        let (effects, _) = try told()
        let market = ViewedMarket()
        for aggregate in effects.aggregates { market.apply(aggregate) }
        for bar in effects.bars { market.apply(bar) }
        let before = market.snapshot(takenAt: TestMorning.open).tickers[0]
        for bar in effects.bars.suffix(400) { market.apply(bar) }
        let again = market.snapshot(takenAt: TestMorning.open).tickers[0]
        #expect(again.provisionalBars == before.provisionalBars)
        #expect(again.signals == before.signals)
        var amended = try #require(effects.bars.last { $0.interval == .second })
        amended.revision += 1
        amended.volume += Volume(700)
        market.apply(amended)
        let after = market.snapshot(takenAt: TestMorning.open).tickers[0]
        for (bar, old) in zip(after.provisionalBars, before.provisionalBars) {
            #expect(bar.volume == old.volume + Volume(700))
        }
        #expect(after.provisionalBars.count == before.provisionalBars.count)
    }

    @Test func `the state of forests is as the engine tells it`() throws {
        var told = aggregate("AAPL", price: "231", offset: 1)
        var model = ModelStatus()
        model.vectorCount = 400
        told.model = model
        let market = ViewedMarket()
        market.apply(told)
        #expect(market.snapshot(takenAt: TestMorning.open).tickers[0].model == model)
    }
}
