import CSQLiteShim
import GRDB
import GRDBSQLite
import MarketModel

/// What is stored, read over connections that can neither write nor checkpoint.
///
/// Acknowledgements go through the writer. Without one (`readOnly`), they are refused.
public final class StoredHistory: MarketHistory {
    /// A read that takes longer is given up: while it lasts, the write-ahead log only grows.
    static let readMax = Duration.seconds(5)

    let paths: StorePaths
    let readers: DatabasePool
    private let writer: StoreWriter?
    private let gate: ReadGate
    private let pause: ReadPause

    /// Readers beside a running instance, this process's or another's.
    ///
    /// Throws a SQLite error when there is no store.
    public static func readOnly(_ paths: StorePaths) throws -> StoredHistory {
        try StoredHistory(paths, writer: nil, gate: ReadGate(), pause: ReadPause())
    }

    init(_ paths: StorePaths, writer: StoreWriter?, gate: ReadGate, pause: ReadPause) throws {
        self.paths = paths
        self.writer = writer
        self.gate = gate
        self.pause = pause
        readers = try DatabasePool(
            path: paths.database, configuration: StoredHistory.configuration())
    }

    public func close() throws { try readers.close() }

    /// One short read of one state of the store. Throws `readTooLong` when it is not short.
    func read<Value>(
        atMost spanMax: Duration = StoredHistory.readMax, _ body: (Database) throws -> Value
    ) throws -> Value {
        try gate.pass {
            try readers.read { db in
                let span = Int64(spanMax / .nanoseconds(1))
                var look = Look(deadline: SystemClock.monotonicNanoseconds + span, pause: pause)
                let handle = db.sqliteConnection
                return try withUnsafeMutablePointer(to: &look) { look in
                    sqlite3_progress_handler(
                        handle, StoredHistory.stepsBetweenLooks,
                        { context in
                            context!.assumingMemoryBound(to: Look.self).pointee.mayGoOn() ? 0 : 1
                        }, look)
                    defer { sqlite3_progress_handler(handle, 0, nil, nil) }
                    do {
                        return try body(db)
                    } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                        throw StorageError.readTooLong(max: spanMax)
                    }
                }
            }
        }
    }

    /// What a read looks at every few steps.
    private struct Look {
        let deadline: Int64
        let pause: ReadPause

        /// Lets the writer's wait for the disk pass; false once the read has taken too long.
        func mayGoOn() -> Bool {
            pause.take()
            return SystemClock.monotonicNanoseconds <= deadline
        }
    }

    public func stepAside() { pause.take() }

    /// Steps of SQLite's machine; some ten microseconds.
    private static let stepsBetweenLooks: Int32 = 1000

    private static func configuration() -> Configuration {
        _ = UncountedMemory.isInForce
        var configuration = Configuration()
        configuration.label = "ticktop.history"
        configuration.readonly = true
        configuration.persistentReadOnlyConnections = true
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // A reader that checkpoints beside the writer can damage the WAL (SQLite before
            // 3.51.3).
            guard ticktop_sqlite_no_checkpoint_on_close(db.sqliteConnection, 1) == 1 else {
                throw StorageError.pragma(
                    name: "no_ckpt_on_close", expected: "1", found: "not set")
            }
        }
        return configuration
    }

    // MARK: Acknowledgements

    public func acknowledge(
        _ episodeID: String, by: String, at: Timestamp, note: String
    ) throws -> EpisodeReading? {
        let reading = try requireWriter().run { connection in
            try connection.run { db in
                try Acknowledging.acknowledge(db, episodeID, by: by, at: at, note: note)
            }
        }
        if let reading { writer?.note(acknowledged: reading) }
        return reading
    }

    public func unacknowledge(
        _ episodeID: String, by: String, at: Timestamp
    ) throws -> EpisodeReading? {
        let reading = try requireWriter().run { connection in
            try connection.run { db in
                try Acknowledging.undo(db, episodeID, by: by, at: at)
            }
        }
        if let reading { writer?.note(acknowledged: reading) }
        return reading
    }

    /// Takes over what another node tells of an episode, which need not be here yet; `nil` takes
    /// its acknowledgement back. What is known already changes nothing.
    public func take(_ told: Acknowledgement?, of episodeID: String, now: Timestamp) throws {
        try requireWriter().run { connection in
            try connection.run { db in
                try Acknowledging.take(db, told, of: episodeID, now: now)
            }
        }
    }

    func requireWriter() throws(StorageError) -> StoreWriter {
        guard let writer else { throw .stopped(reason: "opened for reading only") }
        return writer
    }
}
