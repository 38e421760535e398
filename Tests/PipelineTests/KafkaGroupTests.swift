import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// Several engines that share the partitions of one topic.
    @Suite struct `A group of engines` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws { rig = try KafkaRig(try Scratch()) }

        private static let environment = ["TICKTOP_KAFKA_ASSIGNMENT": "eager"]
        private static let names = ["first", "second", "third"]

        private func start(_ name: String) throws -> ProgramUnderTest {
            try rig.engine(name, environment: Self.environment)
        }

        // Only in full: docs/progress.md tells why.
        @Test(.enabled(if: Proof.isFull))
        func `joins, leaves and is killed, and comes to one engine's result`() async throws {
            let seed = Proof.seed
            var random = SeededRandom(seed: seed)
            let recording = try rig.recordDemo(
                seconds: Proof.pick(sample: 6, full: 120),
                rate: Proof.pick(sample: 2000, full: 17_000))
            let direct = try ProgramUnderTest.replay(recording, into: "direct", in: scratch)
            let received = try direct.count("received")
            let ingest = try rig.ingest(
                ["--from", recording, "--speed", Proof.pick(sample: "0.5", full: "1")])
            var members: [String: ProgramUnderTest] = [:]
            for name in Self.names.prefix(2) { members[name] = try start(name) }
            var changes: [String] = []
            for turn in 0..<Proof.pick(sample: 3, full: 20) {
                SystemClock.sleepThread(
                    .milliseconds(Int64.random(in: 2500...4000, using: &random)))
                let name = Self.names[(turn + 2) % 3]
                if let member = members.removeValue(forKey: name) {
                    let isKilled = Bool.random(using: &random)
                    changes.append("\(isKilled ? "kill" : "leave") \(name)")
                    member.kill(isKilled ? SIGKILL : SIGTERM)
                    _ = try member.waitForEnd()
                } else {
                    changes.append("join \(name)")
                    members[name] = try start(name)
                }
            }
            let sent = try ingest.waitForEnd()
            #expect(sent.status == 0, "\(sent.errors)")
            let merged = MergedStores(Self.names.map { StoreUnderTest(scratch.path($0)) })
            let isAll = try Proof.eventually(within: .seconds(60)) {
                try merged.received() >= received
            }
            let seen = try merged.received()
            #expect(isAll, "seed \(seed), \(changes): \(seen) of \(received)")
            for member in members.values { member.kill(SIGTERM) }
            for member in members.values { #expect(try member.waitForEnd().status == 0) }
            let one = MergedStores([StoreUnderTest(scratch.path("direct"))])
            #expect(try merged.received() == received, "seed \(seed), \(changes)")
            #expect(try merged.trades() == one.trades(), "seed \(seed), \(changes)")
            #expect(try merged.bars() == one.bars(), "seed \(seed), \(changes)")
            print("a group of engines: \(changes), \(received) events, seed \(seed)")
        }
    }
}

/// What several stores hold together: each row once, in its newest version.
private struct MergedStores {
    let stores: [StoreUnderTest]

    init(_ stores: [StoreUnderTest]) { self.stores = stores }

    private func rows(_ query: String) throws -> [[Any]] {
        try stores.flatMap { store in
            FileManager.default.fileExists(atPath: store.database) ? try store.rows(query) : []
        }
    }

    func trades() throws -> Set<String> {
        let query = """
            select name, second, nanosecond, sequence, source, price, size, is_late
            from trades join symbols on symbols.id = symbol_id
            """
        return Set(try rows(query).map { "\($0)" })
    }

    /// By ticker, length and start; the version of the latest revision.
    func bars() throws -> [String: String] {
        let query = """
            select name, seconds, start, is_final, revision, open, high, low, close, volume,
                trade_count
            from bars join symbols on symbols.id = symbol_id order by is_final, revision
            """
        var found: [String: (version: Int, row: String)] = [:]
        for row in try rows(query) {
            let version = (row[3] as? Int ?? 0) << 32 + (row[4] as? Int ?? 0)
            let key = "\(row[0...2])"
            if version >= found[key]?.version ?? -1 { found[key] = (version, "\(row)") }
        }
        return found.mapValues(\.row)
    }

    /// Of each partition the most that any store has counted; of a log in one piece all of it.
    func received() throws -> Int {
        var most: [Int: Int] = [:]
        for row in try rows(
            "select partition, sum(received) from partition_counts group by partition")
        {
            guard let partition = row[0] as? Int, let count = row[1] as? Int else { continue }
            most[partition] = max(most[partition] ?? 0, count)
        }
        return most.values.reduce(0, +)
    }
}
