import Foundation
import GRDB
import GRDBSQLite
import MarketModel

/// The one connection that writes and checkpoints. Used by the writer's thread alone once that
/// runs.
final class StoreConnection {
    let path: String
    let queue: DatabaseQueue
    private(set) var mark = CommitMark()
    private var totals = PartitionTotals()
    private var symbols: SymbolIDs
    private let trades: TradeRows
    private let quotes: QuoteRows
    private let bars: BarRows
    private let walFrames: WriteAheadLogFrames

    /// Opens or makes the database, brings its tables up to date and checks that durability is in
    /// force.
    init(path: String) throws {
        self.path = path
        let queue = try DatabaseQueue(path: path, configuration: StoreConnection.configuration())
        self.queue = queue
        let frames = WriteAheadLogFrames()
        walFrames = frames
        let migrator = Migrations.migrator
        if try queue.read({ try migrator.hasBeenSuperseded($0) }) {
            throw StorageError.newerSchema(path: path)
        }
        try migrator.migrate(queue)
        let opened = try queue.writeWithoutTransaction { db in
            try StoreConnection.requireDurability(db)
            let handle = db.sqliteConnection!
            frames.count(on: handle)
            return (
                mark: try CommitMark.read(db), totals: try PartitionTotals.read(db),
                symbols: try StoreConnection.symbols(db),
                trades: try TradeRows(handle), quotes: try QuoteRows(handle),
                bars: try BarRows(handle)
            )
        }
        mark = opened.mark
        totals = opened.totals
        symbols = SymbolIDs(stored: opened.symbols)
        trades = opened.trades
        quotes = opened.quotes
        bars = opened.bars
    }

    /// Stores the batches, their counts and their position in one transaction.
    ///
    /// What lies before the position already stored is left out: it is a repeat after a restart.
    /// After an error nothing of it is stored, and the same call may be made again. Readers pause
    /// while it is made durable.
    func commit(_ batches: [EffectBatch], pausing readers: ReadPause) throws {
        let (before, totalsBefore) = (mark, totals)
        defer { readers.end() }
        do {
            try queue.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for batch in batches {
                        let stored = before.position(of: batch.partition)
                        if batch.through > stored {
                            try write(batch, after: stored, db)
                        } else {
                            try writeObserved(batch, db)
                        }
                    }
                    try writeSymbols(db)
                    if mark != before { try LogRows.write(mark, db) }
                    readers.begin()
                    return .commit
                }
            }
            symbols.committed()
        } catch {
            (mark, totals) = (before, totalsBefore)
            trades.forgetNotes()
            throw error
        }
    }

    /// Runs reads and small writes of others between two commits.
    func run<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.writeWithoutTransaction(body)
    }

    func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition? {
        guard let symbolID = symbols.known(trade.symbol) else { return nil }
        return try queue.writeWithoutTransaction { db in
            let row = try db.cachedStatement(
                sql: """
                    SELECT epoch, byte_offset, event_index FROM trades
                    WHERE second = ? AND symbol_id = ? AND sequence = ? AND source = ?
                    ORDER BY epoch, byte_offset, event_index LIMIT 1
                    """)
            return try Row.fetchOne(
                row,
                arguments: [
                    trade.executedAt.secondsFloor, symbolID, trade.sequence, source.rawValue,
                ]
            ).map(LogPosition.init)
        }
    }

    /// Pages that wait in the WAL.
    var walFrameCount: Int32 { walFrames.value }

    /// Moves what it can from the WAL into the database without waiting for readers.
    func checkpoint() throws {
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    var walBytes: Int64 {
        var status = stat()
        return stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Empties the WAL file; leaves it for later when somebody reads from it.
    func truncateWriteAheadLog() throws {
        try queue.writeWithoutTransaction { db in
            sqlite3_busy_timeout(db.sqliteConnection, 0)
            defer {
                sqlite3_busy_timeout(
                    db.sqliteConnection, StoreConnection.busyMilliseconds)
            }
            do {
                try db.checkpoint(.truncate)
                walFrames.value = 0
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_LOCKED {
                return
            }
        }
    }

    /// Checkpoints everything and lets go of the file.
    func close() throws {
        trades.finalize()
        quotes.finalize()
        bars.finalize()
        try truncateWriteAheadLog()
        try queue.close()
    }

    // MARK: Rows

    private func write(_ batch: EffectBatch, after stored: LogPosition, _ db: Database) throws {
        for trade in batch.trades where trade.position >= stored {
            try trades.write(trade, symbolID: symbols.id(of: trade.trade.symbol))
        }
        // A quote is sampled once its second is over, so its own position may lie before what is
        // stored already.
        for quote in batch.quotes {
            let id = symbols.id(of: quote.quote.symbol)
            try quotes.write(quote, symbolID: id)
            try quotes.writeLast(quote, symbolID: id)
        }
        for bar in batch.bars { try bars.write(bar, symbolID: symbols.id(of: bar.symbol)) }
        for vector in batch.features {
            try bars.write(vector, symbolID: symbols.id(of: vector.symbol))
        }
        for episode in batch.episodes { try LogRows.write(episode, db) }
        for signal in batch.signals { try SignalRows.write(signal, db) }
        for article in batch.articles { try LogRows.write(article, db) }
        for letter in batch.deadLetters { try DeadLetterRows.write(letter, db) }
        for outcome in batch.retries where outcome.position >= stored {
            try DeadLetterRows.write(outcome, db)
        }
        for gap in batch.gaps { try LogRows.write(gap, db) }
        for listing in batch.listings { try ReferenceRows.write(listing, db) }
        for report in batch.earnings { try ReferenceRows.write(report, db) }
        if let partition = batch.partition {
            try totals.take(batch, of: partition, db)
            let reached = PartitionMark(
                position: batch.through, newestRecord: batch.newestRecord)
            mark.partitions[partition] = reached
            try PartitionRows.write(reached, of: partition, db)
        } else {
            for (source, counts) in batch.counts { try LogRows.write(source, counts, db) }
            for (type, count) in batch.ignored {
                try LogRows.write(ignored: type, count: count, db)
            }
        }
        mark.position = batch.through
        mark.engineTime = latest(mark.engineTime, batch.engineTime)
        mark.receivedAtLast = latest(mark.receivedAtLast, batch.receivedAtLast)
    }

    /// What is observed beside the log is news also while the log stands still.
    private func writeObserved(_ batch: EffectBatch, _ db: Database) throws {
        for episode in batch.episodes where episode.kind.isOperational {
            try LogRows.write(episode, db)
        }
    }

    private func writeSymbols(_ db: Database) throws {
        for (symbol, id) in symbols.uncommitted {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO symbols (id, name) VALUES (?,?)")
                .execute(arguments: [id, symbol.description])
        }
    }

    private static func symbols(_ db: Database) throws -> [Symbol: Int64] {
        var ids: [Symbol: Int64] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, name FROM symbols") {
            guard let symbol = Symbol(row["name"] as String) else {
                throw StorageError.malformedRow(table: "symbols", column: "name")
            }
            ids[symbol] = row["id"]
        }
        return ids
    }
}

private func latest(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
    guard let left, let right else { return left ?? right }
    return max(left, right)
}
