import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// `ticktop simulate` over a real socket into `ticktop serve`.
    @Suite struct `A live feed` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// A debug build, which `make test` drives, is given what it can carry.
        private static let rate = Proof.number("TICKTOP_RATE", sample: 3000, full: 15_000)

        @Test func `is received in full, nothing shed, and memory stays flat`() async throws {
            let provider = try SimulatedProvider(in: scratch, rate: Self.rate)
            let run = try LiveRun(provider, store: "store", in: scratch)
            let length = Proof.number("TICKTOP_SECONDS", sample: 6, full: 300)
            let warmUp = length / 3
            SystemClock.sleepThread(.seconds(warmUp))
            let residentWarm = try run.residentBytes()
            SystemClock.sleepThread(.seconds(length - warmUp))
            let residentEnd = try run.residentBytes()
            let health = try await run.port.get("/health").object()
            let sent = try provider.finish()
            let planned = try sent.count("trades") + sent.count("quotes")
            #expect(try await run.waitUntilReceived(planned))
            let end = try run.stop()
            print(
                "live at \(Self.rate)/s for \(length) s: \(planned) events; "
                    + "\(try latencies(end)) (ms); resident "
                    + "\(residentWarm >> 20) MiB after \(warmUp) s, "
                    + "\(residentEnd >> 20) MiB at the end"
            )
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("received") == planned)
            #expect(try end.count("shed") == 0)
            #expect(try end.count("dead_lettered") == 0)
            #expect(try end.addsUp())
            #expect(health["status"] as? String != "unhealthy")
            #expect(try run.store.count("select sum(received) from source_counts") == planned)
            #expect(try run.store.count("select count(*) from trades") == sent.count("trades"))
            // A third of the time for warming up; then an eighth more at most. In full only:
            // seconds are too short.
            if Proof.isFull { #expect(residentEnd < residentWarm * 9 / 8) }
        }

        /// The closing line's percentiles over the whole run, in milliseconds. An event bears the
        /// time at which the provider planned to send it, in whole milliseconds: what `event_to`
        /// says is up to 1 ms too much, and leaves nothing out.
        private func latencies(_ end: ProgramUnderTest.Outcome) throws -> String {
            let spans = try #require(
                try end.closingLine()["latency_ms"] as? [String: [String: NSNumber]])
            #expect(spans.count == 4)
            return spans.sorted { $0.key < $1.key }.map { name, span in
                let quantiles = ["p50", "p99", "p999", "max"].map { "\($0) \(span[$0] ?? -1)" }
                return "\(name) \(quantiles.joined(separator: " "))"
            }.joined(separator: "; ")
        }

        @Test func `killed and started again equals a replay of both lives' journal`() async throws
        {
            var random = SeededRandom(seed: Proof.seed)
            let provider = try SimulatedProvider(in: scratch, rate: 2000)
            for _ in 0..<Proof.pick(sample: 1, full: 20) {
                let first = try LiveRun(provider, store: "store", in: scratch)
                let seconds = Double.random(in: 1.2...3.5, using: &random)
                #expect(try await first.live(seconds: seconds, receiving: 1000))
                first.program.kill(SIGKILL)
                _ = try first.program.waitForEnd()
                SystemClock.sleepThread(.milliseconds(1100))
            }
            let acknowledged = try StoreUnderTest(scratch.path("store")).count(
                "select count(*) from trades")
            let last = try LiveRun(provider, store: "store", in: scratch)
            #expect(try await last.live(seconds: 2, receiving: 1000))
            let end = try last.stop()
            _ = try provider.finish()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.addsUp())
            let seed = Proof.seed
            let replayed = try ProgramUnderTest.replay(
                scratch.path("store/journal"), into: "replayed", in: scratch)
            #expect(replayed.status == 0, "\(replayed.errors)")
            let differences = try last.store.differences(
                from: StoreUnderTest(scratch.path("replayed")), .sameLog)
            #expect(differences.isEmpty, "seed \(seed): \(differences)")
            #expect(try last.store.count("select count(*) from trades") > acknowledged)
            let outages = try last.store.rows(
                "select from_at, to_at from gaps where kind = 'outage' order by from_at")
            #expect(outages.count >= Proof.pick(sample: 1, full: 20))
            for outage in outages {
                let from = outage[0] as? Int ?? 0
                let to = outage[1] as? Int ?? 0
                #expect(to - from > 1_000_000_000, "\(from) to \(to)")
            }
        }
    }
}
