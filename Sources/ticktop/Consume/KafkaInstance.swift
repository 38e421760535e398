import API
import Analytics
import Engine
import Kafka
import MarketModel
import Storage
import TicktopConfiguration

/// One engine on a log in Kafka with all that belongs to it: store, copies of the states, side
/// port. Kafka is its own journal.
///
/// `start`, then `stop`, once each and one after the other.
final class KafkaInstance: Sendable {
    let board: SnapshotBoard
    let store: Store
    private let settings: Settings
    private let clock = SystemClock()
    private let log: KafkaLog
    private let loop: EngineLoop
    private let publisher: DerivedPublisher?
    private let letters: DeadLetterWiring
    private let exchange: AcknowledgementExchange?
    private let others: FollowedMarket?
    private let gauges: StatusTicker
    private let port: SidePort

    /// Opens the store. `onFatal` is called, once, when going on would lose something.
    init(
        _ surroundings: Surroundings, board: SnapshotBoard,
        onFatal: @escaping @Sendable (String) -> Void
    ) throws {
        let clock = self.clock
        let settings = surroundings.settings
        self.board = board
        self.settings = settings
        let kafka = try settings.kafkaSettings(environment: surroundings.sources.environment)
        let paths = StorePaths(root: settings.store.path)
        let durable = DurableLatency(board: board)
        let commits = CommitListener()
        var reports = WriterReports()
        reports.committed = { report in
            durable.note(report)
            commits.note(report.duration)
        }
        reports.stateChanged = { state in board.update { $0.store = StoreState(state) } }
        reports.fatal = onFatal
        let outlet = AcknowledgementOutlet()
        reports.acknowledged = { outlet.note($0) }
        store = try KafkaInstance.open(
            paths, log: "kafka:\(kafka.topics.trades)", settings: settings, clock: clock,
            reports: reports)
        let writer = store.writer
        publisher =
            try settings.kafka.tellsDerived
            ? DerivedPublisher(kafka, writer: writer, board: board) : nil
        let keeper = PartitionKeeper(
            paths, store: store, settings: settings, board: board, clock: clock,
            publisher: publisher)
        exchange =
            try settings.kafka.tellsDerived
            ? AcknowledgementExchange(
                kafka, history: store.history, clock: clock, board: board) : nil
        if let exchange { outlet.connect(exchange) }
        let others = KafkaInstance.others(settings, kafka, board)
        self.others = others
        let mail = try KafkaLetters(kafka, clock: clock)
        letters = DeadLetterWiring(
            settings, history: store.history, clock: clock, board: board,
            send: { try mail.retry($0) }, tell: { try mail.tell($0) })
        let bounds = settings.writer
        let log = KafkaLog(
            kafka,
            membership: settings.kafka.assignment == .alone ? .alone : .group(kafka.group),
            keeper: keeper, board: board, clock: clock,
            pressure: BackPressure(
                commitMax: settings.kafka.commitMax,
                queueShareMax: Double(settings.kafka.queuePercentMax) / 100,
                restMin: settings.kafka.pauseMin),
            queueShare: { writer.status.queueShare(of: bounds) })
        self.log = log
        commits.tell = { [weak log] in log?.note(commit: $0) }
        loop = EngineLoop(
            partitionsUnder: settings.analyticsSettings.rules, source: log,
            sink: publisher ?? (writer as any EventSink),
            board: board, clock: clock, settings: KafkaInstance.pace,
            onCheckpoint: { log.offer($0) },
            onEnd: { end in
                if case .failed(let error) = end.reason { onFatal("the engine stopped: \(error)") }
                log.finish(end.checkpoints)
                keeper.finish()
            })
        log.loop = loop
        gauges = StatusTicker(board: board, queue: nil, journal: nil, store: store)
        port = try SidePort(
            settings, in: surroundings, board: board, history: store.history, clock: clock,
            letters: letters.actions, elsewhere: { others?.ticker($0) })
    }

    /// What the others of a group tell; nobody is asked where all partitions are ours.
    private static func others(
        _ settings: Settings, _ kafka: KafkaSettings, _ board: SnapshotBoard
    ) -> FollowedMarket? {
        let isShared = settings.kafka.tellsDerived && settings.kafka.assignment != .alone
        return isShared ? FollowedMarket(kafka, board: board) : nil
    }

    private static var pace: EngineLoopSettings {
        var settings = EngineLoopSettings()
        settings.watchesFeedsOfLog = true
        return settings
    }

    /// Throws `otherLog` when the store was filled from another log.
    static func open(
        _ paths: StorePaths, log: String, settings: Settings, clock: any MarketClock,
        reports: WriterReports
    ) throws -> Store {
        let lock = try Instance.lock(paths)
        do {
            return try Store(
                paths, lock: lock, log: log, settings: settings.writer,
                retention: settings.retention, clock: clock, reports: reports)
        } catch StorageError.otherLog(let path, _) {
            throw StartError.otherLog(path: path)
        }
    }

    /// Starts everything. Throws `portBusy` only when the side port is what the program is for.
    func start(portIsNeeded: Bool) throws {
        board.update {
            $0.label = .live
            $0.feedName = "kafka \(settings.kafka.topics.trades) at \(settings.kafka.brokers)"
            $0.startedAt = clock.now
            $0.storePath = store.paths.root
        }
        try port.start(isNeeded: portIsNeeded, lock: store.lock)
        gauges.start()
        loop.start()
        letters.start()
        exchange?.start()
        others?.start()
    }

    /// What was received in this store's life, as one JSON line, and how long it took.
    var closingLine: String { board.closingLine(now: clock.now) }

    /// Stores what has been taken, and closes everything.
    func stop() throws {
        letters.stop()
        exchange?.stop()
        others?.stop()
        log.stop()
        store.writer.closeSoonIfFailing()
        loop.waitUntilEnded()
        publisher?.stop()
        port.stop()
        gauges.stop()
        try store.close()
    }
}

/// Tells of commits once there is somebody to tell: the store is opened before the log.
private final class CommitListener: @unchecked Sendable {
    // Unchecked: `tell` is set once, before the first commit.
    var tell: (Duration) -> Void = { _ in }

    func note(_ duration: Duration) { tell(duration) }
}

extension StoreStatus {
    /// How full the store's queue is: 1 at its bound.
    fileprivate func queueShare(of bounds: WriterSettings) -> Double {
        max(
            Double(eventsQueued) / Double(bounds.queueEventsMax),
            Double(bytesQueued) / Double(bounds.queueBytesMax))
    }
}
