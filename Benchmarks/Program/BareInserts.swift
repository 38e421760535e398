import GRDBSQLite
import MarketModel

/// The plainest durable insert loop there is: SQLite's C interface, one prepared statement, one
/// transaction a batch.
enum BareInserts {
    /// Trades a second.
    static func measure(
        _ batches: [EffectBatch], path: String, schemaOf other: String
    ) throws(BenchmarkError) -> Double {
        let connection = try open(path)
        defer { sqlite3_close(connection) }
        try run("PRAGMA auto_vacuum = INCREMENTAL", connection)
        try run("PRAGMA journal_mode = WAL", connection)
        try run("PRAGMA synchronous = FULL", connection)
        try run("PRAGMA cache_size = -65536", connection)
        for statement in try schema(of: other) { try run(statement, connection) }
        var insert: OpaquePointer?
        let marks = [String](repeating: "?", count: 16).joined(separator: ",")
        try check(
            sqlite3_prepare_v2(
                connection, "INSERT INTO trades VALUES (\(marks))", -1, &insert, nil),
            connection)
        defer { sqlite3_finalize(insert) }
        var count = 0
        let began = SystemClock.monotonicNanoseconds
        for batch in batches {
            try run("BEGIN IMMEDIATE", connection)
            for trade in batch.trades {
                // Symbols are numbered from 1, as the store does; which number is which makes no
                // difference.
                bind(trade, symbolID: trade.position.offset / 100 % 5 + 1, to: insert)
                guard sqlite3_step(insert) == SQLITE_DONE else { throw error(of: connection) }
                sqlite3_reset(insert)
            }
            try run("COMMIT", connection)
            count += batch.trades.count
        }
        return Double(count) * 1e9 / Double(SystemClock.monotonicNanoseconds - began)
    }

    private static func bind(_ stored: StoredTrade, symbolID: Int64, to insert: OpaquePointer?) {
        let trade = stored.trade
        let second = trade.executedAt.secondsFloor
        sqlite3_bind_int64(insert, 1, second)
        sqlite3_bind_int64(insert, 2, symbolID)
        sqlite3_bind_int64(insert, 3, trade.sequence)
        sqlite3_bind_int64(insert, 4, Int64(stored.source.rawValue))
        sqlite3_bind_int64(insert, 5, Int64(stored.position.epoch))
        sqlite3_bind_int64(insert, 6, stored.position.offset)
        sqlite3_bind_int64(insert, 7, Int64(stored.position.index))
        sqlite3_bind_int64(insert, 8, trade.executedAt.nanoseconds - second * 1_000_000_000)
        sqlite3_bind_int64(insert, 9, trade.price.units)
        sqlite3_bind_int64(insert, 10, trade.size.units)
        sqlite3_bind_int64(insert, 11, Int64(bitPattern: trade.conditions.packed))
        sqlite3_bind_int64(insert, 12, Int64(bitPattern: trade.tradeID))
        sqlite3_bind_int64(insert, 13, Int64(trade.exchange))
        sqlite3_bind_int64(insert, 14, Int64(trade.aggressor.rawValue))
        sqlite3_bind_int64(insert, 15, stored.receivedAt.nanoseconds)
        sqlite3_bind_int64(insert, 16, stored.isLate ? 1 : 0)
    }

    /// The statements that make the store's table of trades and its indexes.
    private static func schema(of path: String) throws(BenchmarkError) -> [String] {
        let connection = try open(path)
        defer { sqlite3_close(connection) }
        var query: OpaquePointer?
        let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'trades' AND sql IS NOT NULL"
        try check(sqlite3_prepare_v2(connection, sql, -1, &query, nil), connection)
        defer { sqlite3_finalize(query) }
        var statements: [String] = []
        while sqlite3_step(query) == SQLITE_ROW {
            statements.append(String(cString: sqlite3_column_text(query, 0)))
        }
        return statements.sorted().reversed()  // The table before its index.
    }

    private static func open(_ path: String) throws(BenchmarkError) -> OpaquePointer? {
        var connection: OpaquePointer?
        try check(sqlite3_open(path, &connection), connection)
        return connection
    }

    private static func run(_ sql: String, _ connection: OpaquePointer?) throws(BenchmarkError) {
        try check(sqlite3_exec(connection, sql, nil, nil, nil), connection)
    }

    private static func check(
        _ code: Int32, _ connection: OpaquePointer?
    ) throws(BenchmarkError) {
        guard code == SQLITE_OK else { throw error(of: connection) }
    }

    private static func error(of connection: OpaquePointer?) -> BenchmarkError {
        .sqlite(
            code: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
