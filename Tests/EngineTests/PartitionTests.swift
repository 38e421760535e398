import Analytics
import Engine
import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

/// Plays logs of partitions in turns, and opens and closes them in between.
private final class PartitionedSource: EventSource {
    enum Step {
        case open(Int32)
        case close(Int32)
        /// So many more events of a partition; all that are left without a number.
        case events(Int32, Int = .max)
        /// Nothing comes while so many seconds of the clock pass.
        case silence(Int)
    }

    let clock = ManualClock(TestMorning.open)

    weak var loop: EngineLoop?
    private(set) var closed: [EngineCheckpoint] = []
    private let logs: [Int32: LogScript]
    private var steps: ArraySlice<Step>
    private var next: [Int32: Int] = [:]

    init(_ logs: [Int32: LogScript], _ steps: [Step]) {
        self.logs = logs
        self.steps = steps[...]
    }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        guard let step = steps.popFirst() else { return .ended }
        switch step {
        case .open(let partition):
            if let copy = closed.last(where: { $0.partition == partition }) {
                loop?.open(partition, state: try EngineState.decoded(copy.bytes))
            } else {
                loop?.open(partition, state: EngineState())
            }
        case .close(let partition):
            if let copy = try loop?.close(partition) { closed.append(copy) }
        case .events(let partition, let count):
            guard let log = logs[partition] else { break }
            let start = next[partition, default: 0]
            let end = start + min(count, log.count - start)
            guard start < end else { break }
            next[partition] = end
            batch = log.batch(start..<end)
            for index in batch.events.indices {
                batch.events[index].position.epoch = partition
            }
            batch.end.epoch = partition
            batch.newestRecord = RecordMark(
                offset: Int64(end - 1) * 100, hash: UInt64(end), producer: 1,
                sequence: Int64(end - 1), receivedAt: TestMorning.open)
            return .events
        case .silence(let seconds):
            clock.advance(by: .seconds(seconds))
            SystemClock.sleepThread(.milliseconds(120))
        }
        return .idle
    }
}

/// Keeps what it is handed.
private final class PartitionSink: EventSink {
    private(set) var batches: [EffectBatch] = []

    func perform(_ effects: consuming EffectBatch) throws { batches.append(effects) }
    func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition? { nil }
}

private final class EndWitness: Sendable {
    let end = Mutex<EngineLoopEnd?>(nil)
}

@Suite("A log in partitions", .timeLimit(.minutes(1)))
struct PartitionTests {
    private let board = SnapshotBoard()
    private let sink = PartitionSink()

