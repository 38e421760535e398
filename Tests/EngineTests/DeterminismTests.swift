import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

@Suite("The state is a pure function of the log")
struct DeterminismTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the same log gives the same state and rows whatever the batch size`(seed: UInt64) throws {
        let log = RandomMarket.script(seed: seed, events: 2500, faults: 0.2)
        let whole = try Run(log, batchSize: 4096)
        #expect(whole.effects.episodes.count > 10, "seed \(seed)")
        #expect(whole.effects.bars.count > 100, "seed \(seed)")
        for size in [1, 7] {
            let cut = try Run(log, batchSize: size)
            #expect(cut.hash == whole.hash, "batches of \(size), seed \(seed)")
            #expect(cut.effects.rows == whole.effects.rows, "batches of \(size), seed \(seed)")
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `a state written and read in the middle goes on as if nothing had happened`(seed: UInt64)
        throws
    {
        let log = RandomMarket.script(seed: seed, events: 2500, faults: 0.2)
        let whole = try Run(log)
        let restarted = try Run(log, batchSize: 7, restartEvery: 5)
        #expect(restarted.hash == whole.hash, "seed \(seed)")
        #expect(restarted.effects.rows == whole.effects.rows, "seed \(seed)")
    }

    @Test func `another log gives another hash`() throws {
        let one = try Run(RandomMarket.script(seed: 6, events: 500, faults: 0))
        let other = try Run(RandomMarket.script(seed: 7, events: 500, faults: 0))
        #expect(one.hash != other.hash)
        #expect(one.hash.count == 64)
    }

    @Test(arguments: 10...15 as ClosedRange<UInt64>)
    func `received is applied, duplicate, late, dead-lettered and shed at every moment`(
        seed: UInt64
    ) throws {
        let log = RandomMarket.script(seed: seed, events: 1000, faults: 0.5)
        var state = EngineState()
        var effects = EffectBatch()
        for batch in log.batches(of: 1) {
            try state.apply(batch, into: &effects)
            let tallies = state.countsBySource
            for tally in tallies where !tally.counts.isConserved {
                Issue.record("seed \(seed): \(tally)")
            }
        }
        let total = state.counts
        #expect(total.applied > 0 && total.duplicate > 0 && total.late > 0, "seed \(seed)")
        #expect(total.deadLettered > 0 && total.shed > 0, "seed \(seed)")
        #expect(Int64(effects.trades.filter(\.isLate).count) == total.late)
        #expect(Int64(effects.deadLetters.count) == total.deadLettered)
    }

    @Test func `duplicates and reordering within lateness leave no trace in the rows of trades`()
        throws
    {
        var log = LogScript()
        var faulty = LogScript()
        for index in 0..<2000 {
            let second = Double(index) * 0.01
            log.trade(at: "10", second: second, sequence: SequenceNumber(index + 1), received: 60)
            let swapped = index ^ 1
            for _ in 0...(index % 3) {
                faulty.trade(
                    at: "10", second: Double(swapped) * 0.01,
                    sequence: SequenceNumber(swapped + 1), received: 60)
            }
        }
        let clean = try Run(log)
        let run = try Run(faulty)
        #expect(run.counts.applied == 2000)
        #expect(run.counts.duplicate == Int64(faulty.count - 2000))
        #expect(
            run.effects.trades.map(\.trade.sequence).sorted()
                == clean.effects.trades.map(\.trade.sequence))
        let figures = run.snapshot.tickers[0].figures
        #expect(figures == clean.snapshot.tickers[0].figures)
    }

    @Test func `a state of another version, or cut short, is refused`() throws {
        let log = RandomMarket.script(seed: 8, events: 500, faults: 0.2)
        var state = EngineState()
        var effects = EffectBatch()
        for batch in log.batches(of: 100) { try state.apply(batch, into: &effects) }
        var bytes = state.encoded()
        for length in stride(from: 0, to: bytes.count, by: 97) {
            #expect(throws: StateCodecError.self) {
                _ = try EngineState.decoded(Array(bytes.prefix(length))).stateHash
            }
        }
        bytes[0] += 1
        #expect(throws: StateCodecError.self) { _ = try EngineState.decoded(bytes).stateHash }
    }
}

@Suite("Recovery")
struct RecoveryTests {
    /// Rows that come out when the log from `from` on is applied to a copy of the state there,
    /// while everything before `committed` is stored already.
    private func rows(
        _ log: LogScript, stateAt from: Int, committed: Int, batchSize: Int
    ) throws -> (rows: [String], hash: String) {
        var state = EngineState()
        var ignored = EffectBatch()
        try state.apply(log.batch(0..<from), into: &ignored)
        state = try EngineState.decoded(
            state.encoded(), committed: LogScript.position(committed))
        var effects = EffectBatch()
        for start in stride(from: from, to: log.count, by: batchSize) {
            let batch = log.batch(start..<min(start + batchSize, log.count))
            try state.apply(batch, into: &effects)
        }
        return (effects.rows, state.stateHash)
    }

    @Test(arguments: [1, 7, 500])
    func `after a crash exactly the rows not committed yet come out`(batchSize: Int) throws {
        let log = RandomMarket.script(seed: 21, events: 2000, faults: 0.1)
        let whole = try Run(log)
        for (from, committed) in [(0, 700), (300, 701), (700, 700), (1199, 1700), (500, log.count)]
        {
            var state = EngineState()
            var rest = EffectBatch()
            try state.apply(log.batch(0..<committed), into: &rest)
            rest = EffectBatch()
            try state.apply(log.batch(committed..<log.count), into: &rest)
            let run = try rows(log, stateAt: from, committed: committed, batchSize: batchSize)
            #expect(run.rows == rest.rows, "from \(from), committed \(committed)")
            #expect(run.hash == whole.hash)
        }
    }

    @Test func `the state says when it has caught up with what is committed`() throws {
        let log = RandomMarket.script(seed: 22, events: 100, faults: 0)
        var state = EngineState(committed: LogScript.position(50))
        var effects = EffectBatch()
        func apply(_ range: Range<Int>) throws -> Bool {
            try state.apply(log.batch(range), into: &effects)
            return state.isCatchingUp
        }
        #expect(try apply(0..<40))
        #expect(effects.rows.isEmpty)
        #expect(try !apply(40..<50))
        #expect(effects.rows.isEmpty)
        #expect(effects.eventCount == 0)
        #expect(try !apply(50..<60))
        #expect(effects.eventCount == 10)
        #expect(effects.through == LogScript.position(60))
    }
}
