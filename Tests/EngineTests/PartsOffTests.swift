import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

/// Bars, indicators, rules, rows of feature vectors and the join with news can be off, and the
/// rolling figures stay what they are.
@Suite struct `Parts that are off` {
    private struct Outcome {
        var effects: EffectBatch
        /// After each applied trade.
        var figures: [RollingFigures] = []
        var snapshot: MarketSnapshot
        var hash: String
    }

    private func outcome(
        _ log: LogScript, _ settings: AnalyticsSettings, batch: Int
    ) throws -> Outcome {
        var state = EngineState(settings: settings)
        var effects = EffectBatch()
        var figures: [RollingFigures] = []
        state.figuresWitness = { figures.append($1) }
        for batch in log.batches(of: batch) { try state.apply(batch, into: &effects) }
        return Outcome(
            effects: effects, figures: figures,
            snapshot: state.snapshot(takenAt: TestMorning.open), hash: state.stateHash)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `the figures after each trade are those of the whole engine`(seed: UInt64) throws {
        let log = RandomMarket.script(seed: seed, events: 3000, faults: 0.2)
        let whole = try outcome(log, AnalyticsSettings(), batch: 64)
        let alone = try outcome(log, .windowsAlone, batch: 64)
        #expect(whole.figures.count > 500)
        #expect(alone.figures == whole.figures)
        #expect(alone.effects.trades == whole.effects.trades)
        #expect(alone.effects.quotes == whole.effects.quotes)
        #expect(alone.effects.gaps == whole.effects.gaps)
        for (one, other) in zip(alone.snapshot.tickers, whole.snapshot.tickers) {
            #expect(one.figures == other.figures)
            #expect(one.sessionHigh == other.sessionHigh)
            #expect(one.provisionalBars.isEmpty)
        }
        #expect(alone.effects.bars.isEmpty && !whole.effects.bars.isEmpty)
        #expect(alone.effects.features.isEmpty && !whole.effects.features.isEmpty)
        #expect(alone.effects.episodes.isEmpty)
    }

    @Test func `the state is the same whatever the batches, and after its own copy`() throws {
        let log = RandomMarket.script(seed: 4, events: 1500, faults: 0.2)
        let hash = try outcome(log, .windowsAlone, batch: 1).hash
        for batch in [7, 4096] {
            #expect(try outcome(log, .windowsAlone, batch: batch).hash == hash)
        }
        var state = EngineState(settings: .windowsAlone)
        var effects = EffectBatch()
        for batch in log.batches(of: 100) {
            try state.apply(batch, into: &effects)
            state = try EngineState.decoded(state.encoded())
        }
        #expect(state.stateHash == hash)
    }

    @Test func `indicators are made on their intervals alone`() throws {
        var settings = AnalyticsSettings()
        settings.indicators.intervals = ["1m"]
        var log = LogScript()
        for minute in 0..<10 {
            log.trade(at: "10.00", second: Double(minute) * 60, sequence: Int64(minute + 1))
        }
        log.clocks(600...700)
        let readings = try outcome(log, settings, batch: 8).snapshot.tickers[0].indicators ?? []
        #expect(readings.map(\.interval) == [BarInterval.minute])
    }

    @Test func `parts can be turned off and on while the market goes on`() throws {
        var log = LogScript()
        for second in 0..<120 {
            log.trade(at: "10.00", second: Double(second), sequence: Int64(second + 1))
        }
        var off = AnalyticsSettings()
        off.barIntervals = []
        off.rules.priceSpikeIsOn = false
        off.rules.volumeSpikeIsOn = false
        log.add(.notice(.settings(json: try off.json)), source: .ticktop, second: 120.1)
        for second in 121..<240 {
            log.trade(at: "10.00", second: Double(second), sequence: Int64(second + 1))
        }
        log.add(
            .notice(.settings(json: try AnalyticsSettings().json)), source: .ticktop,
            second: 240.1)
        for second in 241..<400 {
            log.trade(at: "10.00", second: Double(second), sequence: Int64(second + 1))
        }
        let starts = try outcome(log, AnalyticsSettings(), batch: 16).effects.bars
            .filter { $0.interval == .second }
            .map { Int($0.start.nanosecondsSince(TestMorning.open) / 1_000_000_000) }
        #expect(starts.contains(100) && starts.contains(300))
        #expect(!starts.contains { (121...240).contains($0) })
    }
}
