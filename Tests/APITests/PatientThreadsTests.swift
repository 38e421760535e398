import Foundation
import MarketModel
import Synchronization
import Testing

@testable import API

@Suite struct `Threads that give way` {
    /// Of the thread that asks.
    private static func niceness() -> Int32 {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    }

    @Test func `run after the others, and so does what tasks do on them`() async throws {
        let threads = PatientThreads(count: 2)
        threads.start()
        let own = Self.niceness()
        let expected = max(own, 10)
        #expect(try await threads.run { Self.niceness() } == expected)
        let inTask = await withTaskExecutorPreference(threads) {
            let before = Self.niceness()
            // A stretch after a wait is one like the first.
            await Task.yield()
            return [before, Self.niceness()]
        }
        #expect(inTask == [expected, expected])
        #expect(Self.niceness() == own)
        try await threads.stop()
    }

    @Test func `step aside before each stretch of work`() async throws {
        let steps = Atomic(0)
        let threads = PatientThreads(count: 1) { _ = steps.add(1, ordering: .relaxed) }
        threads.start()
        #expect(try await threads.run { steps.load(ordering: .relaxed) } == 1)
        let inTask = await withTaskExecutorPreference(threads) {
            let before = steps.load(ordering: .relaxed)
            await Task.yield()
            return steps.load(ordering: .relaxed) - before
        }
        #expect(inTask >= 1)
        try await threads.stop()
    }

    @Test func `leave no task hanging when they end`() async throws {
        let threads = PatientThreads(count: 1)
        threads.start()
        try await threads.stop()
        let found = await withTaskExecutorPreference(threads) {
            await Task.yield()
            return 7
        }
        #expect(found == 7)
        await #expect(throws: (any Error).self) { try await threads.run { 7 } }
    }

    @Test func `make what reads the store, and nothing else`() async throws {
        let port = SidePort()
        let history = port.history
        let token = ["Authorization": "Bearer \(SidePort.secret)"]
        try await port.serve { http in
            #expect(await http.get("/api/v1/ticks/AAPL").status == 200)
            let ofReads = history.niceness.withLock { $0 }
            #expect(!ofReads.isEmpty && ofReads.allSatisfy { $0 >= 10 })
            // Before the read, before its rows are taken on, and before the answer is written.
            #expect(history.stepsAside.exchange(0, ordering: .relaxed) >= 3)
            history.niceness.withLock { $0 = [] }
            let ack = "/anomalies/\(Morning.episodeID)/ack"
            #expect(await http.send("POST", ack, headers: token).status == 200)
            #expect(history.niceness.withLock { $0 } == [Self.niceness()])
        }
    }
}
