import GRDB
import MarketModel

/// Bars, trades, quotes and feature vectors.
extension StoredHistory {
    public func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        try read { db in
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

    /// Exact while lateness is at most `disorderSecondsMax`: beyond it, a trade stored in time may
    /// lie further back than is looked.
    public func trades(
        _ symbol: Symbol, before: LogPosition?, limit: Int
    ) throws -> [StoredTrade] {
        try read { db in
            guard limit > 0, let id = try StoredHistory.id(of: symbol, db) else { return [] }
            let edge = before ?? LogPosition(epoch: .max, offset: .max, index: .max)
            let late = try StoredHistory.lateTrades(db, symbol, id, before: edge, limit: limit)
            let inTime = try StoredHistory.tradesInTime(db, symbol, id, before: edge, limit: limit)
            return Array((late + inTime).sorted { $0.position > $1.position }.prefix(limit))
        }
    }

    public func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] {
        try read { db in
            guard let id = try StoredHistory.id(of: symbol, db) else { return [] }
            let edge = LogPosition(epoch: .max, offset: .max, index: .max)
            var found: [FeatureVector] = []
            let minutes = try StoredHistory.activeMinutes(db, id, before: edge)
            while found.count < limit, let minute = try minutes.next() {
                found += try StoredHistory.features(db, symbol, id, minute: minute)
            }
            return Array(found.prefix(limit))
        }
    }

    /// The last stored quote of each ticker, in alphabetical order.
    public func lastQuotes() throws -> [StoredQuote] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT q.*, s.name FROM last_quotes q JOIN symbols s ON s.id = q.symbol_id
                    ORDER BY s.name
                    """
            ).map { try StoredQuote($0, symbol: try Symbol(row: $0, "name")) }
        }
    }

    /// Oldest first: the last quotes of the ticker's seconds in `from..<to`. Reads past other
    /// tickers' quotes.
    public func quotes(
        _ symbol: Symbol, from: Timestamp, to: Timestamp
    ) throws -> [StoredQuote] {
        try read { db in
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
        try read { db in
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

    /// Trades that came in time may be out of order by lateness: seconds are read backwards until
    /// there are enough, and then as far again as a trade of them may have been overtaken.
    private static let disorderSecondsMax: Int64 = 10
    private static let sliceSeconds: Int64 = 5

    private static func tradesInTime(
        _ db: Database, _ symbol: Symbol, _ id: Int64, before edge: LogPosition, limit: Int
    ) throws -> [StoredTrade] {
        var found: [StoredTrade] = []
        var enoughAt: Int64?
        let minutes = try activeMinutes(db, id, before: edge)
        while let minute = try minutes.next() {
            var second = minute * 60 + 60 - sliceSeconds
            while second >= minute * 60 {
                if let enoughAt, second + sliceSeconds <= enoughAt - disorderSecondsMax {
                    return found
                }
                found += try slice(db, symbol, id, from: second, before: edge, limit: limit)
                if enoughAt == nil, found.count >= limit { enoughAt = second }
                second -= sliceSeconds
            }
        }
        return found
    }

    /// The newest `limit` trades in time of a few seconds; SQLite keeps only those while it reads.
    private static func slice(
        _ db: Database, _ symbol: Symbol, _ id: Int64, from second: Int64,
        before edge: LogPosition, limit: Int
    ) throws -> [StoredTrade] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    WITH RECURSIVE clock (second) AS (
                        VALUES (?1) UNION ALL SELECT second + 1 FROM clock WHERE second < ?2)
                    SELECT t.* FROM clock CROSS JOIN trades t
                    ON t.second = clock.second AND t.symbol_id = ?3
                    WHERE is_late = 0 AND (epoch, byte_offset, event_index) < (?4, ?5, ?6)
                    ORDER BY epoch DESC, byte_offset DESC, event_index DESC LIMIT ?7
                    """),
            arguments: [
                second, second + sliceSeconds - 1, id, edge.epoch, edge.offset, edge.index, limit,
            ]
        ).map { try StoredTrade($0, symbol: symbol) }
    }

    /// A ticker's vectors of one minute, newest first: sixty seeks, however many other tickers
    /// trade.
    private static func features(
        _ db: Database, _ symbol: Symbol, _ id: Int64, minute: Int64
    ) throws -> [FeatureVector] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    WITH RECURSIVE clock (second) AS (
                        VALUES (?1) UNION ALL SELECT second - 1 FROM clock WHERE second > ?2)
                    SELECT f.* FROM clock CROSS JOIN features f
                    ON f.second = clock.second AND f.symbol_id = ?3
                    """), arguments: [minute * 60 + 59, minute * 60, id]
        ).map { FeatureVector($0, symbol: symbol) }
    }
}
