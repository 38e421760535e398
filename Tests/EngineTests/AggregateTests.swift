import Engine
import MarketModel
import TestSupport
import Testing

@Suite struct `Figures for others` {
    /// One run over the log, with copies of the state taken and loaded on the way.
    private func aggregates(
        _ script: LogScript, batchSize: Int, restartEvery: Int? = nil, looks: Bool = false
    ) throws -> [TickerAggregate] {
        var state = EngineState()
        state.sendsAggregates = true
        var effects = EffectBatch()
        for (number, batch) in script.batches(of: batchSize).enumerated() {
            if let restartEvery, number % restartEvery == restartEvery - 1 {
                state = try EngineState.decoded(state.encoded())
                state.sendsAggregates = true
            }
            try state.apply(batch, into: &effects)
            if looks { _ = state.snapshot(takenAt: TestMorning.open) }
        }
        return effects.aggregates
    }

    private var script: LogScript {
        var log = LogScript()
        var random = SeededRandom(seed: 7)
        var second = 0.0
        for number in 0..<400 {
            second += Double.random(in: 0..<1.5, using: &random)
            let symbol: Symbol = Bool.random(using: &random) ? "AAPL" : "MSFT"
            let cents = Int64.random(in: 23_000...23_100, using: &random)
            log.trade(
                symbol, at: Price(units: cents * 10_000_000), second: second,
                sequence: Int64(number))
            if number % 7 == 0 {
                log.quote(
                    symbol, bid: "230.00", ask: "230.10", second: second, sequence: Int64(number))
            }
            log.clock(second: second + 0.002)
        }
        log.clocks(Int(second) + 3...Int(second) + 9)
        return log
    }

    @Test func `come once a ticker and second with a trade, with the vector's figures`() throws {
        var state = EngineState()
        state.sendsAggregates = true
        var effects = EffectBatch()
        for batch in script.batches(of: 64) { try state.apply(batch, into: &effects) }
        #expect(effects.aggregates.count == effects.features.count && effects.features.count > 300)
        for (aggregate, vector) in zip(effects.aggregates, effects.features) {
            #expect(aggregate.symbol == vector.symbol)
            #expect(aggregate.lastTrade.executedAt == vector.updatedAt)
            #expect(aggregate.figures.price == vector.price)
            #expect(aggregate.figures.vwapFiveMinutes == vector.vwapFiveMinutes)
        }
        #expect(
            Set(effects.aggregates.map { "\($0.symbol)\($0.position)" }).count
                == effects.aggregates.count)
    }

    @Test func `are the same however the log is cut, copied and looked at`() throws {
        let log = script
        let whole = try aggregates(log, batchSize: 4096)
        #expect(whole.count > 300)
        #expect(try aggregates(log, batchSize: 1) == whole)
        #expect(try aggregates(log, batchSize: 10, restartEvery: 3) == whole)
        #expect(try aggregates(log, batchSize: 5, looks: true) == whole)
    }

    @Test func `say how a trained forest stands, the same after a restart`() throws {
        var log = LogScript()
        var random = SeededRandom(seed: 11)
        for number in 0..<3000 {
            let second = Double(number) * 0.3
            let cents = Int64.random(in: 23_000...23_100, using: &random)
            log.quote(
                bid: "230.00", ask: "230.10", second: second, sequence: Int64(number))
            log.trade(
                at: Price(units: cents * 10_000_000), second: second, sequence: Int64(number))
        }
        log.clocks(900...905)
        let whole = try aggregates(log, batchSize: 4096)
        let trained = whole.filter { $0.model?.version != nil }
        #expect(trained.count > 100 && trained.last?.model?.lastScore != nil)
        #expect(try aggregates(log, batchSize: 400, restartEvery: 2) == whole)
    }

    @Test func `are not made unless asked for`() throws {
        #expect(try Run(script).effects.aggregates.isEmpty)
    }
}
