import CSQLiteShim
import GRDB
import MarketModel

/// What is stored, read over connections that can neither write nor checkpoint.
///
/// Acknowledgements go through the writer. Without one (`readOnly`), they are refused.
public final class StoredHistory: MarketHistory {
    let paths: StorePaths
    let readers: DatabasePool
    private let writer: StoreWriter?

    /// Readers beside a running instance, this process's or another's.
    ///
    /// Throws a SQLite error when there is no store.
    public static func readOnly(_ paths: StorePaths) throws -> StoredHistory {
        try StoredHistory(paths, writer: nil)
    }

    init(_ paths: StorePaths, writer: StoreWriter?) throws {
        self.paths = paths
        self.writer = writer
        readers = try DatabasePool(
            path: paths.database, configuration: StoredHistory.configuration())
    }

    public func close() throws { try readers.close() }

    private static func configuration() -> Configuration {
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
