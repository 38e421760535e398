import GRDB
import MarketModel

/// How far the store has got in one partition of its log.
public struct PartitionMark: Equatable, Sendable {
    /// Everything before this record edge is stored.
    public var position: LogPosition
    /// The newest record before it; `nil` when the source names none.
    public var newestRecord: RecordMark?
}

/// The running totals of each partition of a log. Their sums are what readers see.
struct PartitionTotals: Equatable {
    private var counts: [Int32: [FeedSource: SourceCounts]] = [:]
    private var ignored: [Int32: [String: Int64]] = [:]

    /// Takes a partition's totals over from its batch, and writes them with the sums.
    mutating func take(_ batch: EffectBatch, of partition: Int32, _ db: Database) throws {
        for (source, new) in batch.counts where counts[partition]?[source] != new {
            counts[partition, default: [:]][source] = new
            try PartitionRows.write(new, of: source, in: partition, db)
            let sum = counts.values.compactMap { $0[source] }.reduce(SourceCounts(), +)
            try LogRows.write(source, sum, db)
        }
        for (type, count) in batch.ignored where ignored[partition]?[type] != count {
            ignored[partition, default: [:]][type] = count
            try PartitionRows.write(ignored: type, count, in: partition, db)
            let sum = ignored.values.compactMap { $0[type] }.reduce(0, +)
            try LogRows.write(ignored: type, count: sum, db)
        }
    }

    static func read(_ db: Database) throws -> PartitionTotals {
        var totals = PartitionTotals()
        for row in try Row.fetchAll(db, sql: "SELECT * FROM partition_counts") {
            guard let source = FeedSource(rawValue: row["source"]) else {
                throw StorageError.malformedRow(table: "partition_counts", column: "source")
            }
            totals.counts[row["partition"], default: [:]][source] = SourceCounts(row: row)
        }
        for row in try Row.fetchAll(db, sql: "SELECT * FROM partition_ignored_types") {
            totals.ignored[row["partition"], default: [:]][row["type"]] = row["count"]
        }
        return totals
    }
}

/// Writes what is kept by partition. Every statement may run twice and leave the row the same.
enum PartitionRows {
    static func write(_ mark: PartitionMark, of partition: Int32, _ db: Database) throws {
        let record = mark.newestRecord
        let producers = record.map { $0.producers.map { "\($0.sequence):\($0.id)" } }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO partition_marks (partition, next_offset, event_index,
                    newest_offset, newest_hash, newest_producer, newest_sequence, newest_at,
                    producers)
                VALUES (?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            partition, mark.position.offset, mark.position.index, record?.offset,
            record.map { Int64(bitPattern: $0.hash) },
            record.map { Int64(bitPattern: $0.producer) }, record?.sequence,
            record?.receivedAt.nanoseconds, producers?.joined(separator: " "),
        ])
    }

    static func marks(_ db: Database) throws -> [Int32: PartitionMark] {
        var marks: [Int32: PartitionMark] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM partition_marks") {
            let partition: Int32 = row["partition"]
            let position = LogPosition(
                epoch: partition, offset: row["next_offset"], index: row["event_index"])
            marks[partition] = PartitionMark(position: position, newestRecord: try record(row))
        }
        return marks
    }

    private static func record(_ row: Row) throws -> RecordMark? {
        guard let offset = row["newest_offset"] as Int64?, let hash = row["newest_hash"] as Int64?,
            let producer = row["newest_producer"] as Int64?,
            let sequence = row["newest_sequence"] as Int64?,
            let receivedAt = row["newest_at"] as Int64?
        else { return nil }
        let words = (row["producers"] as String? ?? "").split(separator: " ")
        let producers = try words.map { word -> ProducerMark in
            let parts = word.split(separator: ":")
            guard parts.count == 2, let sequence = Int64(parts[0]), let id = UInt64(parts[1]) else {
                throw StorageError.malformedRow(table: "partition_marks", column: "producers")
            }
            return ProducerMark(id: id, sequence: sequence)
        }
        return RecordMark(
            offset: offset, hash: UInt64(bitPattern: hash),
            producer: UInt64(bitPattern: producer), sequence: sequence,
            receivedAt: Timestamp(nanoseconds: receivedAt), producers: producers)
    }

    static func write(
        _ counts: SourceCounts, of source: FeedSource, in partition: Int32, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO partition_counts (partition, source, received, applied,
                    duplicate, late, dead_lettered, shed)
                VALUES (?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            partition, source.rawValue, counts.received, counts.applied, counts.duplicate,
            counts.late, counts.deadLettered, counts.shed,
        ])
    }

    static func write(ignored type: String, _ count: Int64, in partition: Int32, _ db: Database)
        throws
    {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO partition_ignored_types (partition, type, count)
                VALUES (?,?,?)
                """
        ).execute(arguments: [partition, type, count])
    }
}
