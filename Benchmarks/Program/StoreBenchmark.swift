import Foundation
import GRDBSQLite
import MarketModel
import Storage

/// Durable trades a second through the store's writer, against a bare loop of SQLite inserts.
///
/// Both write the same trades into the same table (its schema is copied from the store's own
/// database), in transactions of the same size, with `synchronous = FULL` in WAL mode, in files of
/// one directory, by turns in one run. The store also keeps its counts, its position and its index
/// of active minutes.
enum StoreBenchmark {
    struct Findings: Encodable {
        var trades_per_second: Double
        /// The store's rate by the bare loop's.
        var ratio: Double
    }

    private static let rounds = 3
    private static let tradeCount = 300_000
    /// Trades a transaction: what the writer takes when that many wait.
    private static let groupTrades = 4096

    static func measure() throws -> Findings {
        let root =
            FileManager.default.currentDirectoryPath
            + "/ticktop-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let batches = Self.batches()
        var ours: [Double] = []
        var ratios: [Double] = []
        for round in 0..<rounds {
            let paths = StorePaths(root: "\(root)/\(round)")
            let stored = try store(batches, paths)
            let bare = try BareInserts.measure(
                batches, path: "\(paths.root)/bare.sqlite", schemaOf: paths.database)
            ours.append(stored)
            ratios.append(stored / bare)
        }
        return Findings(trades_per_second: median(ours), ratio: median(ratios))
    }

    private static func store(_ batches: [EffectBatch], _ paths: StorePaths) throws -> Double {
        var settings = WriterSettings()
        settings.groupEvents = groupTrades
        settings.groupEventsMax = groupTrades
        let store = try Store(
            paths, lock: try StoreLock(paths), settings: settings, clock: SystemClock())
        let began = SystemClock.monotonicNanoseconds
        for batch in batches { try store.writer.perform(batch) }
        try store.writer.flush()
        let spent = SystemClock.monotonicNanoseconds - began
        try store.close()
        return Double(tradeCount) * 1e9 / Double(spent)
    }

    /// Trades of five tickers, about 12 000 a second of event time, as the engine would hand them
    /// over.
    private static func batches() -> [EffectBatch] {
        let symbols: [Symbol] = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]
        let open = Timestamp(seconds: 1_767_364_200)
        return stride(from: 0, to: tradeCount, by: groupTrades).map { first in
            var batch = EffectBatch()
            for number in first..<min(first + groupTrades, tradeCount) {
                let time = open.advanced(byNanoseconds: Int64(number) * 1_000_000_000 / 12_000)
                let trade = Trade(
                    symbol: symbols[number % symbols.count],
                    price: Price(units: 100_000_000_000 + Int64(number % 977) * 10_000_000),
                    size: Size(units: Int64(1 + number % 500) * Size.scale), executedAt: time,
                    sequence: Int64(1000 + number), tradeID: UInt64(number + 1), exchange: 11)
                batch.trades.append(
                    StoredTrade(
                        trade: trade, source: .massive, receivedAt: time,
                        position: LogPosition(epoch: 0, offset: Int64(number) * 100),
                        isLate: false))
                batch.engineTime = time
                batch.receivedAtLast = time
            }
            batch.eventCount = batch.trades.count
            batch.through = LogPosition(
                epoch: 0, offset: Int64(first + batch.trades.count) * 100)
            return batch
        }
    }
}
