import Analytics
import Dispatch
import Engine
import Kafka
import MarketModel
import Storage
import Synchronization
import TicktopConfiguration

/// What a partition begins with.
struct OpenedPartition: ~Copyable {
    var state: EngineState
    /// The state's newest record; `nil` for an empty state.
    var newestRecord: RecordMark?
    /// Records before it are in the state already. `nil` for an empty state: from the log's oldest.
    var applyFrom: Int64?
    /// How far the store has got; `nil` when it has nothing of the partition.
    var stored: PartitionMark?
}

/// Copies of the partitions' states beside the store: written off the engine's thread, read when a
/// partition begins.
///
/// A copy becomes valid on the disk only once everything before its position is committed.
final class PartitionKeeper: @unchecked Sendable {
    // Unchecked: `files` is used on `queue` alone.
    private let queue = DispatchQueue(label: "ticktop.copies")
    private let directory: String
    private var files: [Int32: StateFiles] = [:]
    private let store: Store
    private let settings: Settings
    private let board: SnapshotBoard
    private let clock: any MarketClock
    private let saved = Mutex<[Int32: Saved]>([:])
    private let publisher: DerivedPublisher?
    /// A copy waits so long for what came before it to be told.
    private static let patience = Duration.seconds(5)

    /// The newest copy of a partition on disk.
    struct Saved {
        var offset: Int64
        var at: Timestamp
    }

    init(
        _ paths: StorePaths, store: Store, settings: Settings, board: SnapshotBoard,
        clock: any MarketClock, publisher: DerivedPublisher?
    ) {
        self.publisher = publisher
        directory = paths.states
        self.store = store
        self.settings = settings
        self.board = board
        self.clock = clock
    }

    /// The newest copies that this run has written, by partition.
    var newest: [Int32: Saved] { saved.withLock { $0 } }

    /// How far the store has got, by partition.
    var stored: [Int32: PartitionMark] { store.writer.status.mark.partitions }

    /// The newest copy that the store has caught up with and whose log is still there, or what
    /// another owner has handed over, whichever is further; else an empty state. `oldest` is the
    /// log's oldest offset.
    func open(_ partition: Int32, oldest: Int64, handedOver: CompleteState? = nil) throws
        -> OpenedPartition
    {
        let stored = store.writer.status.mark.partitions[partition]
        let copies = try queue.sync { try files(of: partition).valid() }
        for copy in copies where copy.buildVersion == Version.state {
            let isBehind = stored.map { copy.position <= $0.position } ?? false
            guard isBehind, copy.position.offset >= oldest else { continue }
            if let next = handedOver?.next, next > copy.position.offset { break }
            guard let opened = read(copy, stored) else { continue }
            return opened
        }
        if let handedOver, handedOver.next >= oldest, let opened = read(handedOver, stored) {
            return opened
        }
        var state = EngineState(
            settings: settings.analyticsSettings, committed: committed(stored),
            scoreText: Sentiments.score)
        state.sendsAggregates = publisher != nil
        return OpenedPartition(
            state: state, newestRecord: nil, applyFrom: nil, stored: stored)
    }

    /// `nil` for a copy that is damaged or of another layout.
    private func read(_ copy: StateCopy, _ stored: PartitionMark?) -> OpenedPartition? {
        do {
            let parts = try PartitionCopy(copy.bytes)
            guard Array(EngineState.hash(of: parts.state).utf8) == copy.hash else { return nil }
            return try open(parts, applyFrom: copy.position.offset, stored)
        } catch {
            board.update { $0.warn("a copy of a partition's state is not read: \(error)") }
            return nil
        }
    }

    /// The same of another owner's; its pieces bear checksums.
    private func read(_ state: CompleteState, _ stored: PartitionMark?) -> OpenedPartition? {
        do {
            return try open(try PartitionCopy(state.bytes), applyFrom: state.next, stored)
        } catch {
            board.update { $0.warn("a state that was handed over is not read: \(error)") }
            return nil
        }
    }

    private func open(_ copy: PartitionCopy, applyFrom: Int64, _ stored: PartitionMark?) throws
        -> OpenedPartition
    {
        var state = try EngineState.decoded(
            copy.state, committed: committed(stored), scoreText: Sentiments.score)
        state.sendsAggregates = publisher != nil
        try use(settings.analyticsSettings, in: &state)
        return OpenedPartition(
            state: state, newestRecord: copy.newestRecord, applyFrom: applyFrom, stored: stored)
    }

    /// The settings of this engine hold from the copy on, whatever it was made under.
    private func use(_ wanted: AnalyticsSettings, in state: inout EngineState) throws {
        guard state.settings != wanted else { return }
        var batch = EventBatch()
        batch.notices = [.settings(json: try wanted.json)]
        batch.events = [
            LoggedEvent(
                event: .notice(index: 0), receivedAt: clock.now, position: state.position,
                source: .ticktop)
        ]
        batch.end = state.position
        var effects = EffectBatch()
        try state.apply(batch, into: &effects)
    }

    /// Where effects begin. What is told to others is made again from the copy on, for it may not
    /// have been delivered; the store knows what it has, and leaves that out.
    private func committed(_ stored: PartitionMark?) -> LogPosition? {
        publisher == nil ? stored?.position : nil
    }

    /// Returns at once.
    func take(_ checkpoint: EngineCheckpoint) { queue.async { [self] in _ = write(checkpoint) } }

    /// On the disk when it returns. False when the results of what comes before it are not durable:
    /// then the copy is of no use to the next owner either.
    func takeNow(_ checkpoint: EngineCheckpoint) -> Bool { queue.sync { write(checkpoint) } }

    /// Whether the results of every record of a partition before `next` are stored, and delivered
    /// where they are told.
    func isDurable(_ partition: Int32, before next: Int64) -> Bool {
        guard let stored = stored[partition]?.position, stored.offset >= next else { return false }
        let edge = LogPosition(epoch: partition, offset: next)
        return publisher?.hasDelivered(edge, of: partition) ?? true
    }

    /// Blocks until every copy taken is on the disk.
    func finish() { queue.sync {} }

    /// Whether the results before it are durable; the copy is not kept otherwise.
    private func write(_ checkpoint: EngineCheckpoint) -> Bool {
        guard let partition = checkpoint.partition else { return false }
        var isDurable = false
        do {
            isDurable = try hasResults(before: checkpoint.position, of: partition)
            guard isDurable else { return false }
            try files(of: partition).write(
                StateCopy(
                    position: checkpoint.position, buildVersion: Version.state,
                    hash: Array(EngineState.hash(of: checkpoint.bytes).utf8),
                    bytes: PartitionCopy(checkpoint).encoded()))
            let copied = Saved(offset: checkpoint.position.offset, at: clock.now)
            saved.withLock { $0[partition] = copied }
        } catch {
            board.update { $0.warn("no copy of partition \(partition)'s state: \(error)") }
        }
        return isDurable
    }

    /// Waits for the store, and a while for the brokers where results are told.
    private func hasResults(before position: LogPosition, of partition: Int32) throws -> Bool {
        try store.writer.flush()
        guard let stored = store.writer.status.mark.partitions[partition],
            stored.position >= position
        else { return false }
        return publisher?.waitUntilDelivered(
            position, of: partition, within: PartitionKeeper.patience) ?? true
    }

    private func files(of partition: Int32) throws -> StateFiles {
        if let known = files[partition] { return known }
        let made = try StateFiles("\(directory)/partition-\(partition)")
        files[partition] = made
        return made
    }
}
