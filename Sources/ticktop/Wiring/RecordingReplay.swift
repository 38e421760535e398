import Feeds
import MarketModel
import Storage

/// A recording at a pace: every record as it was received, clock records included.
final class RecordingReplay {
    let byteCount: Int64
    private(set) var epochNewest: Int32 = 0
    private var reader: RecordingReader
    private var decoder = RecordDecoder()
    private var pacer: ReplayPacer
    private var held: (record: LogRecord, position: LogPosition)?
    private var dueAt: Timestamp?

    init(_ reader: RecordingReader, speed: ReplayPacer.Speed) {
        self.reader = reader
        byteCount = reader.bytesLeft
        pacer = ReplayPacer(speed: speed)
    }

    /// What is read so far, of `byteCount`.
    var bytesRead: Int64 { byteCount - reader.bytesLeft }

    /// See `RecordingReader.bytesLost`.
    var bytesLost: Int64 { reader.bytesLost }

    /// From the next record on, counted from when it is asked for.
    func take(_ speed: ReplayPacer.Speed) {
        pacer = ReplayPacer(speed: speed)
        dueAt = nil
    }

    /// Stops before the first record received at `until` or later.
    func fill(
        _ batch: inout EventBatch, eventsMax: Int, epoch: Int32, now: Timestamp, until: Timestamp?
    ) throws -> ReplayLog.Progress {
        var hasRecords = false
        while batch.events.count < eventsMax {
            if held == nil { held = try reader.next() }
            guard let (record, found) = held else { return hasRecords ? .events : .ended }
            if let until, record.receivedAt >= until { return hasRecords ? .events : .reached }
            if dueAt == nil {
                dueAt = now.advanced(by: pacer.wait(before: record.receivedAt, now: now))
            }
            if let dueAt, dueAt > now {
                return hasRecords ? .events : .notDue(dueAt.duration(since: now))
            }
            (held, dueAt) = (nil, nil)
            hasRecords = true
            epochNewest = max(epochNewest, found.epoch)
            let position = LogPosition(epoch: epoch + found.epoch, offset: found.offset)
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: record.payload)
            decoder.decode(
                kind: record.kind, source: record.source, receivedAt: record.receivedAt,
                position: position, payload: start..<batch.bytes.count, into: &batch)
            batch.end = LogPosition(epoch: epoch + reader.edge.epoch, offset: reader.edge.offset)
        }
        return .events
    }
}
