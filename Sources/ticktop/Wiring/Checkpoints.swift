import Dispatch
import Engine
import MarketModel
import Storage

/// Writes copies of the state beside the store, off the engine's thread, and prunes the journal
/// behind them.
///
/// A copy becomes valid on the disk only once everything before its position is committed.
final class Checkpoints: @unchecked Sendable {
    // Unchecked: `files` and `positions` are used on `queue` alone.
    private let queue = DispatchQueue(label: "ticktop.checkpoints")
    private let files: StateFiles
    private let journal: Journal
    private let writer: StoreWriter
    private let board: SnapshotBoard
    private var positions: [LogPosition]

    init(_ files: StateFiles, journal: Journal, writer: StoreWriter, board: SnapshotBoard) {
        self.files = files
        self.journal = journal
        self.writer = writer
        self.board = board
        positions = ((try? files.valid()) ?? []).map(\.position).sorted()
    }

    /// Returns at once.
    func take(_ checkpoint: EngineCheckpoint) { queue.async { [self] in write(checkpoint) } }

    /// The state at an orderly end.
    func takeLast(_ checkpoint: EngineCheckpoint) { take(checkpoint) }

    /// Blocks until every copy taken is on the disk.
    func finish() { queue.sync {} }

    private func write(_ checkpoint: EngineCheckpoint) {
        do {
            try writer.flush()
            guard writer.status.mark.position >= checkpoint.position else { return }
            try files.write(
                StateCopy(
                    position: checkpoint.position, buildVersion: Version.state,
                    hash: Array(EngineState.hash(of: checkpoint.bytes).utf8),
                    bytes: checkpoint.bytes))
            positions = Array((positions + [checkpoint.position]).suffix(2))
            let committed = writer.status.mark.position
            if let edge = RecoveryPlan.prunableBefore(committed: committed, copies: positions) {
                try journal.prune(before: edge)
            }
        } catch {
            board.update { $0.warn("no state copy: \(error)") }
        }
    }
}
