import Feeds
import MarketModel

/// A file of provider frames at a pace: many lines at a time at full speed, else each line when it
/// is due.
final class FrameReplay {
    let byteCount: Int64
    private let file: FrameFile
    private var decoder = FrameFileDecoder()
    private var pacer: ReplayPacer
    private let isPaced: Bool
    /// Lines that have been read and not handed on.
    private var bytes: [UInt8] = []
    private var lines: [FrameFile.Line] = []
    private var next = 0
    private var dueAt: Timestamp?

    /// About as many lines as a batch holds events.
    private static let pieceBytes = 512 * 1024

    init(_ file: FrameFile, speed: ReplayPacer.Speed) {
        self.file = file
        byteCount = file.size
        pacer = ReplayPacer(speed: speed)
        isPaced = speed != .max
    }

    func fill(_ batch: inout EventBatch, eventsMax: Int, epoch: Int32, now: Timestamp) throws
        -> ReplayLog.Progress
    {
        guard isPaced else { return try fillAtOnce(&batch, eventsMax: eventsMax, epoch: epoch) }
        guard try readAhead() else { return .ended }
        while next < lines.count, batch.events.count < eventsMax {
            if let remaining = waitForLine(epoch: epoch, now: now) {
                guard batch.events.isEmpty else { break }
                return .notDue(remaining)
            }
            let line = lines[next]
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: bytes[line.bytes])
            decoder.decode(
                line: start..<batch.bytes.count,
                position: LogPosition(epoch: epoch, offset: line.offset), into: &batch)
            next += 1
            dueAt = nil
        }
        let edge = next < lines.count ? lines[next].offset : file.offset
        batch.end = LogPosition(epoch: epoch, offset: edge)
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

    /// How long until the next line is due; `nil` when it is.
    private func waitForLine(epoch: Int32, now: Timestamp) -> Duration? {
        if dueAt == nil {
            // A copy of the decoder says when the line was received; the decoder itself stays where
            // it is.
            var probe = decoder
            var scratch = EventBatch()
            let line = lines[next]
            scratch.bytes = Array(bytes[line.bytes])
            probe.decode(
                line: 0..<scratch.bytes.count,
                position: LogPosition(epoch: epoch, offset: line.offset), into: &scratch)
            guard let receivedAt = scratch.events.last?.receivedAt else { return nil }
            dueAt = now.advanced(by: pacer.wait(before: receivedAt, now: now))
        }
        guard let dueAt, dueAt > now else { return nil }
        return dueAt.duration(since: now)
    }
}
