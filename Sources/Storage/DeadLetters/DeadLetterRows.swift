import Foundation
import GRDB
import MarketModel

/// Dead letters, and what became of those that were taken up again.
enum DeadLetterRows {
    /// Neither resolved nor archived.
    static let isOpen = "is_archived = 0 AND is_resolved = 0"

    /// A letter that is already there keeps what has become of it.
    static func write(_ letter: DeadLetter, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO dead_letters (epoch, byte_offset, event_index, source,
                    received_at, reason, field, symbol, raw)
                VALUES (?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            letter.position.epoch, letter.position.offset, letter.position.index,
            letter.source.rawValue, letter.receivedAt.nanoseconds, letter.refusal.reason.rawValue,
            letter.refusal.field, letter.refusal.symbol?.description,
            Data(letter.raw.prefix(DeadLetter.rawBytesMax)),
        ])
    }

    /// Counts the retry; the reason is the newest refusal's. One that is resolved stays so. Nothing
    /// happens when the letter is no longer stored.
    static func write(_ outcome: RetryOutcome, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE dead_letters SET retries = retries + 1, retried_at = ?, is_resolved = ?,
                    reason = coalesce(?, reason), field = coalesce(?, field)
                WHERE epoch = ? AND byte_offset = ? AND event_index = ? AND is_resolved = 0
                """
        ).execute(arguments: [
            outcome.retriedAt.nanoseconds, outcome.refusal == nil,
            outcome.refusal?.reason.rawValue, outcome.refusal?.field, outcome.letter.epoch,
            outcome.letter.offset, outcome.letter.index,
        ])
    }

    /// Counts a retry whose outcome is not known, unless one has been counted since.
    static func countRetry(
        _ db: Database, of position: LogPosition, after retries: Int, at moment: Timestamp
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE dead_letters SET retries = retries + 1, retried_at = ?
                WHERE epoch = ? AND byte_offset = ? AND event_index = ? AND retries = ?
                """
        ).execute(arguments: [
            moment.nanoseconds, position.epoch, position.offset, position.index, retries,
        ])
    }

    static func openCount(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM dead_letters WHERE \(isOpen)") ?? 0
    }

    static func fetch(_ db: Database, at position: LogPosition) throws -> DeadLetter? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT * FROM dead_letters
                WHERE epoch = ? AND byte_offset = ? AND event_index = ?
                """, arguments: [position.epoch, position.offset, position.index]
        ).map { try read($0) }
    }

    static func archive(_ db: Database, at position: LogPosition) throws {
        try db.cachedStatement(
            sql: """
                UPDATE dead_letters SET is_archived = 1
                WHERE epoch = ? AND byte_offset = ? AND event_index = ?
                """
        ).execute(arguments: [position.epoch, position.offset, position.index])
    }

    static func read(_ row: Row) throws -> DeadLetter {
        guard let reason = RefusalReason(rawValue: row["reason"]) else {
            throw StorageError.malformedRow(table: "dead_letters", column: "reason")
        }
        let symbol: String? = row["symbol"]
        var letter = DeadLetter(
            position: LogPosition(row), source: try FeedSource(row: row),
            receivedAt: Timestamp(row: row, "received_at"),
            refusal: Refusal(
                reason: reason, field: row["field"], symbol: symbol.flatMap { Symbol($0) }),
            raw: Array(row["raw"] as Data))
        letter.fate = row["is_resolved"] ? .resolved : row["is_archived"] ? .archived : .open
        letter.retries = row["retries"]
        letter.retriedAt = (row["retried_at"] as Int64?).map(Timestamp.init(nanoseconds:))
        return letter
    }
}
