import Foundation
import MarketModel
import Synchronization
import TestSupport

@testable import Storage

/// A directory that goes away with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "ticktop-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The files of one directory as they are at the moment, into another that is there.
    static func copy(_ path: String, to other: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.copyItem(
                atPath: path + "/" + name, toPath: other + "/" + name)
        }
    }
}

/// What the writer reported, for tests to look at.
final class Reported: Sendable {
    struct Seen {
        var states: [StoreStatus.State] = []
        var commits: [CommitReport] = []
        var fatal: [String] = []
    }

    let seen = Mutex(Seen())

    var reports: WriterReports {
        var reports = WriterReports()
        reports.committed = { report in self.seen.withLock { $0.commits.append(report) } }
        reports.stateChanged = { state in self.seen.withLock { $0.states.append(state) } }
        reports.fatal = { message in self.seen.withLock { $0.fatal.append(message) } }
        return reports
    }
}

/// Waits on the wall clock, at most ten seconds, for what another thread does.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        SystemClock.sleepThread(.milliseconds(10))
    }
    return false
}

extension Store {
    static func open(
        _ directory: TemporaryDirectory, settings: WriterSettings = WriterSettings(),
        retention: RetentionSettings = RetentionSettings(),
        reports: WriterReports = WriterReports(),
        syncLog: @escaping @Sendable (LogPosition) throws -> Void = { _ in }
    ) throws -> Store {
        let paths = StorePaths(root: directory.path)
        return try Store(
            paths, lock: StoreLock(paths), settings: settings, retention: retention,
            clock: ManualClock(TestMorning.open), reports: reports, syncLog: syncLog)
    }
}

extension LogPosition {
    static func at(_ offset: Int64, _ index: Int32 = 0) -> LogPosition {
        LogPosition(epoch: 1, offset: offset, index: index)
    }
}

extension StoredTrade {
    static func make(_ trade: Trade, at position: LogPosition, isLate: Bool = false) -> StoredTrade
    {
        StoredTrade(
            trade: trade, source: .massive, receivedAt: trade.executedAt, position: position,
            isLate: isLate)
    }
}

extension EffectBatch {
    /// Trades in log order, one a record of 100 bytes, ending on a record edge.
    static func trades(_ trades: [StoredTrade]) -> EffectBatch {
        var batch = EffectBatch()
        batch.trades = trades
        batch.eventCount = trades.count
        batch.engineTime = trades.map(\.trade.executedAt).max()
        batch.receivedAtLast = trades.map(\.receivedAt).max()
        batch.arrivals =
            batch.receivedAtLast.map {
                [Arrival(receivedAt: $0, happenedAt: nil, events: trades.count)]
            } ?? []
        batch.through = LogPosition(
            epoch: trades.last!.position.epoch, offset: trades.last!.position.offset + 100)
        return batch
    }

    /// `count` trades of one ticker, `perSecond` a second, the first being number `first`.
    static func run(
        _ symbol: Symbol = "AAPL", first: Int, count: Int, perSecond: Double = 1000
    ) -> EffectBatch {
        .trades(
            (first..<first + count).map { number in
                .make(
                    .make(
                        symbol, at: "231.44", size: 100, second: Double(number) / perSecond,
                        sequence: Int64(number)), at: .at(Int64(number) * 100))
            })
    }
}
