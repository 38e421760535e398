import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// A provider, `ticktop ingest`, a broker and an engine, at a steady rate.
    @Suite struct `A load over Kafka` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws {
            rig = try KafkaRig(try Scratch())
            rig.isDirect = true
        }

        /// A debug build, which `make test` drives, is given what it can carry.
        private static let rate = Proof.number("TICKTOP_RATE", sample: 1500, full: 15_000)
        private static let length = Proof.number("TICKTOP_SECONDS", sample: 4, full: 600)
        private static let lagMax = 50

        @Test func `is carried with a lag of under 50 records, and nothing is shed`() async throws {
            let provider = try SimulatedProvider(in: scratch, rate: Self.rate)
            let ingest = try rig.ingest(
                ["--feed", "massive", "--url", provider.address], key: "any")
            let engine = try rig.engine("store")
            let port = try rig.port("store", of: engine)
            #expect(try await Proof.eventually { try await port.received() > Self.rate })
            var lags: [Int] = []
            let end = SystemClock().now.advanced(by: .seconds(Self.length))
            while SystemClock().now < end {
                lags.append(try await port.sum("ticktop_kafka_consumer_lag"))
                SystemClock.sleepThread(.milliseconds(100))
            }
            let health = try await port.get("/health").object()
            let sent = try provider.finish()
            let planned = try sent.count("trades") + sent.count("quotes")
            let isAll = try await Proof.eventually { try await port.received() >= planned }
            let received = try await port.received()
            #expect(isAll, "\(received) of \(planned)")
            let isEmpty = try await Proof.eventually(within: .seconds(30)) {
                try await port.sum("ticktop_kafka_consumer_lag") < Self.lagMax
            }
            #expect(isEmpty)
            ingest.kill(SIGTERM)
            let published = try ingest.waitForEnd()
            #expect(try published.count("shed") == 0 && published.count("left") == 0)
            engine.kill(SIGTERM)
            let done = try engine.waitForEnd()
            #expect(done.status == 0, "\(done.errors)")
            #expect(try done.count("received") == planned && done.addsUp())
            #expect(health["status"] as? String != "unhealthy")
            let spilled = try published.count("spilled")
            lags.sort()
            let (median, high) = (lags[lags.count / 2], lags[lags.count * 99 / 100])
            print(
                "over Kafka at \(Self.rate)/s for \(Self.length) s: \(planned) events, \(spilled) "
                    + "through the journal; lag of \(lags.count) looks: median \(median), p99 "
                    + "\(high), max \(lags.last ?? 0); \(try latencies(done)) (ms)")
            #expect(median < Self.lagMax, "lags \(median), \(high)")
        }

        /// From ingest's receipt, and from the planned sending, to applied and to durable.
        private func latencies(_ end: ProgramUnderTest.Outcome) throws -> String {
            let spans = try #require(
                try end.closingLine()["latency_ms"] as? [String: [String: NSNumber]])
            return spans.sorted { $0.key < $1.key }.map { name, span in
                let quantiles = ["p50", "p99", "p999", "max"].map { "\($0) \(span[$0] ?? -1)" }
                return "\(name) \(quantiles.joined(separator: " "))"
            }.joined(separator: "; ")
        }
    }
}
