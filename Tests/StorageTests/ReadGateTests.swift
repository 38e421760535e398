import Foundation
import GRDB
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Readers without a pause, and the writer's upkeep beside them.
@Suite struct ReadGateTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Readers of which one is always inside: without the gate the log is never begun anew.
    @Test func `readers that overlap without end do not let the write-ahead log grow`() throws {
        var settings = WriterSettings()
        settings.checkpointFrames = 64
        let store = try Store.open(directory, settings: settings)
        try store.writer.perform(.run(first: 0, count: 10))
        try store.writer.flush()
        let isOver = Atomic(false)
        let reads = Atomic(0)
        let readers = DispatchGroup()
        for _ in 0..<3 {
            Thread.detachNewThread { [history = store.history] in
                readers.enter()
                defer { readers.leave() }
                while !isOver.load(ordering: .relaxed) {
                    let count = try? history.read { db in
                        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM trades")
                        SystemClock.sleepThread(.milliseconds(7))
                        return count
                    }
                    if count != nil { reads.add(1, ordering: .relaxed) }
                }
            }
        }
        var pagesMax: Int64 = 0
        for number in 1...600 {
            try store.writer.perform(.run(first: number * 100, count: 100))
            try store.writer.flush()
            let walBytes = try store.writer.run { $0.walBytes }
            pagesMax = max(pagesMax, walBytes / 4096)
        }
        isOver.store(true, ordering: .relaxed)
        readers.wait()
        #expect(reads.load(ordering: .relaxed) > 10)
        // It would be some 4 000 pages: each commit writes half a dozen or more.
        #expect(pagesMax > 64 && pagesMax < 1200)
        try store.close()
    }

    @Test func `a reader that stays holds up neither commits nor, for long, other readers`() throws
    {
        var settings = WriterSettings()
        settings.checkpointFrames = 8
        let store = try Store.open(directory, settings: settings)
        try store.writer.perform(.run(first: 0, count: 10))
        try store.writer.flush()
        let isInside = DispatchSemaphore(value: 0)
        let mayLeave = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [history = store.history] in
            _ = try? history.read { db in
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM trades")
                isInside.signal()
                mayLeave.wait()
            }
        }
        isInside.wait()
        let longest = try (1...12).map { number -> Int64 in
            let began = SystemClock.monotonicNanoseconds
            try store.writer.perform(.run(first: number * 100, count: 100))
            try store.writer.flush()
            let trades = try store.history.trades("AAPL", before: nil, limit: 1)
            #expect(trades.first?.position == .at(Int64(number * 100 + 99) * 100))
            return SystemClock.monotonicNanoseconds - began
        }.max()
        // Not as long as the reader stays, which is until all this is done.
        #expect(longest.map { $0 < 5_000_000_000 } == true)
        mayLeave.signal()
        try store.close()
    }

    @Test func `who comes while a moment is asked for waits until it is over`() {
        let gate = ReadGate()
        let farOff = SystemClock.monotonicNanoseconds + 60_000_000_000
        let passed = Atomic(0)
        gate.pass { #expect(!gate.hold(atMostUntil: farOff)) }
        #expect(gate.hold(atMostUntil: farOff))
        Thread.detachNewThread { gate.pass { _ = passed.add(1, ordering: .relaxed) } }
        SystemClock.sleepThread(.milliseconds(50))
        #expect(passed.load(ordering: .relaxed) == 0)
        gate.open()
        #expect(eventually { passed.load(ordering: .relaxed) == 1 })
        // A deadline that is over keeps nobody out.
        #expect(gate.hold(atMostUntil: SystemClock.monotonicNanoseconds))
        gate.pass { _ = passed.add(1, ordering: .relaxed) }
        #expect(passed.load(ordering: .relaxed) == 2)
    }

    @Test func `a read that is not short is given up`() throws {
        let store = try Store.open(directory)
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        #expect(throws: StorageError.readTooLong(max: .milliseconds(20))) {
            try store.history.read(atMost: .milliseconds(20)) { db in
                try Int.fetchOne(db, sql: endless + "SELECT max(i) FROM n")
            }
        }
        // The connection is as good as before, and its next read has its own time.
        for _ in 0..<8 {
            let found = try store.history.read { db in
                try Int.fetchOne(
                    db, sql: endless + "SELECT max(i) FROM (SELECT i FROM n LIMIT 9999)")
            }
            #expect(found == 9999)
        }
        try store.close()
    }
}
