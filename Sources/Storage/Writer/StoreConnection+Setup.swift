import GRDB
import GRDBSQLite

extension StoreConnection {
    /// How long a lock that somebody else has is waited for.
    static let busyMilliseconds: Int32 = 50

    static func configuration() -> Configuration {
        _ = UncountedMemory.isInForce
        var configuration = Configuration()
        configuration.label = "ticktop.store"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(Double(busyMilliseconds) / 1000)
        configuration.prepareDatabase { db in
            // Only takes effect before the first table is made, and before WAL mode.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try db.execute(sql: "PRAGMA secure_delete = OFF")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA cache_size = -65536")
            sqlite3_wal_autocheckpoint(db.sqliteConnection, 0)
        }
        return configuration
    }

    /// GRDB turns `synchronous` down to NORMAL when it sets up WAL mode, which is after
    /// `prepareDatabase`.
    static func requireDurability(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try require("synchronous", "2", db)
        try require("journal_mode", "wal", db)
        try require("auto_vacuum", "2", db)
    }

    private static func require(_ pragma: String, _ expected: String, _ db: Database) throws {
        let found = try Row.fetchOne(db, sql: "PRAGMA \(pragma)")?[0] as DatabaseValue?
        let text = found.map { value in
            switch value.storage {
            case .int64(let number): String(number)
            case .string(let text): text
            default: "unset"
            }
        }
        guard text == expected else {
            throw StorageError.pragma(name: pragma, expected: expected, found: text ?? "unset")
        }
    }
}

/// How many pages wait in the WAL, as SQLite tells after each commit.
///
/// Written by SQLite's hook and read between commits, both on the writer's thread.
final class WriteAheadLogFrames {
    var value: Int32 = 0

    /// Must outlive the connection's last commit.
    func count(on connection: OpaquePointer) {
        sqlite3_wal_hook(
            connection,
            { context, _, _, frames in
                Unmanaged<WriteAheadLogFrames>.fromOpaque(context!).takeUnretainedValue().value =
                    frames
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
