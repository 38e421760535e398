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
        case ended
    }

    private var files: [ReplayFile]
    private var next = 0
    private var epoch: Int32 = 0
    private let clock: any MarketClock

    /// Opens every file first, so that a missing one is an error before anything has run.
    init(paths: [String], speed: ReplayPacer.Speed, clock: any MarketClock) throws {
        self.clock = clock
        files = try paths.map { try ReplayFile(path: $0, speed: speed) }
    }

    /// Bytes of all files, for showing progress.
    var byteCount: Int64 { files.reduce(0) { $0 + $1.byteCount } }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        while next < files.count {
            let progress = try files[next].fill(
                &batch, eventsMax: eventsMax, epoch: epoch, now: clock.now)
            switch progress {
            case .events: return .events
            case .notDue(let remaining):
                SystemClock.sleepThread(min(wait, remaining))
                return .idle
            case .ended:
                epoch = files[next].epochMax(from: epoch) + 1
                next += 1
            }
        }
        return .ended
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

    func fill(_ batch: inout EventBatch, eventsMax: Int, epoch: Int32, now: Timestamp) throws
        -> ReplayLog.Progress
    {
        switch self {
        case .frames(let file):
            try file.fill(&batch, eventsMax: eventsMax, epoch: epoch, now: now)
        case .recording(let recording):
            try recording.fill(&batch, eventsMax: eventsMax, epoch: epoch, now: now)
        }
    }

    func epochMax(from epoch: Int32) -> Int32 {
        switch self {
        case .frames: epoch
        case .recording(let recording): epoch + recording.epochNewest
        }
    }
}
