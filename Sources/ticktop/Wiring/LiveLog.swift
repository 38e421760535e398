import Engine
import Feeds
import MarketModel
import Storage
import Synchronization

/// The live log as the engine's source: what the journal holds beyond the loaded state, then what
/// the feeds send.
///
/// A record is in the journal before it is decoded, so nothing counts that could not be read again.
/// Used by the engine's thread alone, but for `stopWaiting`.
// Unchecked: everything but the atomic flag is touched by the engine's thread only.
final class LiveLog: EventSource, @unchecked Sendable {
    private let queue: FrameQueue
    private let journal: Journal
    private var kept: RecordingReader?
    private var decoder: RecordDecoder
    private var records: [LogRecord] = []
    private var next = 0
    private let board: SnapshotBoard
    private let recorder: Recorder
    private let isStopping = Atomic(false)

    /// Records asked of the queue at a time: a frame can hold a hundred events.
    private static let recordsMax = 512

    private static let retryInterval = Duration.milliseconds(500)

    init(
        queue: FrameQueue, journal: Journal, kept: RecordingReader?, decoder: RecordDecoder,
        board: SnapshotBoard, recorder: Recorder
    ) {
        self.board = board
        self.recorder = recorder
        self.queue = queue
        self.journal = journal
        self.kept = kept
        self.decoder = decoder
    }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        if kept != nil { return try fillFromJournal(&batch, eventsMax: eventsMax) }
        if next == records.count {
            records.removeAll(keepingCapacity: true)
            next = 0
            switch queue.take(into: &records, recordsMax: LiveLog.recordsMax, wait: wait) {
            case .records: break
            case .idle: return .idle
            case .ended: return .ended
            }
        }
        while next < records.count, batch.events.count < eventsMax {
            let record = records[next]
            let position = journal.end
            try append(record)
            recorder.take(record)
            decode(record, at: position, into: &batch)
            next += 1
        }
        batch.end = journal.end
        _ = decoder.takeControls()  // The feed has acted on them already.
        return .events
    }

    /// Waits, and lets the feed's queue fill, while the disk does not take the journal.
    private func append(_ record: LogRecord) throws {
        do {
            try journal.append(record)
        } catch {
            board.update { $0.store = .failing(reason: "the journal: \(error)") }
            while true {
                SystemClock.sleepThread(LiveLog.retryInterval)
                do {
                    return try journal.sync()
                } catch {
                    if isStopping.load(ordering: .relaxed) { throw error }
                }
            }
        }
    }

    /// From any thread: give up waiting for a disk that does not take the journal.
    func stopWaiting() { isStopping.store(true, ordering: .relaxed) }

    private func fillFromJournal(_ batch: inout EventBatch, eventsMax: Int) throws -> SourceState {
        while batch.events.count < eventsMax {
            guard let (record, position) = try kept?.next() else {
                kept = nil
                break
            }
            decode(record, at: position, into: &batch)
            batch.end = kept?.edge ?? journal.end
        }
        if kept == nil { batch.end = journal.end }
        return .events
    }

    private func decode(_ record: LogRecord, at position: LogPosition, into batch: inout EventBatch)
    {
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: record.payload)
        decoder.decode(
            kind: record.kind, source: record.source, receivedAt: record.receivedAt,
            position: position, payload: start..<batch.bytes.count, into: &batch)
    }
}
