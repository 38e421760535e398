import Engine
import Feeds
import MarketModel
import Storage
import TicktopConfiguration

/// A short life of the engine without a feed: recovers, takes up what it is handed (dead letters,
/// a provider's history), stores, and ends.
struct ShortLife {
    private let store: Store
    private let journal: Journal
    private let queue = FrameQueue(rule: .wait)
    private let log: LiveLog
    private let loop: EngineLoop
    private let checkpoints: Checkpoints
    let desk: LetterDesk

    /// Throws `held` when an instance runs on the store.
    init(_ settings: Settings) throws {
        let clock = SystemClock()
        let board = SnapshotBoard()
        let paths = StorePaths(root: settings.store.path)
        let lock = try Instance.lock(paths)
        let journal = try Instance.openJournal(paths, keeps: settings.store.keepsJournal)
        self.journal = journal
        store = try Store(
            paths, lock: lock, settings: settings.writer, retention: settings.retention,
            clock: clock, syncLog: { try journal.sync(through: $0) })
        let recovery = try Recovery(
            paths: paths, journal: journal, committed: store.openedAt, settings: settings,
            now: clock.now)
        let queue = self.queue
        log = LiveLog(
            queue: queue, journal: journal, kept: recovery.kept, decoder: RecordDecoder(),
            board: board, recorder: Recorder(board: board, clock: clock))
        let copies = Checkpoints(
            recovery.files, journal: journal, writer: store.writer, board: board)
        checkpoints = copies
        var loopSettings = EngineLoopSettings()
        loopSettings.isLive = false
        let state = try recovery.state()
        if let record = try recovery.settingsRecord(after: state, now: clock.now) {
            queue.offer(record)
        }
        loop = EngineLoop(
            state: state, source: log, sink: store.writer, board: board,
            clock: clock, settings: loopSettings, onCheckpoint: { copies.take($0) },
            onEnd: { copies.takeLast($0.checkpoint) })
        desk = LetterDesk(
            history: store.history, schedule: settings.retrySchedule, clock: clock,
            send: { letters in
                queue.offer(
                    contentsOf: letters.map { RetryPayload.record(of: $0, at: clock.now) })
            })
    }

    /// Puts records into the log; waits where the engine is behind. Only while `run` runs.
    func offer(_ records: [LogRecord]) { queue.offer(contentsOf: records) }

    /// Runs `body` with the engine at work, then stores everything and closes.
    func run(_ body: () throws -> Void) throws {
        loop.start()
        defer { queue.finish() }
        try body()
        queue.finish()
        loop.waitUntilEnded()
        checkpoints.finish()
        try store.close()
        try journal.sync()
    }
}
