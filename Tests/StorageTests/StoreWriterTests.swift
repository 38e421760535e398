import Foundation
import GRDB
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct StoreWriterTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `the writer syncs fully, vacuums in steps and never checkpoints by itself`() throws {
        let store = try Store.open(directory)
        let pragmas = try store.writer.run { connection in
            try connection.run { db in
                try ["synchronous", "auto_vacuum", "wal_autocheckpoint"].map {
                    try Int.fetchOne(db, sql: "PRAGMA \($0)")
                }
            }
        }
        #expect(pragmas == [2, 2, 0])
        let attributes = try FileManager.default.attributesOfItem(
            atPath: directory.path + "/market.sqlite")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a group of batches is one commit, reported with its receive times`() throws {
        let reported = Reported()
        var settings = WriterSettings()
        settings.lingerMilliseconds = 300
        let store = try Store.open(directory, settings: settings, reports: reported.reports)
        for number in 0..<5 { try store.writer.perform(.run(first: number * 10, count: 10)) }
        #expect(eventually { !reported.seen.withLock { $0.commits.isEmpty } })
        let commits = reported.seen.withLock { $0.commits }
        #expect(commits.count == 1)
        #expect(commits[0].events == 50)
        #expect(commits[0].arrivals.map(\.events) == [10, 10, 10, 10, 10])
        #expect(commits[0].mark.position == .at(5000))
        #expect(commits[0].durableAt == TestMorning.open)
    }

    @Test func `the log is made durable before each commit, up to its end`() throws {
        let synced = Mutex<[LogPosition]>([])
        let store = try Store.open(directory) { position in
            synced.withLock { $0.append(position) }
        }
        try store.writer.perform(.run(first: 0, count: 10))
        try store.writer.flush()
        try store.writer.perform(.run(first: 10, count: 1))
        try store.writer.flush()
        #expect(synced.withLock { $0 } == [.at(1000), .at(1100)])
    }

    @Test func `a stored trade is found by its second and sequence, queued ones too`() throws {
        let store = try Store.open(directory)
        let trade = Trade.make("AAPL", at: "10", size: 1, second: 7.5, sequence: 42)
        #expect(try store.writer.storedPosition(of: trade, source: .massive) == nil)
        try store.writer.perform(.trades([.make(trade, at: .at(300, 2))]))
        #expect(try store.writer.storedPosition(of: trade, source: .massive) == .at(300, 2))
        #expect(try store.writer.storedPosition(of: trade, source: .binance) == nil)
        var other = trade
        other.sequence = 43
        #expect(try store.writer.storedPosition(of: other, source: .massive) == nil)
        other = trade
        other.executedAt = trade.executedAt.advanced(by: .seconds(1))
        #expect(try store.writer.storedPosition(of: other, source: .massive) == nil)
    }

    @Test func `what is repeated after a restart is stored once, wherever batches end`()
        throws
    {
        let whole = EffectBatch.run(first: 0, count: 100)
        do {
            let store = try Store.open(directory)
            try store.writer.perform(.run(first: 0, count: 60))
            try store.close()
        }
        let store = try Store.open(directory)
        #expect(store.openedAt.position == .at(6000))
        try store.writer.perform(.run(first: 0, count: 30))
        try store.writer.perform(.run(first: 30, count: 50))
        try store.writer.perform(.run(first: 80, count: 20))
        try store.writer.flush()
        let stored = try store.history.trades("AAPL", before: nil, limit: 1000)
        #expect(stored == whole.trades.reversed())
        #expect(store.writer.status.mark.position == .at(10_000))
    }

    @Test func `the files as they are at any moment hold whole commits only`() throws {
        let store = try Store.open(directory)
        let feeder = Thread {
            for number in 0..<400 {
                do {
                    try store.writer.perform(.run(first: number * 25, count: 25))
                } catch {
                    Issue.record(error)
                }
            }
        }
        feeder.start()
        var positions: Set<LogPosition> = []
        for _ in 0..<12 {
            SystemClock.sleepThread(.milliseconds(15))
            let copy = try TemporaryDirectory()
            // The WAL after the database: a checkpoint in between may only have moved frames that
            // the copied WAL has as well.
            for name in ["market.sqlite", "market.sqlite-wal"] {
                try FileManager.default.copyItem(
                    atPath: directory.path + "/" + name, toPath: copy.path + "/" + name)
            }
            let reopened = try Store.open(copy)
            let end = reopened.openedAt.position
            positions.insert(end)
            let trades = try reopened.history.trades("AAPL", before: nil, limit: 20_000)
            #expect(Int64(trades.count) * 100 == end.offset)
            #expect(trades.count % 25 == 0)
            try reopened.close()
        }
        #expect(positions.count > 1)
        try store.writer.flush()
        #expect(try store.history.committed().position == .at(1_000_000))
    }

    @Test func `perform waits when the queue is full, and says how often`() throws {
        var settings = WriterSettings()
        settings.queueEventsMax = 100
        let gate = Mutex(false)
        let store = try Store.open(directory, settings: settings) { _ in
            while !gate.withLock({ $0 }) { SystemClock.sleepThread(.milliseconds(1)) }
        }
        let performed = Mutex(0)
        let feeder = Thread {
            for number in 0..<10 {
                do {
                    try store.writer.perform(.run(first: number * 50, count: 50))
                } catch {
                    Issue.record(error)
                }
                performed.withLock { $0 += 1 }
            }
        }
        feeder.start()
        #expect(eventually { store.writer.status.backpressureCount == 1 })
        #expect(performed.withLock { $0 } == 2)
        #expect(store.writer.status.eventsQueued == 100)
        gate.withLock { $0 = true }
        #expect(eventually { performed.withLock { $0 } == 10 })
        try store.writer.flush()
        #expect(try store.history.committed().position == .at(50_000))
        #expect(store.writer.status.eventsQueued == 0)
        #expect(store.writer.status.bytesQueued == 0)
    }

    @Test func `a full disk is a state that ends when there is room, and nothing is lost`() throws {
        let reported = Reported()
        var settings = WriterSettings()
        settings.retryMillisecondsMin = 5
        settings.retryMillisecondsMax = 20
        // The limit on the file stands in for the disk's; lifted between two tries, on the writer's
        // thread.
        let limit = PageLimit()
        let store = try Store.open(directory, settings: settings, reports: reported.reports) { _ in
            try limit.apply()
        }
        try store.writer.perform(.run(first: 0, count: 10))
        try store.writer.flush()
        limit.attach(try store.writer.run { $0.queue })
        limit.isOn.withLock { $0 = true }
        for number in 0..<20 {
            try store.writer.perform(.run(first: 10 + number * 500, count: 500))
        }
        #expect(eventually { store.writer.isFailing })
        #expect(try store.history.committed().position < .at(1_001_000))
        #expect(throws: StorageError.self) {
            try store.history.acknowledge("none", by: "me", at: TestMorning.open, note: "")
        }
        limit.isOn.withLock { $0 = false }
        try store.writer.flush()
        #expect(store.writer.status.state == .ok)
        #expect(try store.history.trades("AAPL", before: nil, limit: 20_000).count == 10_010)
        let states = reported.seen.withLock { $0.states }
        #expect(states.count >= 2)
        #expect(states.last == .ok)
        #expect(reported.seen.withLock { $0.fatal }.isEmpty)
    }

    @Test func `a failed fsync of the log ends it with a message and stores nothing more`() throws {
        let reported = Reported()
        let store = try Store.open(directory, reports: reported.reports) { _ in
            throw StorageError.file(operation: "fsync", path: "/journal", code: EIO)
        }
        try store.writer.perform(.run(first: 0, count: 10))
        #expect(throws: StorageError.self) { try store.writer.flush() }
        #expect(throws: StorageError.self) {
            try store.writer.perform(.run(first: 10, count: 10))
        }
        #expect(reported.seen.withLock { $0.fatal.count } == 1)
        #expect(reported.seen.withLock { $0.fatal.first?.contains("/journal") } == true)
        #expect(try store.history.committed().position == .start)
    }

    @Test func `a store that is closed while it fails leaves the rest to the journal`() throws {
        let reported = Reported()
        let store = try Store.open(directory, reports: reported.reports) { _ in
            throw StorageError.file(operation: "write", path: "/journal", code: ENOSPC)
        }
        try store.writer.perform(.run(first: 0, count: 10))
        #expect(eventually { store.writer.isFailing })
        try store.close()
        #expect(reported.seen.withLock { $0.fatal }.isEmpty)
        #expect(throws: StorageError.self) { try store.writer.flush() }
    }

    @Test func `closing stores what is queued and empties the WAL`() throws {
        let store = try Store.open(directory)
        for number in 0..<50 { try store.writer.perform(.run(first: number * 10, count: 10)) }
        try store.close()
        let reopened = try Store.open(directory)
        #expect(reopened.openedAt.position == .at(50_000))
    }

    @Test func `the WAL stays small under a steady feed, with readers about`() throws {
        var settings = WriterSettings()
        settings.checkpointFrames = 64
        settings.lingerMilliseconds = 0
        let store = try Store.open(directory, settings: settings)
        for number in 0..<300 {
            try store.writer.perform(.run(first: number * 100, count: 100))
            try store.writer.flush()
            if number % 10 == 0 {
                _ = try store.history.trades("AAPL", before: nil, limit: 10)
            }
        }
        let wal = try FileManager.default.attributesOfItem(
            atPath: directory.path + "/market.sqlite-wal")
        #expect(try #require(wal[.size] as? Int) < 2 << 20)
        #expect(try store.history.committed().position == .at(3_000_000))
    }
}

extension StoreWriter {
    fileprivate var isFailing: Bool {
        if case .failing = status.state { true } else { false }
    }
}

/// Holds the database file at its size while it is on.
private final class PageLimit: Sendable {
    let isOn = Mutex(false)
    private let queue = Mutex<DatabaseQueue?>(nil)

    func attach(_ connection: DatabaseQueue) { queue.withLock { $0 = connection } }

    /// On the writer's thread, before a commit.
    func apply() throws {
        guard let queue = queue.withLock({ $0 }) else { return }
        let pages = isOn.withLock { $0 } ? 1 : 1 << 30
        try queue.writeWithoutTransaction { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
        }
    }
}
