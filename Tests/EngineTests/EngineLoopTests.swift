import Analytics
import Engine
import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

/// Gives a script in pieces, then ends, or waits for ever.
private final class ScriptSource: EventSource {
    struct Broken: Error {}

    private let script: LogScript
    private let endsWith: Ending
    private let pieces: Int
    /// Records without events behind the script, each a batch of its own.
    private var emptyRecords: Int
    private var next = 0

    enum Ending { case end, idle, failure }

    init(
        _ script: LogScript, endsWith: Ending = .end, pieces: Int = 37, emptyRecords: Int = 0
    ) {
        self.script = script
        self.endsWith = endsWith
        self.pieces = pieces
        self.emptyRecords = emptyRecords
    }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        guard next < script.count else {
            if emptyRecords > 0 {
                emptyRecords -= 1
                next += 1
                batch.end = LogScript.position(next)
                return .events
            }
            switch endsWith {
            case .end: return .ended
            case .idle:
                SystemClock.sleepThread(min(wait, .milliseconds(5)))
                return .idle
            case .failure: throw Broken()
            }
        }
        let last = min(next + min(eventsMax, pieces), script.count)
        batch = script.batch(next..<last)
        next = last
        return .events
    }
}

/// Keeps every row it is handed.
private final class CollectingSink: EventSink {
    struct Full: Error {}

    private(set) var rows: [String] = []
    private(set) var batches = 0
    private(set) var through = LogPosition.start
    private(set) var eventCount = 0
    /// The latest of all batches, as the store keeps it.
    private(set) var receivedAtLast: Timestamp?
    let failsAfter: Int

    init(failsAfter: Int = .max) { self.failsAfter = failsAfter }

    func perform(_ effects: consuming EffectBatch) throws {
        guard batches < failsAfter else { throw Full() }
        rows += effects.rows
        batches += 1
        eventCount += effects.eventCount
        through = effects.through
        receivedAtLast = max(receivedAtLast ?? .distantPast, effects.receivedAtLast ?? .distantPast)
    }

    func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition? { nil }
}

/// What the loop's closures were given.
private final class Witness: Sendable {
    let end = Mutex<EngineLoopEnd?>(nil)
    let checkpoints = Mutex<[EngineCheckpoint]>([])
}

@Suite("The engine's thread", .timeLimit(.minutes(1)))
struct EngineLoopTests {
    private let board = SnapshotBoard()
    private let witness = Witness()
    private let clock = ManualClock(TestMorning.open)

    private func loop(
        _ source: ScriptSource, _ sink: CollectingSink, committed: LogPosition? = nil,
        settings: EngineLoopSettings = EngineLoopSettings()
    ) -> EngineLoop {
        let witness = witness
        return EngineLoop(
            state: EngineState(committed: committed), source: source, sink: sink, board: board,
            clock: clock, settings: settings,
            onCheckpoint: { copy in witness.checkpoints.withLock { $0.append(copy) } },
            onEnd: { end in witness.end.withLock { $0 = end } })
    }

    /// Until the engine's thread has come so far; half a minute at most.
    private func wait(until condition: () -> Bool) {
        var steps = 0
        while !condition(), steps < 6000 {
            SystemClock.sleepThread(.milliseconds(5))
            steps += 1
        }
        #expect(condition(), "the engine's thread did not come so far in 30 s")
    }

    @Test func `a source read to its end leaves all effects with the sink and the last snapshot`()
        throws
    {
        let log = RandomMarket.script(seed: 31, events: 3000, faults: 0.1)
        let whole = try Run(log)
        let sink = CollectingSink()
        let loop = loop(ScriptSource(log), sink)
        loop.start()
        loop.waitUntilEnded()
        let end = try #require(witness.end.withLock { $0 })
        guard case .sourceEnded = end.reason else {
            Issue.record("ended with \(end.reason)")
            return
        }
        #expect(end.checkpoint.stateHash == whole.hash)
        #expect(end.counts == whole.counts)
        #expect(sink.rows.sorted() == whole.effects.rows.sorted())
        #expect(sink.eventCount == log.count)
        #expect(sink.through == LogScript.position(log.count))
        #expect(board.snapshot.position == LogScript.position(log.count))
        #expect(board.snapshot.countsTotal == whole.counts)
    }

    @Test func `nothing is handed on until the log has reached what is committed`() throws {
        let log = RandomMarket.script(seed: 32, events: 1000, faults: 0)
        let sink = CollectingSink()
        let loop = loop(ScriptSource(log), sink, committed: LogScript.position(600))
        loop.start()
        loop.waitUntilEnded()
        #expect(sink.eventCount == log.count - 600)
        #expect(sink.through == LogScript.position(log.count))
    }

    /// A clock record that was stamped before a frame can enter the log behind it.
    @Test(arguments: [1, 2, 100])
    func `the latest receive time is the log's, however it is cut`(_ pieces: Int) throws {
        var log = LogScript()
        for index in 1...9 { log.trade(at: "10", second: 1, sequence: SequenceNumber(index)) }
        log.trade(at: "10", second: 1.25, sequence: 10, received: 1.5)
        log.clock(second: 1.375)
        log.clock(second: 1.25)
        let sink = CollectingSink()
        var settings = EngineLoopSettings()
        settings.flushInterval = .zero
        let loop = loop(ScriptSource(log, pieces: pieces), sink, settings: settings)
        loop.start()
        loop.waitUntilEnded()
        #expect(sink.receivedAtLast == TestMorning.open.advanced(by: .milliseconds(1500)))
    }

