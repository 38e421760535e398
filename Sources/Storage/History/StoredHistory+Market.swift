import GRDB
import MarketModel

/// Bars, trades, quotes and feature vectors.
extension StoredHistory {
    public func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        try readers.read { db in
            guard let id = try StoredHistory.id(of: symbol, db) else { return [] }
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM bars WHERE symbol_id = ? AND seconds = ?
                        AND start >= ? AND start < ? ORDER BY start DESC LIMIT ?
                        """),
                arguments: [
                    id, interval.rawValue, from?.nanoseconds ?? .min, to?.nanoseconds ?? .max,
                    limit,
                ])
            return try rows.reversed().map { try Bar($0, symbol: symbol, interval: interval) }
        }
    }

    public func trades(
        _ symbol: Symbol, before: LogPosition?, limit: Int
    ) throws -> [StoredTrade] {
        try readers.read { db in
            guard limit > 0, let id = try StoredHistory.id(of: symbol, db) else { return [] }
            let edge = before ?? LogPosition(epoch: .max, offset: .max, index: .max)
            var found = try StoredHistory.lateTrades(db, symbol, id, before: edge, limit: limit)
            var inTime = 0
            var isComplete = false
            let minutes = try StoredHistory.activeMinutes(db, id, before: edge)
            while !isComplete, let minute = try minutes.next() {
                // Trades within lateness may be out of order, so the minute before the last one needed
                // can hold trades that came after some of that one.
                isComplete = inTime >= limit
                let trades = try StoredHistory.trades(db, symbol, id, minute: minute)
                    .filter { $0.position < edge }
                inTime += trades.count
                found += trades
            }
            return Array(found.sorted { $0.position > $1.position }.prefix(limit))
        }
    }

    public func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] {
        try readers.read { db in
            guard let id = try StoredHistory.id(of: symbol, db) else { return [] }
            let edge = LogPosition(epoch: .max, offset: .max, index: .max)
            var found: [FeatureVector] = []
            let minutes = try StoredHistory.activeMinutes(db, id, before: edge)
            while found.count < limit, let minute = try minutes.next() {
                let rows = try StoredHistory.rows(of: "features", db, id, minute: minute)
                found += try Row.fetchAll(rows.statement, arguments: rows.arguments)
                    .map { FeatureVector($0, symbol: symbol) }
            }
            return Array(found.prefix(limit))
        }
    }

    /// The last stored quote of each ticker, in alphabetical order.
    public func lastQuotes() throws -> [StoredQuote] {
        try readers.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT q.*, s.name FROM last_quotes q JOIN symbols s ON s.id = q.symbol_id
                    ORDER BY s.name
                    """
            ).map { try StoredQuote($0, symbol: try Symbol(row: $0, "name")) }
        }
    }

    /// Oldest first: the last quotes of the ticker's seconds in `from..<to`. Reads past other tickers' quotes.
    public func quotes(
        _ symbol: Symbol, from: Timestamp, to: Timestamp
    ) throws -> [StoredQuote] {
        try readers.read { db in
            guard let id = try StoredHistory.id(of: symbol, db) else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM quotes WHERE second >= ? AND second < ? AND symbol_id = ?
                    ORDER BY second, source
                    """, arguments: [from.secondsFloor, to.secondsFloor, id]
            ).map { try StoredQuote($0, symbol: symbol) }
        }
    }

    /// Every ticker that has rows in the hot tables, in alphabetical order.
    public func symbols() throws -> [Symbol] {
        try readers.read { db in
            try Row.fetchAll(db, sql: "SELECT name FROM symbols ORDER BY name")
                .map { try Symbol(row: $0, "name") }
        }
    }

    // MARK: Helpers

    private static func id(of symbol: Symbol, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM symbols WHERE name = ?"),
            arguments: [symbol.description])
    }

    /// Newest first: the minutes in which the ticker traded, begun before the position.
    private static func activeMinutes(
        _ db: Database, _ id: Int64, before edge: LogPosition
    ) throws -> DatabaseValueCursor<Int64> {
        try Int64.fetchCursor(
            db,
            sql: """
                SELECT minute FROM active_minutes WHERE symbol_id = ?
                AND (epoch, byte_offset, event_index) < (?,?,?) ORDER BY minute DESC
                """, arguments: [id, edge.epoch, edge.offset, edge.index])
    }

    private static func lateTrades(
        _ db: Database, _ symbol: Symbol, _ id: Int64, before edge: LogPosition, limit: Int
    ) throws -> [StoredTrade] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM trades WHERE is_late = 1 AND symbol_id = ?
                AND (epoch, byte_offset, event_index) < (?,?,?)
                ORDER BY epoch DESC, byte_offset DESC, event_index DESC LIMIT ?
                """, arguments: [id, edge.epoch, edge.offset, edge.index, limit]
        ).map { try StoredTrade($0, symbol: symbol) }
    }

    private static func trades(
        _ db: Database, _ symbol: Symbol, _ id: Int64, minute: Int64
    ) throws -> [StoredTrade] {
        let rows = try rows(of: "trades", db, id, minute: minute)
        return try Row.fetchAll(rows.statement, arguments: rows.arguments)
            .map { try StoredTrade($0, symbol: symbol) }.filter { !$0.isLate }
    }

    /// A ticker's rows of one minute, newest second first: sixty seeks, however many other tickers trade.
    private static func rows(
        of table: String, _ db: Database, _ id: Int64, minute: Int64
    ) throws -> (statement: Statement, arguments: StatementArguments) {
        let statement = try db.cachedStatement(
            sql: """
                WITH RECURSIVE clock (second) AS (
                    VALUES (?1) UNION ALL SELECT second - 1 FROM clock WHERE second > ?2)
                SELECT r.* FROM clock CROSS JOIN \(table) r
                ON r.second = clock.second AND r.symbol_id = ?3
                """)
        return (statement, [minute * 60 + 59, minute * 60, id])
    }
}
