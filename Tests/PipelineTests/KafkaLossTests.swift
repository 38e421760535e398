import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// A broker that comes back without what it had acknowledged: its files are put back to an
    /// earlier copy, as after a restored backup or a lost disk.
    @Suite struct `A log that lost acknowledged records` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }
        private var store: StoreUnderTest { StoreUnderTest(scratch.path("kafka")) }

        init() throws { rig = try KafkaRig(try Scratch()) }

        /// Publishes what the demo market sends in a second and more.
        private func publish(_ name: String, seconds: Double) throws {
            let recording = try rig.recordDemo(name, seconds: seconds, rate: 1500)
            let ingest = try rig.ingest(
                ["--from", recording, "--speed", "max"], journal: "of-\(name)")
            let end = try ingest.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
        }

        /// Waits until nothing more comes, and nothing is left to come; how many it has received.
        private func settled(_ port: SidePortUnderTest, above before: Int) async throws -> Int {
            var last = -1
            let isSettled = try await Proof.eventually {
                SystemClock.sleepThread(.milliseconds(500))
                let now = try await port.received()
                let lag = try await port.sum("ticktop_kafka_consumer_lag")
                defer { last = now }
                return now > before && now == last && lag == 0
            }
            #expect(isSettled)
            return last
        }

        private func isNamed(_ port: SidePortUnderTest, _ reason: String) async throws -> Bool {
            let isNamed = try await Proof.eventually(within: .seconds(20)) {
                let health = try await port.kafkaHealth()
                return health.status == "unhealthy" && health.reasons.contains(reason)
            }
            if !isNamed { print(try await port.kafkaHealth()) }
            return isNamed
        }

        private func storedReceived() throws -> Int {
            try store.count("select sum(received) from source_counts")
        }

        @Test(arguments: [false, true])
        func `is noticed and named, live and in the next life, and never counted again`(
            isWrittenOn: Bool
        ) async throws {
            let engine = try rig.engine("kafka")
            let port = try rig.port("kafka", of: engine)
            try publish("first", seconds: 1)
            let kept = try await settled(port, above: 0)
            try rig.stopBroker()
            try rig.broker.keepCopy()
            try rig.startBroker()
            try publish("second", seconds: 1)
            let received = try await settled(port, above: kept)
            try rig.stopBroker()
            try rig.broker.rollBack()
            try rig.broker.start()
            // Others write on, before the engine comes back.
            if isWrittenOn {
                rig.isDirect = true
                try publish("third", seconds: 2)
                rig.isDirect = false
            }
            rig.relay.restore()
            let reason = isWrittenOn ? "other records" : "was cut"
            #expect(try await isNamed(port, reason))
            #expect(try await port.get("/health").status == 503)
            #expect(try await port.received() == received)
            engine.kill(SIGKILL)
            _ = try engine.waitForEnd()
            #expect(try storedReceived() == received)

            let again = try rig.engine("kafka")
            let second = try rig.port("kafka", of: again)
            #expect(try await isNamed(second, isWrittenOn ? "is not the one" : "was cut"))
            // Fewer, when the log no longer leads from the newest copy of the state to the rows.
            #expect(try await second.received() <= received)
            again.kill(SIGTERM)
            _ = try again.waitForEnd()
            #expect(try storedReceived() == received)
            try #expect(screen().contains("STOPPED"))
            #expect(try storedReceived() == received)
            print("a log cut by \(received - kept) events, written on: \(isWrittenOn)")
        }

        /// What the dashboard shows of it.
        private func screen() throws -> String {
            let session = try TerminalSession(
                "screen", columns: 140, rows: 45, in: scratch, environment: rig.environment,
                [
                    .start(arguments: [
                        "--feed", "kafka", "--brokers", rig.relay.address, "--store",
                        store.directory, "--port", "0",
                    ]),
                    .see("STOPPED"), .look("stopped"), .type("q"), .end,
                ])
            return try session.play()["stopped"]?.text ?? ""
        }
    }
}
