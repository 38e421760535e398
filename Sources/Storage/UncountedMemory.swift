import CSQLiteShim
import GRDBSQLite

/// SQLite's count of the bytes it has allocated, which nobody reads, switched off.
///
/// It is kept under one mutex for all connections. A reader that gives way would hold the writer up
/// whenever it loses its processor with that mutex in its hands.
enum UncountedMemory {
    /// False when this process had opened a database before it opened a store; then it is counted,
    /// which costs time alone.
    static let isInForce = ticktop_sqlite_count_no_memory() == SQLITE_OK
}
