import Feeds
import Foundation
import MarketModel
import Storage

/// Recordings and files of provider frames as the engine's source, one after the other.
///
/// Each file begins a new epoch, so that its byte offsets lie above those of the file before. Used
/// by the engine's thread alone.
final class ReplayLog: EventSource {
    /// What a file gives when it is asked for more.
    enum Progress {
        case events
        /// The next record is due after this.
        case notDue(Duration)
        /// The next record was received at the time to stop at, or later.
        case reached
        case ended
    }

    private let paths: [String]
    private var files: [ReplayFile]
    private var next = 0
    private var epoch: Int32 = 0
    private let clock: any MarketClock
    private let pace: ReplayPace
    /// What the files were told last.
    private var taken: ReplayPace.Orders?
    /// Told, in words for a person, what of a file could not be read.
    private let onLoss: @Sendable (String) -> Void
    /// Of the files that are read to their ends.
    private var bytesBefore: Int64 = 0

    /// How long a paused replay sleeps before it looks again.
    private static let pauseStep = Duration.milliseconds(20)

    /// Opens every file first, so that a missing one is an error before anything has run.
    init(
        paths: [String], pace: ReplayPace, clock: any MarketClock,
        onLoss: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.clock = clock
        self.pace = pace
        self.paths = paths
        self.onLoss = onLoss
        files = try paths.map { try ReplayFile(path: $0, speed: pace.now.speed) }
    }

    /// Bytes of all files, for showing progress.
    var byteCount: Int64 { files.reduce(0) { $0 + $1.byteCount } }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        let orders = pace.now
        take(orders)
        guard orders.goesOn else {
            SystemClock.sleepThread(min(wait, ReplayLog.pauseStep))
            return .idle
        }
        while next < files.count {
            let progress = try files[next].fill(
                &batch, eventsMax: orders.steps > 0 ? 1 : eventsMax, epoch: epoch, now: clock.now,
                until: orders.until)
            switch progress {
            case .events:
                if orders.steps > 0 { pace.change { $0.steps = max(0, $0.steps - 1) } }
                pace.note(bytesRead: bytesBefore + files[next].bytesRead)
                return .events
            case .notDue(let remaining):
                SystemClock.sleepThread(min(wait, remaining))
                return .idle
            case .reached:
                pace.change { if $0.until == orders.until { $0.until = nil } }
                return .idle
            case .ended:
                tellLoss()
                bytesBefore += files[next].byteCount
                epoch = files[next].epochMax(from: epoch) + 1
                next += 1
            }
        }
        return .ended
    }

    private func tellLoss() {
        let bytes = files[next].bytesLost
        guard bytes > 0 else { return }
        onLoss("\(paths[next]): \(bytes) bytes are cut off or damaged, and were left out")
    }

    /// What was waited for is not made up for when the pace changes.
    private func take(_ orders: ReplayPace.Orders) {
        var orders = orders
        orders.steps = min(orders.steps, 1)
        guard orders != taken else { return }
        if taken != nil {
            for file in files.dropFirst(next) {
                file.take(orders.pace, toStop: orders.until != nil)
            }
        }
        taken = orders
    }
}

/// One file of a replay: frames, one a line, or a recording of ours.
enum ReplayFile {
    case frames(FrameReplay)
    case recording(RecordingReplay)

    init(path: String, speed: ReplayPacer.Speed) throws {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if isDirectory.boolValue || RecordingReader.isSegment(path) {
            self = .recording(RecordingReplay(try RecordingReader(path), speed: speed))
        } else {
            self = .frames(FrameReplay(try FrameFile(path: path), speed: speed))
        }
    }

    var byteCount: Int64 {
        switch self {
        case .frames(let file): file.byteCount
        case .recording(let recording): recording.byteCount
        }
    }

    var bytesRead: Int64 {
        switch self {
        case .frames(let file): file.bytesRead
        case .recording(let recording): recording.bytesRead
        }
    }

    /// Bytes that are there and could not be read.
    var bytesLost: Int64 {
        switch self {
        case .frames: 0
        case .recording(let recording): recording.bytesLost
        }
    }

    func take(_ speed: ReplayPacer.Speed, toStop: Bool) {
        switch self {
        case .frames(let file): file.take(speed, toStop: toStop)
        case .recording(let recording): recording.take(speed)
        }
    }

    func fill(
        _ batch: inout EventBatch, eventsMax: Int, epoch: Int32, now: Timestamp, until: Timestamp?
    ) throws -> ReplayLog.Progress {
        switch self {
        case .frames(let file):
            try file.fill(&batch, eventsMax: eventsMax, epoch: epoch, now: now, until: until)
        case .recording(let recording):
            try recording.fill(&batch, eventsMax: eventsMax, epoch: epoch, now: now, until: until)
        }
    }

    func epochMax(from epoch: Int32) -> Int32 {
        switch self {
        case .frames: epoch
        case .recording(let recording): epoch + recording.epochNewest
        }
    }
}
