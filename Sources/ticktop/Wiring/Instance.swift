import API
import Analytics
import Engine
import Feeds
import MarketModel
import Storage
import Synchronization
import TicktopConfiguration

/// One engine with all that belongs to it: lock, journal, store, recovery, feed and side port.
///
/// `start`, then `stop`, once each and one after the other.
final class Instance: Sendable {
    let board: SnapshotBoard
    let store: Store
    private let settings: Settings
    private let clock = SystemClock()
    private let journal: Journal
    private let queue: FrameQueue
    private let feed: RunningFeed
    private let clockTicker: ClockTicker
    private let history: HistoryPrefetch
    private let reference: ReferencePrefetch
    private let news: NewsWiring
    private let letters: DeadLetterWiring
    private let log: LiveLog
    private let loop: EngineLoop
    private let checkpoints: Checkpoints
    private let gauges: StatusTicker
    private let port: SidePort
    let recorder: Recorder
    /// What the newest settings record of the log says.
    private let inForce: Mutex<AnalyticsSettings>

    /// Opens the store and recovers what is in it. `onFatal` is called, once, when going on would
    /// lose something.
    init(
        _ surroundings: Surroundings, board: SnapshotBoard,
        onFatal: @escaping @Sendable (String) -> Void
    ) throws {
        let clock = self.clock
        let (settings, secrets) = (surroundings.settings, surroundings.secrets)
        self.board = board
        self.settings = settings
        inForce = Mutex(settings.analyticsSettings)
        feed = try RunningFeed(settings.feed, secrets: secrets, clock: clock) { board.take($0) }
        queue = FrameQueue(rule: feed.queueRule)
        clockTicker = ClockTicker(clock: clock)
        history = HistoryPrefetch(settings.feed, secrets: secrets)
        reference = ReferencePrefetch(settings, secrets: secrets)

        let paths = StorePaths(root: settings.store.path)
        let lock = try Instance.lock(paths)
        let journal = try Instance.openJournal(paths, keeps: settings.store.keepsJournal)
        self.journal = journal
        let durable = DurableLatency(board: board)
        var reports = WriterReports()
        reports.committed = { durable.note($0) }
        reports.stateChanged = { state in board.update { $0.store = StoreState(state) } }
        reports.fatal = onFatal
        store = try Store(
            paths, lock: lock, settings: settings.writer, retention: settings.retention,
            clock: clock, reports: reports, syncLog: { try journal.sync(through: $0) })
        news = NewsWiring(
            settings, secrets: secrets, history: store.history, clock: clock, board: board)
        letters = DeadLetterWiring(
            settings, history: store.history, clock: clock, board: board,
            send: { [queue] letters in
                queue.offer(
                    contentsOf: letters.map { RetryPayload.record(of: $0, at: clock.now) })
            })

        let recovery = try Recovery(
            paths: paths, journal: journal, committed: store.openedAt, settings: settings,
            now: clock.now)
        board.update { $0.recoveryNote = recovery.note }
        checkpoints = Checkpoints(
            recovery.files, journal: journal, writer: store.writer, board: board)
        let copies = checkpoints
        let recorder = Recorder(board: board, clock: clock)
        self.recorder = recorder
        let log = LiveLog(
            queue: queue, journal: journal, kept: recovery.kept, decoder: RecordDecoder(),
            board: board, recorder: recorder)
        self.log = log
        var loopSettings = EngineLoopSettings()
        loopSettings.watchedFeed = settings.feed.source
        let state = try recovery.state()
        if let record = try recovery.settingsRecord(after: state, now: clock.now) {
            queue.offer(record)
        }
        loop = EngineLoop(
            state: state,
            source: log,
            sink: store.writer, board: board, clock: clock, settings: loopSettings,
            onCheckpoint: { copies.take($0) },
            onEnd: { end in
                if case .failed(let error) = end.reason { onFatal("the engine stopped: \(error)") }
                copies.takeLast(end.checkpoint)
            })
        gauges = StatusTicker(board: board, queue: queue, journal: journal, store: store)
        port = try SidePort(
            settings, in: surroundings, board: board, history: store.history, clock: clock,
            letters: letters.actions, backfill: history.backfill(into: queue, clock: clock))
    }

    /// Starts everything. Throws `portBusy` only when the side port is what the program is for.
    func start(portIsNeeded: Bool) throws {
        let feed = self.feed
        board.update {
            $0.label = feed.label
            $0.feedName = feed.name
            $0.startedAt = clock.now
            $0.storePath = store.paths.root
        }
        try port.start(isNeeded: portIsNeeded, lock: store.lock)
        gauges.start()
        loop.start()
        clockTicker.start(into: queue)
        feed.start(into: queue)
        history.start(into: queue, clock: clock, board: board)
        reference.start(into: queue, clock: clock, board: board)
        news.start(into: queue)
        letters.start()
    }

    /// Connects to the provider anew; `nil` for a feed without a connection.
    var reconnect: (@Sendable () -> Void)? {
        guard case .socket(let socket) = feed else { return nil }
        return { socket.reconnect() }
    }

    /// Puts what the analytics go by in force, as a record of the log, where it differs.
    func use(_ next: Settings) throws {
        let wanted = next.analyticsSettings
        try inForce.withLock { inForce in
            guard wanted != inForce else { return }
            let notice = Notice.settings(json: try wanted.json)
            queue.offer(LogRecord(notice: notice, source: .ticktop, receivedAt: clock.now))
            inForce = wanted
        }
        port.use(wanted.indicators)
    }

    /// What was received in this store's life, as one JSON line, and how long it took.
    var closingLine: String { board.closingLine(now: clock.now) }

    /// Takes what the feed has sent so far, stores it, and closes everything.
    func stop() throws {
        feed.stop()
        news.stop()
        letters.stop()
        clockTicker.stop()
        queue.finish()
        // What is not stored is in the journal, or, where that is not written either, is named in
        // the message that follows.
        store.writer.closeSoonIfFailing { [log] in log.stopWaiting() }
        loop.waitUntilEnded()
        _ = try recorder.turn(on: false)
        port.stop()
        gauges.stop()
        checkpoints.finish()
        try store.close()
        try journal.sync()
    }

    static func lock(_ paths: StorePaths) throws -> StoreLock {
        do {
            return try StoreLock(paths)
        } catch StorageError.held(let holder, _) {
            throw StartError.held(by: holder, path: paths.root)
        }
    }

    static func openJournal(_ paths: StorePaths, keeps: Bool) throws -> Journal {
        var settings = JournalSettings()
        settings.isKept = keeps
        return try Journal(paths.journal, settings: settings, verifyFrom: nil)
    }
}
