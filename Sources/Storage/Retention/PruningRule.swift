import GRDB
import MarketModel

/// Deletes the rows of one table that are older than a moment, a bounded number at a time.
struct PruningRule: Sendable {
    let table: String
    /// The column of the age, and how many nanoseconds one of it counts.
    let column: String
    let nanosecondsPerUnit: Int64
    /// What orders the rows by age: the key or an index of the table, beginning with `column`.
    let key: String
    let age: Duration

    /// Deletes at most about `rowsMax` rows dated before `engineTime` minus the age. Returns how
    /// many.
    func prune(_ db: Database, engineTime: Timestamp, rowsMax: Int) throws -> Int {
        let cutoff = engineTime.advanced(by: .zero - age).nanoseconds
            .flooredQuotient(nanosecondsPerUnit)
        return try deleteOldest(db, before: cutoff, rowsMax: rowsMax)
    }

    /// Deletes the `rowsMax` oldest rows, whatever their age. Returns how many.
    func pruneOldest(_ db: Database, rowsMax: Int) throws -> Int {
        try deleteOldest(db, before: .max, rowsMax: rowsMax)
    }

    private func deleteOldest(_ db: Database, before cutoff: Int64, rowsMax: Int) throws -> Int {
        let edge = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT \(key) FROM \(table) WHERE \(column) < ?
                    ORDER BY \(key) LIMIT 1 OFFSET ?
                    """), arguments: [cutoff, rowsMax])
        if let edge {
            let marks = Array(repeating: "?", count: edge.count).joined(separator: ",")
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE (\(key)) < (\(marks))")
                .execute(arguments: StatementArguments(edge.databaseValues))
        } else {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE \(column) < ?")
                .execute(arguments: [cutoff])
        }
        return db.changesCount
    }
}

extension PruningRule {
    static func trades(_ age: Duration) -> PruningRule {
        PruningRule(
            table: "trades", column: "second", nanosecondsPerUnit: 1_000_000_000,
            key: "second, symbol_id, sequence, source, epoch, byte_offset, event_index", age: age)
    }

    static func quotes(_ age: Duration) -> PruningRule {
        PruningRule(
            table: "quotes", column: "second", nanosecondsPerUnit: 1_000_000_000,
            key: "second, symbol_id, source", age: age)
    }

    static func features(_ age: Duration) -> PruningRule {
        PruningRule(
            table: "features", column: "second", nanosecondsPerUnit: 1_000_000_000,
            key: "second, symbol_id", age: age)
    }

    /// For tables with a rowid and an index on the time column.
    static func byTime(_ table: String, _ column: String, _ age: Duration) -> PruningRule {
        PruningRule(
            table: table, column: column, nanosecondsPerUnit: 1, key: "\(column), rowid", age: age)
    }
}
