import GRDB

extension StoreConnection {
    /// Notes which log fills this store, or throws `otherLog` when another one has.
    ///
    /// Positions of two logs cannot be told apart, so rows of one would be left out as repeats of
    /// the other.
    func claim(log: String) throws {
        try queue.write { db in
            let known = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'log'")
            if let known {
                guard known == log else { throw StorageError.otherLog(path: path, log: known) }
                return
            }
            try db.execute(
                sql: "INSERT INTO meta (name, value) VALUES ('log', ?)", arguments: [log])
        }
    }
}
