import Engine
import Feeds
import Foundation
import MarketModel
import Storage
import Synchronization

/// An engine on files instead of a feed. The files are their own journal: the same files again go
/// on where they were.
final class Replay: Sendable {
    let board = SnapshotBoard()
    let store: Store
    /// The store as it was where the replay stands.
    let history: ReplayHistory
    let control: ReplayControl
    private let port: SidePort?
    private let gauges: StatusTicker
    private let temporary: URL?
    private let run: ReplayRun

    init(
        files: [String], speed: ReplayPacer.Speed, store storePath: String?, port wantedPort: Int?,
        batchEvents: Int, surroundings: Surroundings, onFatal: @escaping @Sendable (String) -> Void
    ) throws {
        let clock = SystemClock()
        let board = self.board
        var settings = surroundings.settings
        settings.api.port = wantedPort ?? 0
        let pace = ReplayPace(speed)
        let run = ReplayRun(
            byteCount: try ReplayLog(paths: files, pace: pace, clock: clock).byteCount)
        self.run = run
        temporary = try storePath == nil ? Replay.makeTemporary() : nil
        let paths = StorePaths(root: storePath ?? temporary?.path ?? "")
        var reports = WriterReports()
        reports.stateChanged = { state in board.update { $0.store = StoreState(state) } }
        reports.fatal = onFatal
        store = try Store(
            paths, lock: try Instance.lock(paths), log: Replay.identity(of: files),
            settings: settings.writer, retention: settings.retention, clock: clock,
            reports: reports)
        let history = ReplayHistory(stored: store.history) { board.snapshot }
        self.history = history
        port = try wantedPort.map { _ in
            try SidePort(
                settings, in: surroundings, board: board, history: history, clock: clock)
        }
        gauges = StatusTicker(board: board, queue: nil, journal: nil, store: store)
        let analytics = settings.analyticsSettings
        var loopSettings = EngineLoopSettings()
        loopSettings.isLive = false
        loopSettings.batchEventsMax = batchEvents
        control = ReplayControl(
            pace: pace, byteCount: run.byteCount, board: board, store: store, onFatal: onFatal
        ) { [store, loopSettings] control in
            let committed = max(store.openedAt.position, store.writer.status.mark.position)
            return EngineLoop(
                state: EngineState(
                    settings: analytics, committed: committed == .start ? nil : committed,
                    scoreText: Sentiments.score),
                source: try ReplayLog(
                    paths: files, pace: pace, clock: clock,
                    onLoss: { text in board.update { $0.warn(text) } }),
                sink: store.writer, board: board, clock: clock, settings: loopSettings,
                onCheckpoint: { _ in },
                onEnd: { end in
                    if case .failed(let error) = end.reason {
                        onFatal("the replay stopped: \(error)")
                    }
                    guard control.noteEnd() else { return }
                    board.update { pipeline in
                        pipeline.feed = .ended
                        if let remark = end.counts.replayRemark { pipeline.warn(remark) }
                    }
                    run.note(end)
                })
        }
        let names = files.map { URL(filePath: $0).lastPathComponent }.joined(separator: " ")
        board.update {
            $0.label = .replay
            $0.feedName = names
            $0.storePath = paths.root
        }
    }

    func start() throws {
        try port?.start(isNeeded: true, lock: store.lock)
        board.update {
            $0.feed = .live
            $0.startedAt = SystemClock().now
        }
        run.begin()
        gauges.start()
        try control.start()
    }

    /// Asks the engine to end early.
    func stop() {
        run.stop()
        control.stop()
    }

    /// Waits for the end, stores everything and closes.
    func finish(showsProgress: Bool) throws {
        if showsProgress { showProgress() }
        control.waitUntilEnded()
        try store.writer.flush()
        run.close()
        gauges.stop()
        port?.stop()
        try store.close()
    }

    var wasStopped: Bool { run.wasStopped }

    /// One JSON line; keys in a fixed order.
    var closingLine: String { run.closingLine }

    /// Twice a second on standard error, while it lasts more than a second.
    private func showProgress() {
        while !run.hasEnded {
            SystemClock.sleepThread(.milliseconds(500))
            let received = board.snapshot.countsTotal.received
            let share = run.share(of: board.snapshot.position)
            FileHandle.standardError.write(
                Data("\r\(share) % of \(run.byteCount >> 20) MiB, \(received) events ".utf8))
        }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    func removeTemporaryStore() {
        guard let temporary else { return }
        do {
            try FileManager.default.removeItem(at: temporary)
        } catch {
            complain("could not remove \(temporary.path): \(error.localizedDescription)")
        }
    }

    private static func makeTemporary() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    /// Names and lengths of the files: what tells one log from another.
    private static func identity(of files: [String]) -> String {
        "replay:"
            + files.map { path in
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                let bytes = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
                return "\(URL(filePath: path).lastPathComponent):\(bytes)"
            }.joined(separator: ",")
    }
}
