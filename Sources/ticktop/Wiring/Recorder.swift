import Engine
import Foundation
import MarketModel
import Storage
import Synchronization

/// A recording of what a live feed sends, switched on and off while it runs; `ticktop replay` plays
/// it.
final class Recorder: Sendable {
    private struct Content {
        var journal: Journal?
        var status: RecordingStatus?
        var syncedAt: Int64 = 0
    }

    private let board: SnapshotBoard
    private let clock: any MarketClock
    private let content = Mutex(Content())
    private let isOn = Atomic(false)

    private static let syncInterval: Int64 = 1_000_000_000

    init(board: SnapshotBoard, clock: any MarketClock) {
        self.board = board
        self.clock = clock
    }

    /// Begins a recording in a new directory where the program was started, or ends the one that
    /// runs. Says which.
    func turn(on: Bool) throws -> String {
        try content.withLock { content in
            guard on else { return try end(&content) }
            if let status = content.status { return "recording into \(status.path) already" }
            let path = Recorder.path(at: clock.now)
            var settings = JournalSettings()
            settings.isKept = true
            content.journal = try Journal(path, settings: settings, verifyFrom: nil)
            content.status = RecordingStatus(path: path, startedAt: clock.now)
            content.syncedAt = SystemClock.monotonicNanoseconds
            publish(content.status)
            isOn.store(true, ordering: .releasing)
            return "recording into \(path)"
        }
    }

    /// Called with every record of the feed, on one thread; durable once a second. A disk that does
    /// not take the recording ends it, never the feed.
    func take(_ record: LogRecord) {
        guard isOn.load(ordering: .acquiring) else { return }
        content.withLock { content in
            guard let journal = content.journal else { return }
            do {
                try journal.append(record)
                let now = SystemClock.monotonicNanoseconds
                guard now - content.syncedAt >= Recorder.syncInterval else { return }
                try journal.sync()
                content.syncedAt = now
                content.status?.bytes = journal.byteCount
                publish(content.status)
            } catch {
                isOn.store(false, ordering: .relaxed)
                board.update { $0.warn("the recording has ended: \(error)") }
                content = Content()
                publish(nil)
            }
        }
    }

    private func end(_ content: inout Content) throws -> String {
        guard let status = content.status else { return "nothing is recorded" }
        isOn.store(false, ordering: .relaxed)
        let journal = content.journal
        content = Content()
        publish(nil)
        try journal?.sync()
        return "recorded: ticktop replay \(status.path)"
    }

    private func publish(_ status: RecordingStatus?) { board.update { $0.recording = status } }

    /// One that is not there yet.
    private static func path(at time: Timestamp) -> String {
        let stamp = time.description.prefix(19).replacing(":", with: "").replacing("-", with: "")
        let base = FileManager.default.currentDirectoryPath + "/ticktop-\(stamp)Z"
        var path = base + ".recording"
        var count = 2
        while FileManager.default.fileExists(atPath: path) {
            path = "\(base)-\(count).recording"
            count += 1
        }
        return path
    }
}
