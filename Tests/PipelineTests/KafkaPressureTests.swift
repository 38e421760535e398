import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// A store that is slower than it may be.
    @Suite struct `Consumption that rests` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws { rig = try KafkaRig(try Scratch()) }

        @Test func `lets the lag grow in Kafka, is shown, and loses nothing`() async throws {
            let recording = try rig.recordDemo(
                seconds: Proof.pick(sample: 4, full: 30),
                rate: Proof.pick(sample: 1000, full: 15_000))
            let direct = try ProgramUnderTest.replay(recording, into: "direct", in: scratch)
            let received = try direct.count("received")
            // No commit is as quick as that.
            let engine = try rig.engine(
                "kafka",
                environment: [
                    "TICKTOP_KAFKA_COMMIT_MILLISECONDS_MAX": "1",
                    "TICKTOP_KAFKA_PAUSE_MILLISECONDS_MIN": "500",
                ])
            let port = try rig.port("kafka", of: engine)
            let ingest = try rig.ingest(["--from", recording, "--speed", "1"])
            var lagMax = 0
            var residentMax = 0
            while ingest.isRunning {
                lagMax = max(lagMax, try await port.sum("ticktop_kafka_consumer_lag"))
                residentMax = max(residentMax, try engine.residentBytes())
                SystemClock.sleepThread(.milliseconds(100))
            }
            #expect(try ingest.waitForEnd().status == 0)
            let isAll = try await Proof.eventually(within: .seconds(60)) {
                try await port.received() >= received
            }
            #expect(isAll)
            let rests = try await port.sum("ticktop_backpressure_activations_total")
            let rested = try await port.metric("ticktop_kafka_paused_seconds_total") ?? 0
            #expect(rests >= 2 && rested >= Double(rests - 1) * 0.5, "\(rests) in \(rested) s")
            #expect(lagMax > 100)
            #expect(residentMax < Proof.pick(sample: 600, full: 400) << 20)
            engine.kill(SIGTERM)
            #expect(try engine.waitForEnd().count("received") == received)
            let differences = try rig.differences("kafka", from: "direct")
            #expect(differences.isEmpty, "\(differences)")
            print(
                "consumption rested \(rests) times, \(rested) s in all; lag up to \(lagMax), "
                    + "resident at most \(residentMax >> 20) MiB, \(received) events")
        }
    }
}

extension ProgramUnderTest {
    /// Resident memory now.
    func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        return (Int(status.split(separator: " ")[1]) ?? 0) * 4096
    }
}
