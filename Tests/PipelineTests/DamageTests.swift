import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What a crash or a bad disk does to the journal and the state files, and what the next start
    /// makes of it.
    @Suite struct `A damaged store` {
        private let scratch: Scratch
        private let provider: SimulatedProvider

        init() throws {
            scratch = try Scratch()
            provider = try SimulatedProvider(in: scratch, rate: 2000)
        }

        /// Magic, version, epoch, base offset and checksum.
        private static let segmentHeaderBytes = 28

        private var store: StoreUnderTest { StoreUnderTest(scratch.path("store")) }

        private func live(
            seconds: Double, endedBy signal: Int32, environment: [String: String] = [:],
            until isEnough: () throws -> Bool = { true }
        ) async throws {
            let run = try LiveRun(
                provider, store: "store", in: scratch, environment: environment)
            #expect(try await run.live(seconds: seconds, receiving: Int(seconds * 1000)))
            for _ in 0..<600 where try !isEnough() { SystemClock.sleepThread(.milliseconds(100)) }
            run.program.kill(signal)
            let end = try run.program.waitForEnd()
            #expect(end.status == (signal == SIGKILL ? SIGKILL : 0), "\(end.errors)")
        }

        private func files(in folder: String) throws -> [URL] {
            try FileManager.default.contentsOfDirectory(
                at: scratch.url.appending(path: "store/\(folder)"), includingPropertiesForKeys: nil
            )
            .filter { ["journal", "state"].contains($0.pathExtension) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        }

        /// Cuts bytes off the end of the newest segment.
        private func cutJournal(_ bytes: (_ size: Int) -> Int) throws {
            let segment = try #require(try files(in: "journal").last)
            let handle = try FileHandle(forUpdating: segment)
            let size = Int(try handle.seekToEnd())
            try handle.truncate(atOffset: UInt64(size - bytes(size)))
            try handle.close()
        }

        private func expectEqualToItsJournal(_ scope: StoreUnderTest.Scope = .sameLog) throws {
            let replayed = try ProgramUnderTest.replay(
                scratch.path("store/journal"), into: "replayed", in: scratch)
            #expect(replayed.status == 0, "\(replayed.errors)")
            let differences = try store.differences(
                from: StoreUnderTest(scratch.path("replayed")), scope)
            #expect(differences.isEmpty, "\(differences)")
        }

        @Test func `whose journal lost its unsynced tail goes on where it was`() async throws {
            try await live(seconds: 2, endedBy: SIGKILL)
            let before = try store.count("select count(*) from trades")
            // Offsets count record bytes, after the segment's header; up to the committed one
            // everything was synced.
            let committed = try store.count("select byte_offset from committed")
            try cutJournal { size in
                let unsynced = size - Self.segmentHeaderBytes - committed
                #expect(unsynced >= 0)
                return unsynced * 2 / 3
            }
            try await live(seconds: 2, endedBy: SIGTERM)
            #expect(try store.count("select count(*) from trades") > before)
            try expectEqualToItsJournal()
        }

        private func appendHalfRecord() throws {
            let segment = try #require(try files(in: "journal").last)
            let handle = try FileHandle(forUpdating: segment)
            _ = try handle.seekToEnd()
            // What was being written when the power went.
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 777))
            try handle.close()
        }

        @Test func `whose journal ends in half a record goes on where it was`() async throws {
            try await live(seconds: 2, endedBy: SIGKILL)
            let before = try store.count("select count(*) from trades")
            try appendHalfRecord()
            try await live(seconds: 2, endedBy: SIGTERM)
            #expect(try store.count("select count(*) from trades") > before)
            try expectEqualToItsJournal()
        }

        @Test func `whose journal lost committed records keeps its rows and records a gap`()
            async throws
        {
            try await live(seconds: 2, endedBy: SIGKILL)
            let before = try store.count("select count(*) from trades")
            let epoch = try store.count("select epoch from committed")
            try cutJournal { size in size / 3 }
            try await live(seconds: 2, endedBy: SIGTERM)
            #expect(try store.count("select epoch from committed") == epoch + 1)
            #expect(try store.count("select count(*) from trades where epoch = \(epoch)") == before)
            #expect(try store.count("select count(*) from gaps where kind = 'outage'") >= 1)
            // Nothing twice.
            let twice = try store.count(
                """
                select count(*) from
                    (select 1 from trades group by symbol_id, sequence having count(*) > 1)
                """)
            #expect(twice == 0)
            try expectEverythingSentSinceIsThere(epoch: epoch + 1)
        }

        /// Nothing suppressed: from the new epoch's first trade on, the store holds each one the
        /// provider sent.
        private func expectEverythingSentSinceIsThere(epoch: Int) throws {
            _ = try provider.finish()
            let stored = try store.rows(
                """
                select symbols.name, sequence from trades
                join symbols on symbols.id = symbol_id where epoch = \(epoch)
                """)
            var sequences: [String: [Int]] = [:]
            for row in stored {
                let name = try #require(row[0] as? String)
                sequences[name, default: []].append(try #require(row[1] as? Int))
            }
            #expect(sequences.count == 5)
            var sent: [String: [Int]] = [:]
            for line in try String(contentsOfFile: provider.truth, encoding: .utf8)
                .split(separator: "\n")
            {
                let events = try JSONSerialization.jsonObject(with: Data(line.utf8))
                for event in events as? [[String: Any]] ?? [] where event["ev"] as? String == "T" {
                    guard let name = event["sym"] as? String, let number = event["q"] as? Int,
                        let first = sequences[name]?.min(), number >= first
                    else { continue }
                    sent[name, default: []].append(number)
                }
            }
            // What was under way when the program ended is not its to keep.
            for (name, numbers) in sequences {
                let last = try #require(numbers.max())
                let expected = (sent[name] ?? []).filter { $0 <= last }
                #expect(numbers.sorted() == expected, "\(name)")
                #expect(numbers.count > 100)
            }
        }

        private func corruptNewestState() throws {
            let state = try #require(try files(in: "states").last)
            var bytes = try Data(contentsOf: state)
            var random = SeededRandom(seed: Proof.seed)
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= 0x40
            try bytes.write(to: state)
        }

        @Test func `whose newest state is corrupt reads the journal instead`() async throws {
            try await live(seconds: 2, endedBy: SIGTERM)
            try corruptNewestState()
            try await live(seconds: 2, endedBy: SIGKILL)
            try await live(seconds: 1, endedBy: SIGTERM)
            try expectEqualToItsJournal()
        }

        @Test func `that is full and pruned meanwhile has lost its oldest trades alone`()
            async throws
        {
            let small = ["TICKTOP_STORE_BYTES_MAX": "2097152"]
            let seconds = Proof.pick(sample: 3.0, full: 20)
            try await live(seconds: seconds, endedBy: SIGTERM, environment: small)
            let first = try store.count("select min(second) from trades")
            try await live(seconds: seconds, endedBy: SIGKILL, environment: small)
            try corruptNewestState()
            try appendHalfRecord()
            // A busy machine receives less in the time, and reaches the cap later.
            try await live(seconds: seconds, endedBy: SIGTERM, environment: small) {
                try store.count("select min(second) from trades") > first
            }
            // The edge may go through a second: what is behind it is whole.
            let edge = try store.count("select min(second) from trades")
            var scope = StoreUnderTest.Scope.sameLog
            scope.rows.append("trades=second > \(edge)")
            try expectEqualToItsJournal(scope)
            let replayed = StoreUnderTest(scratch.path("replayed"))
            #expect(try replayed.count("select min(second) from trades") < edge)
            #expect(try store.count("select count(*) from trades where second > \(edge)") > 0)
        }

        @Test func `whose state files are gone replays what is kept`() async throws {
            try await live(seconds: 2, endedBy: SIGTERM)
            for state in try files(in: "states") { try FileManager.default.removeItem(at: state) }
            let trades = try store.count("select count(*) from trades")
            try await live(seconds: 2, endedBy: SIGTERM)
            #expect(try store.count("select count(*) from trades") > trades)
            try expectEqualToItsJournal()
        }
    }
}
