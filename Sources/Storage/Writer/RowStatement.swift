import GRDBSQLite

/// One prepared statement of a hot insert path, driven through SQLite's own calls.
///
/// GRDB's cached statements cost two to three times as much a row. Used on the writer's thread
/// only, and finalized before its connection closes.
final class RowStatement {
    private let connection: OpaquePointer
    private var handle: OpaquePointer?
    /// A failed bind is reported by the next `run`.
    private var bindCode: Int32 = SQLITE_OK

    init(_ connection: OpaquePointer, _ sql: String) throws(StorageError) {
        self.connection = connection
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK else { throw RowStatement.error(of: connection) }
    }

    func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    @inline(__always) func bind(_ column: Int32, _ value: Int64) {
        bindCode |= sqlite3_bind_int64(handle, column, value)
    }

    @inline(__always) func bind(_ column: Int32, _ value: Int64?) {
        if let value { bind(column, value) } else { bindCode |= sqlite3_bind_null(handle, column) }
    }

    @inline(__always) func bind(_ column: Int32, _ value: Double?) {
        bindCode |=
            value.map { sqlite3_bind_double(handle, column, $0) }
            ?? sqlite3_bind_null(handle, column)
    }

    /// As `WideInteger` stores it.
    func bind(_ column: Int32, wide value: Int128) {
        if let narrow = Int64(exactly: value) { return bind(column, narrow) }
        let text = String(value)
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        bindCode |= sqlite3_bind_text(
            handle, column, text, Int32(text.utf8.count), transient)
    }

    /// Executes with the values bound, which stay bound.
    func run() throws(StorageError) {
        guard bindCode == SQLITE_OK else {
            bindCode = SQLITE_OK
            throw RowStatement.error(of: connection)
        }
        let code = sqlite3_step(handle)
        let reset = sqlite3_reset(handle)
        guard code == SQLITE_DONE, reset == SQLITE_OK else {
            throw RowStatement.error(of: connection)
        }
    }

    private static func error(of connection: OpaquePointer) -> StorageError {
        .sqlite(
            code: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