    /// A market's log, and the same cut by ticker: time goes to every partition, what has no ticker
    /// to the first.
    private static func market(_ count: Int32) -> (whole: LogScript, parts: [Int32: LogScript]) {
        let whole = RandomMarket.script(seed: 71, events: 4000, faults: 0.05)
        var parts = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, LogScript()) })
        for (entry, source, receivedAt) in whole.entries {
            let second = Double(receivedAt.nanosecondsSince(TestMorning.open)) / 1e9
            var isTime = false
            var partition: Int32 = 0
            switch entry {
            case .event(.trade(let trade)): partition = Int32(trade.symbol.head >> 56) % count
            case .event(.quote(let quote)): partition = Int32(quote.symbol.head >> 56) % count
            case .event(.clock): isTime = true
            default: break
            }
            for part in isTime ? Array(0..<count) : [partition] {
                parts[part]?.add(entry, source: source, second: second)
            }
        }
        return (whole, parts)
    }

    private func run(
        _ source: PartitionedSource, settings: EngineLoopSettings = EngineLoopSettings()
    ) -> EngineLoopEnd? {
        let witness = EndWitness()
        let loop = EngineLoop(
            partitionsUnder: RuleSettings(), source: source, sink: sink, board: board,
            clock: source.clock, settings: settings,
            onCheckpoint: { _ in }, onEnd: { end in witness.end.withLock { $0 = end } })
        source.loop = loop
        loop.start()
        loop.waitUntilEnded()
        return witness.end.withLock { $0 }
    }

    private var bars: [String] { sink.batches.flatMap(\.bars).map { "\($0)" }.sorted() }

    @Test func `comes to the bars, figures and counts of the same log in one piece`() throws {
        let (whole, parts) = Self.market(3)
        let reference = try Run(whole)
        var steps: [PartitionedSource.Step] = [.open(0), .open(1), .open(2)]
        for _ in 0..<20 { steps += [.events(0, 70), .events(1, 130), .events(2, 90)] }
        steps += [.events(0), .events(1), .events(2)]
        let end = try #require(run(PartitionedSource(parts, steps)))
        #expect(end.counts == reference.counts)
        #expect(bars == reference.effects.bars.map { "\($0)" }.sorted())
        let shown = board.snapshot
        #expect(shown.countsTotal == reference.counts)
        #expect(shown.tickers.map(\.symbol) == reference.snapshot.tickers.map(\.symbol))
        #expect(shown.tickers.map(\.figures) == reference.snapshot.tickers.map(\.figures))
        #expect(
            shown.ignored.map(\.count).reduce(0, +)
                == reference.snapshot.ignored.map(\.count).reduce(0, +))
    }

    @Test func `hands on each partition's effects under its own position and newest record`() throws
    {
        let (_, parts) = Self.market(2)
        let counts = parts.mapValues(\.count)
        _ = run(
            PartitionedSource(parts, [.open(0), .open(1), .events(1, 50), .events(0), .events(1)]))
        #expect(sink.batches.allSatisfy { $0.partition == $0.through.epoch })
        for partition: Int32 in [0, 1] {
            let last = try #require(sink.batches.last { $0.partition == partition })
            #expect(last.through.offset == Int64(counts[partition] ?? 0) * 100)
            #expect(last.newestRecord?.offset == last.through.offset - 100)
            let positions = sink.batches.filter { $0.partition == partition }.map(\.through)
            #expect(positions == positions.sorted())
        }
    }

    @Test func `goes on with a partition's state when it comes back`() throws {
        let (whole, parts) = Self.market(2)
        let reference = try Run(whole)
        let source = PartitionedSource(
            parts,
            [
                .open(0), .open(1), .events(0, 300), .events(1, 500), .close(0), .events(1, 100),
                .open(0), .events(0, 300), .close(1), .close(0), .open(1), .events(1), .open(0),
                .events(0),
            ])
        let end = try #require(run(source))
        #expect(source.closed.map(\.partition) == [0, 1, 0])
        #expect(end.counts == reference.counts)
        #expect(bars == reference.effects.bars.map { "\($0)" }.sorted())
        #expect(end.checkpoints.map(\.partition) == [0, 1])
    }

    @Test func `shows no ticker of a partition that has gone`() throws {
        let (_, parts) = Self.market(2)
        let end = try #require(
            run(
                PartitionedSource(
                    parts, [.open(0), .open(1), .events(0), .events(1), .close(1)])))
        let left = board.snapshot.tickers.map(\.symbol)
        #expect(!left.isEmpty && left.allSatisfy { Int32($0.head >> 56) % 2 == 0 })
        #expect(end.checkpoints.map(\.partition) == [0])
    }

    /// `silence` in turns of a second and more, so that each is looked at.
    private func stale(_ log: LogScript, silence: [Int]) -> [Episode] {
        var settings = EngineLoopSettings()
        settings.watchesFeedsOfLog = true
        board.update { $0.feed = .live }
        let waits = [PartitionedSource.Step.silence(1), .silence(1)]
        _ = run(
            PartitionedSource(
                [4: log], [.open(4), .events(4)] + waits + silence.map { .silence($0) }),
            settings: settings)
        return sink.batches.flatMap(\.episodes).filter { $0.kind == .staleFeed }
    }

    @Test func `a feed of the log that goes silent becomes an episode of that feed`() throws {
        var log = LogScript()
        log.trade("BTCUSDT", at: "10", second: 0, sequence: 1, source: .binance)
        log.clock(second: 1)
        let episodes = stale(log, silence: [6, 6, 1])
        #expect(episodes.map(\.hits) == [1, 2])
        #expect(try #require(episodes.first).explanation.contains("no event from binance for"))
        #expect(board.snapshot.episodes.map(\.kind) == [.staleFeed])
    }

    @Test func `a feed that is still heard, or that the log says is down, is not stale`() {
        var log = LogScript()
        log.trade("BTCUSDT", at: "10", second: 0, sequence: 1, source: .binance)
        #expect(stale(log, silence: [7]).isEmpty)
        log.add(.notice(.disconnected(.binance, reason: "closed")), source: .ticktop, second: 2)
        #expect(stale(log, silence: [6, 6, 1]).isEmpty)
    }
}
