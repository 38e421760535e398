import Foundation
import GRDB
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Readers beside a writer that waits for its disk.
@Suite struct `A pause of the readers` {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func duration(of body: () throws -> Void) rethrows -> Duration {
        let began = SystemClock.monotonicNanoseconds
        try body()
        return .nanoseconds(SystemClock.monotonicNanoseconds - began)
    }

    @Test func `lasts until the disk has answered`() {
        let pause = ReadPause(longest: .seconds(600))
        let passed = Atomic(0)
        pause.begin()
        for _ in 0..<2 {
            Thread.detachNewThread {
                pause.take()
                passed.add(1, ordering: .relaxed)
            }
        }
        SystemClock.sleepThread(.milliseconds(50))
        #expect(passed.load(ordering: .relaxed) == 0)
        pause.end()
        #expect(eventually { passed.load(ordering: .relaxed) == 2 })
        pause.take()
    }

    /// The pauses of a disk that never answers, and what is read between them.
    @Test func `takes half of the time at most, so that reads end on any disk`() {
        let pause = ReadPause(longest: .milliseconds(20))
        pause.begin()
        #expect(duration { pause.take() } >= .milliseconds(20))
        // Patience is over: who has not read since does not wait again.
        var read = Duration.zero
        var paused = Duration.zero
        for _ in 0..<10 {
            read += duration { SystemClock.sleepThread(.milliseconds(4)) }
            paused += duration { pause.take() }
        }
        #expect(paused >= .milliseconds(30))
        #expect(paused < read * 3)
    }

    @Test func `is taken in the middle of a read`() throws {
        let store = try Store.open(directory)
        let pause = ReadPause(longest: .milliseconds(200))
        let history = try StoredHistory(
            store.paths, writer: nil, gate: ReadGate(), pause: pause)
        pause.begin()
        let took = try duration {
            let count = try history.read { db in
                try Int.fetchOne(
                    db,
                    sql: """
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999)
                        SELECT count(*) FROM n
                        """)
            }
            #expect(count == 9999)
        }
        #expect(took >= .milliseconds(200))
        try history.close()
        try store.close()
    }

    @Test func `is asked for by each commit, and over with it`() throws {
        let history = Mutex<StoredHistory?>(nil)
        let waits = Mutex<[Duration]>([])
        let store = try Store.open(directory) { _ in
            guard let history = history.withLock({ $0 }) else { return }
            let wait = duration { history.stepAside() }
            waits.withLock { $0.append(wait) }
        }
        history.withLock { $0 = store.history }
        try store.writer.perform(.run(first: 0, count: 10))
        try store.writer.flush()
        history.withLock { $0 = nil }
        #expect(waits.withLock { $0 }.first.map { $0 >= .milliseconds(40) } == true)
        let shortest = (0..<5).map { _ in duration { store.history.stepAside() } }.min()
        #expect(shortest.map { $0 < .milliseconds(10) } == true)
        try store.close()
    }
}
