import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// The same log gives the same state and the same rows, whatever the batches and however often.
    @Suite struct `Determinism` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private func replay(_ log: String, into store: String, batch: Int = 4096) throws
            -> ProgramUnderTest.Outcome
        {
            try ProgramUnderTest.run(
                [
                    "replay", log, "--no-screen", "--store", scratch.path(store), "--batch-events",
                    String(batch),
                ], in: scratch.url)
        }

        /// Replays a log in every batch size, and again, and compares hashes and stores.
        private func expectSame(_ log: String) throws {
            let first = try replay(log, into: "first")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.stateHash.count == 64)
            #expect(try first.count("received") > 0 && first.addsUp())
            for (name, batch) in [("again", 4096), ("one", 1), ("seven", 7)] {
                let other = try replay(log, into: name, batch: batch)
                #expect(other.stateHash == first.stateHash, "batches of \(batch)")
                let differences = try StoreUnderTest(scratch.path(name))
                    .differences(from: StoreUnderTest(scratch.path("first")))
                #expect(differences.isEmpty, "batches of \(batch): \(differences)")
            }
        }

        @Test func `of real frames in batches of 1, 7 and 4096`() throws {
            try expectSame(`Real input`.file.path)
        }

        @Test func `of generated trades and quotes in batches of 1, 7 and 4096`() throws {
            let log = try GeneratedFile(
                scratch.path("log.ndjson"), events: Proof.pick(sample: 20_000, full: 300_000),
                tickers: 40)
            try expectSame(log.path)
        }

        private func bytes(in directory: String) -> Int {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return names.reduce(0) { sum, name in
                let path = directory + "/" + name
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
            }
        }

        @Test func `of a recording of the demo market`() throws {
            let recorder = try ProgramUnderTest(
                ["record", "--out", scratch.path("recording")], in: scratch.url,
                environment: ["TICKTOP_FEED_EVENTS_PER_SECOND": "1500"])
            SystemClock.sleepThread(.seconds(Proof.pick(sample: 4, full: 30)))
            // A day of history makes 2.1 MB of it.
            #expect(Proof.eventually { bytes(in: scratch.path("recording")) > 2_400_000 })
            recorder.kill(SIGINT)
            let end = try recorder.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("bytes") > 10_000)
            try expectSame(scratch.path("recording"))
            let trades = try StoreUnderTest(scratch.path("first")).count(
                "select count(*) from trades")
            #expect(trades > 1000)
        }
    }
}

/// A file of `Benchmarks/generate.py`.
struct GeneratedFile {
    let path: String

    init(_ path: String, events: Int, tickers: Int = 5, seed: UInt64 = Proof.seed) throws {
        self.path = path
        _ = try ReferenceProgram.run(
            "Benchmarks/generate.py",
            [
                "--events", String(events), "--tickers", String(tickers), "--seed", String(seed),
                "--out", path,
            ])
    }
}
