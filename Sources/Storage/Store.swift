import MarketModel

/// An open store: the lock on it, its one writer, and its readers.
public final class Store: Sendable {
    public let paths: StorePaths
    public let lock: StoreLock
    public let writer: StoreWriter
    public let history: StoredHistory
    /// Where the store stood when it was opened: the base of recovery.
    public let openedAt: CommitMark

    /// The name of a log that is the store's own journal.
    public static let journalLog = "journal"

    /// Opens or makes the store in the directory `paths.root`, with the lock already taken.
    ///
    /// `syncLog` is called on the writer's thread before each commit and has to make the log
    /// durable up to the position, as `Journal.sync(through:)` does. `log` names the log whose
    /// positions the rows bear; throws `otherLog` when the store holds another's.
    public init(
        _ paths: StorePaths, lock: StoreLock, log: String = Store.journalLog,
        settings: WriterSettings = WriterSettings(),
        retention: RetentionSettings = RetentionSettings(), clock: any MarketClock,
        reports: WriterReports = WriterReports(),
        syncLog: @escaping @Sendable (LogPosition) throws -> Void = { _ in }
    ) throws {
        self.paths = paths
        self.lock = lock
        let connection = try StoreConnection(path: paths.database)
        try connection.claim(log: log)
        openedAt = connection.mark
        let gate = ReadGate()
        let pause = ReadPause()
        writer = StoreWriter(
            connection: connection, gate: gate, pause: pause, settings: settings,
            retention: retention, clock: clock, reports: reports, syncLog: syncLog)
        history = try StoredHistory(paths, writer: writer, gate: gate, pause: pause)
    }

    deinit { writer.close() }

    /// Stores what is queued, ends the writer and gives the lock free.
    public func close() throws {
        writer.close()
        defer { lock.release() }
        try history.close()
    }
}
