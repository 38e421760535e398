import Foundation
import GRDB
import MarketModel

/// Writes what comes seldom: episodes, news, gaps, counts and the position itself.
///
/// Every statement may run twice for the same row and leave it the same.
enum LogRows {
    static func write(_ episode: Episode, _ db: Database) throws {
        let features = try episode.features.map { try StoredVector($0).json() }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO episodes (id, kind, symbol, severity, first_at, last_at,
                    hits, worst_score, features, explanation, is_open, epoch, byte_offset,
                    event_index)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            episode.id, episode.kind.rawValue, episode.symbol?.description,
            episode.severity.rawValue, episode.firstAt.nanoseconds, episode.lastAt.nanoseconds,
            episode.hits, episode.worstScore, features, episode.explanation, episode.isOpen,
            episode.position.epoch, episode.position.offset, episode.position.index,
        ])
    }

    static func write(_ scored: ScoredArticle, _ db: Database) throws {
        let article = scored.article
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO news (source, article_id, symbol, headline, summary,
                    publisher, url, published_at, received_at, epoch, byte_offset, event_index,
                    compound, positive, neutral, negative, summary_compound, summary_positive,
                    summary_neutral, summary_negative, correlation_strength, volume_zscore)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            scored.source.rawValue, article.articleID, article.symbol.description, article.headline,
            article.summary, article.publisher, article.url, article.publishedAt.nanoseconds,
            scored.receivedAt.nanoseconds, scored.position.epoch, scored.position.offset,
            scored.position.index, scored.sentiment?.compound, scored.sentiment?.positive,
            scored.sentiment?.neutral, scored.sentiment?.negative,
            scored.summarySentiment?.compound, scored.summarySentiment?.positive,
            scored.summarySentiment?.neutral, scored.summarySentiment?.negative,
            scored.correlation?.strength.rawValue, scored.correlation?.volumeZScore,
        ])
    }

    static func write(_ gap: FeedGap, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO gaps (epoch, byte_offset, event_index, kind, source, symbol,
                    from_at, to_at, first_missing, last_missing)
                VALUES (?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            gap.position.epoch, gap.position.offset, gap.position.index, gap.kind.rawValue,
            gap.source.rawValue, gap.symbol?.description ?? "", gap.from.nanoseconds,
            gap.to.nanoseconds, gap.firstMissing, gap.lastMissing,
        ])
    }

    static func write(_ source: FeedSource, _ counts: SourceCounts, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO source_counts (source, received, applied, duplicate, late,
                    dead_lettered, shed)
                VALUES (?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            source.rawValue, counts.received, counts.applied, counts.duplicate, counts.late,
            counts.deadLettered, counts.shed,
        ])
    }

    static func write(ignored type: String, count: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO ignored_types (type, count) VALUES (?,?)"
        ).execute(arguments: [type, count])
    }

    static func write(_ mark: CommitMark, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO committed (id, epoch, byte_offset, event_index, engine_time,
                    received_at_last)
                VALUES (1,?,?,?,?,?)
                """
        ).execute(arguments: [
            mark.position.epoch, mark.position.offset, mark.position.index,
            mark.engineTime?.nanoseconds, mark.receivedAtLast?.nanoseconds,
        ])
    }
}

/// How far the store has got. Written in the transaction that holds the rows up to it.
public struct CommitMark: Equatable, Sendable {
    /// Everything before this record edge is stored.
    public var position = LogPosition.start
    /// The newest engine time in the store: ages are measured against it. `nil` in an empty store.
    public var engineTime: Timestamp?
    /// The latest receive time in the store.
    public var receivedAtLast: Timestamp?
    /// Of a log in partitions: how far each is stored. `position` is then that of the newest
    /// commit, for people to read.
    public var partitions: [Int32: PartitionMark] = [:]

    init() {}

    /// Everything before it is stored: of a partition, or of the whole log when it has none.
    func position(of partition: Int32?) -> LogPosition {
        guard let partition else { return position }
        return partitions[partition]?.position ?? LogPosition(epoch: partition, offset: 0)
    }

    static func read(_ db: Database) throws -> CommitMark {
        var mark = CommitMark()
        mark.partitions = try PartitionRows.marks(db)
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM committed") else { return mark }
        mark.position = LogPosition(row)
        mark.engineTime = (row["engine_time"] as Int64?).map(Timestamp.init(nanoseconds:))
        mark.receivedAtLast = (row["received_at_last"] as Int64?).map(Timestamp.init(nanoseconds:))
        return mark
    }
}

extension LogPosition {
    /// From the columns `epoch`, `byte_offset` and `event_index`.
    init(_ row: Row) {
        self.init(epoch: row["epoch"], offset: row["byte_offset"], index: row["event_index"])
    }
}