    @Test func `records without events move the position that is handed on`() throws {
        let log = RandomMarket.script(seed: 37, events: 100, faults: 0)
        let sink = CollectingSink()
        let loop = loop(ScriptSource(log, emptyRecords: 3), sink)
        loop.start()
        loop.waitUntilEnded()
        #expect(sink.eventCount == log.count)
        #expect(sink.through == LogScript.position(log.count + 3))
    }

    @Test func `a stop ends the thread with what it took handed on`() throws {
        let log = RandomMarket.script(seed: 33, events: 500, faults: 0)
        let sink = CollectingSink()
        let loop = loop(ScriptSource(log, endsWith: .idle), sink)
        loop.start()
        wait { board.snapshot.position >= LogScript.position(log.count) }
        loop.stop()
        loop.waitUntilEnded()
        let end = try #require(witness.end.withLock { $0 })
        guard case .stopped = end.reason else {
            Issue.record("ended with \(end.reason)")
            return
        }
        #expect(sink.eventCount == log.count)
    }

    @Test func `a source or a sink that fails is reported, not fatal`() throws {
        let log = RandomMarket.script(seed: 34, events: 500, faults: 0)
        for (source, sink) in [
            (ScriptSource(log, endsWith: .failure), CollectingSink()),
            (ScriptSource(log), CollectingSink(failsAfter: 0)),
        ] {
            let loop = loop(source, sink)
            loop.start()
            loop.waitUntilEnded()
            let end = try #require(witness.end.withLock { $0 })
            guard case .failed(let error) = end.reason else {
                Issue.record("ended with \(end.reason)")
                return
            }
            #expect(error is ScriptSource.Broken || error is CollectingSink.Full)
        }
    }

    @Test func `copies of the state are offered at what has been handed on`() throws {
        let log = RandomMarket.script(seed: 35, events: 2000, faults: 0.1)
        var settings = EngineLoopSettings()
        settings.checkpointInterval = .zero
        let loop = loop(ScriptSource(log), CollectingSink(), settings: settings)
        loop.start()
        loop.waitUntilEnded()
        let copies = witness.checkpoints.withLock { $0 }
        #expect(copies.count > 10)
        let copy = copies[copies.count / 2]
        var state = try EngineState.decoded(copy.bytes)
        #expect(state.position == copy.position)
        var effects = EffectBatch()
        let first = Int(copy.position.offset / 100)
        try state.apply(log.batch(first..<log.count), into: &effects)
        let hash = state.stateHash
        #expect(hash == witness.end.withLock { $0?.checkpoint.stateHash })
    }

    @Test func `a pause takes nothing from the source until it ends`() throws {
        let log = RandomMarket.script(seed: 36, events: 200, faults: 0)
        let loop = loop(ScriptSource(log), CollectingSink())
        loop.isPaused = true
        loop.start()
        SystemClock.sleepThread(.milliseconds(200))
        #expect(board.snapshot.position == .start)
        loop.isPaused = false
        loop.waitUntilEnded()
        #expect(board.snapshot.position == LogScript.position(log.count))
    }

    /// Whatever holds the engine's thread up for long, in the middle of a snapshot.
    @Test func `a snapshot that was held up does not keep the next ones back`() {
        let loop = loop(ScriptSource(LogScript(), endsWith: .idle), CollectingSink())
        loop.start()
        wait { board.snapshot.takenAt == clock.now }
        board.update { _ in SystemClock.sleepThread(.milliseconds(700)) }
        let began = SystemClock.monotonicNanoseconds
        clock.advance(by: .seconds(1))
        wait { board.snapshot.takenAt == clock.now }
        // Twenty times as long would be a dozen seconds.
        #expect(SystemClock.monotonicNanoseconds - began < 6_000_000_000)
        loop.stop()
        loop.waitUntilEnded()
    }

    @Test func `latency is the clock less the receive time, of what this run received`() throws {
        var log = LogScript()
        log.trade("MSFT", at: "10", second: -60, sequence: 1)
        for index in 1...100 { log.trade(at: "10", second: 0, sequence: SequenceNumber(index)) }
        let loop = loop(ScriptSource(log, endsWith: .idle), CollectingSink())
        clock.advance(by: .milliseconds(251))
        loop.start()
        wait { board.status.receiveToApplied.count > 0 }
        loop.stop()
        loop.waitUntilEnded()
        let latency = board.status.receiveToApplied
        #expect(latency.count == 100)
        #expect(latency.p50 >= .milliseconds(248) && latency.p50 <= .milliseconds(253))
        #expect(board.status.receivedPerSecond >= 0)
        #expect(board.status.lastEventReceivedAt == TestMorning.open.advanced(by: .milliseconds(1)))
    }

    @Test func `a live feed gone silent becomes an episode that is stored and shown`() throws {
        var log = LogScript()
        log.trade("BTCUSDT", at: "10", second: 0, sequence: 1, source: .binance)
        var settings = EngineLoopSettings()
        settings.watchedFeed = .binance
        board.update { $0.feed = .live }
        let sink = CollectingSink()
        let loop = loop(ScriptSource(log, endsWith: .idle), sink, settings: settings)
        loop.start()
        wait { board.status.lastEventReceivedAt != nil }
        clock.advance(by: .seconds(11))
        wait { !board.snapshot.episodes.isEmpty }
        #expect(board.snapshot.episodes.map(\.kind).contains(.staleFeed))
        SystemClock.sleepThread(.milliseconds(50))
        loop.stop()
        loop.waitUntilEnded()
        #expect(sink.rows.contains { $0.contains("no event from binance for") })
        #expect(try #require(witness.end.withLock { $0 }).counts.received == 1)
    }
}
