import Feeds
import MarketModel

/// A file of provider frames at a pace: many lines at a time at full speed, else each line when it
/// is due.
final class FrameReplay {
    let byteCount: Int64
    private let file: FrameFile
    private var decoder = FrameFileDecoder()
    private var pacer: ReplayPacer
    private var isPaced: Bool
    /// Lines that have been read and not handed on.
    private var bytes: [UInt8] = []
    private var lines: [FrameFile.Line] = []
    private var next = 0
    private var dueAt: Timestamp?
    /// Of the next line, once it has been looked at.
    private var receivedAt: Timestamp?

    /// About as many lines as a batch holds events.
    private static let pieceBytes = 512 * 1024

    init(_ file: FrameFile, speed: ReplayPacer.Speed) {
        self.file = file
        byteCount = file.size
        pacer = ReplayPacer(speed: speed)
        isPaced = speed != .max
    }

    /// What is read and handed on so far, of `byteCount`.
    var bytesRead: Int64 { next < lines.count ? lines[next].offset : file.offset }

    /// From the next line on, counted from when it is asked for. `toStop` looks at each line's
    /// time even if nothing is waited for.
    func take(_ speed: ReplayPacer.Speed, toStop: Bool) {
        pacer = ReplayPacer(speed: speed)
        isPaced = speed != .max || toStop
        dueAt = nil
    }

    /// Stops before the first line received at `until` or later.
    func fill(
        _ batch: inout EventBatch, eventsMax: Int, epoch: Int32, now: Timestamp, until: Timestamp?
    ) throws -> ReplayLog.Progress {
        // Lines that were read to be paced come first.
        if !isPaced, next == lines.count {
            return try fillAtOnce(&batch, eventsMax: eventsMax, epoch: epoch)
        }
        guard try readAhead() else { return .ended }
        while next < lines.count, batch.events.count < eventsMax {
            if isPaced, let stop = stop(epoch: epoch, now: now, until: until) {
                guard batch.events.isEmpty else { break }
                return stop
            }
            let line = lines[next]
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: bytes[line.bytes])
            decoder.decode(
                line: start..<batch.bytes.count,
                position: LogPosition(epoch: epoch, offset: line.offset), into: &batch)
            next += 1
            (dueAt, receivedAt) = (nil, nil)
        }
        batch.end = LogPosition(epoch: epoch, offset: bytesRead)
        return .events
    }

    /// As many lines as there may be events.
    private func fillAtOnce(
        _ batch: inout EventBatch, eventsMax: Int, epoch: Int32
    ) throws -> ReplayLog.Progress {
        let start = batch.bytes.count
        let first = try file.readWhole(
            into: &batch.bytes, linesMax: max(1, eventsMax - batch.events.count),
            bytesMax: FrameReplay.pieceBytes)
        guard let first else { return .ended }
        decoder.decode(
            lines: start..<batch.bytes.count, position: LogPosition(epoch: epoch, offset: first),
            into: &batch)
        batch.end = LogPosition(epoch: epoch, offset: file.offset)
        return .events
    }

    private func readAhead() throws -> Bool {
        guard next == lines.count else { return true }
        bytes.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        next = 0
        return try file.read(into: &bytes, lines: &lines, bytesMax: FrameReplay.pieceBytes)
    }

    /// Why the next line is not handed on now; `nil` when it is.
    private func stop(epoch: Int32, now: Timestamp, until: Timestamp?) -> ReplayLog.Progress? {
        receivedAt = receivedAt ?? received(epoch: epoch)
        guard let receivedAt else { return nil }
        if let until, receivedAt >= until { return .reached }
        let due = dueAt ?? now.advanced(by: pacer.wait(before: receivedAt, now: now))
        dueAt = due
        return due > now ? .notDue(due.duration(since: now)) : nil
    }

    /// When the next line was received: a copy of the decoder says it; the decoder itself stays
    /// where it is.
    private func received(epoch: Int32) -> Timestamp? {
        var probe = decoder
        var scratch = EventBatch()
        let line = lines[next]
        scratch.bytes = Array(bytes[line.bytes])
        probe.decode(
            line: 0..<scratch.bytes.count,
            position: LogPosition(epoch: epoch, offset: line.offset), into: &scratch)
        return scratch.events.last?.receivedAt
    }
}
