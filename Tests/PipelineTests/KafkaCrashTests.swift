import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What becomes of the tables when programs are killed, the broker restarts and connections
    /// break.
    @Suite struct `Crashes around Kafka` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws { rig = try KafkaRig(try Scratch()) }

        private enum Strike: String, CaseIterable { case ingest, engine, broker, connections }

        @Test func `leave every table as an uninterrupted run does`() async throws {
            let seed = Proof.seed
            var random = SeededRandom(seed: seed)
            let strikes = Proof.number("TICKTOP_STRIKES", sample: 5, full: 50)
            let seconds = Proof.pick(sample: 3.0, full: 60.0)
            let recording = try rig.recordDemo(
                seconds: seconds, rate: Proof.pick(sample: 2000, full: 20_000))
            let direct = try ProgramUnderTest.replay(
                recording, into: "direct", in: scratch, environment: KafkaRig.rules)
            let received = try direct.count("received")

            var ingest = try startIngest(recording)
            var engine = try rig.engine("kafka", environment: KafkaRig.derived)
            var early = 0
            var struck: [String: Int] = [:]
            for turn in 0..<strikes {
                let pause = Int64.random(
                    in: 100...Proof.pick(sample: 700, full: 2000), using: &random)
                SystemClock.sleepThread(.milliseconds(pause))
                // Each kind at least once.
                let strike =
                    turn < Strike.allCases.count
                    ? Strike.allCases[turn]
                    : Strike.allCases.randomElement(using: &random) ?? .engine
                struck[strike.rawValue, default: 0] += 1
                if ingest.isRunning { early += 1 }
                switch strike {
                case .ingest:
                    ingest.kill(SIGKILL)
                    _ = try ingest.waitForEnd()
                    ingest = try startIngest(recording)
                case .engine:
                    engine.kill(SIGKILL)
                    _ = try engine.waitForEnd()
                    engine = try rig.engine("kafka", environment: KafkaRig.derived)
                case .broker:
                    try rig.stopBroker()
                    try rig.startBroker()
                case .connections: rig.relay.cut()
                }
            }
            let sent = try ingest.waitForEnd()
            #expect(sent.status == 0, "seed \(seed): \(sent.errors)")
            let port = try rig.port("kafka", of: engine)
            let isAll = try await Proof.eventually(within: .seconds(60)) {
                try await port.received() >= received
            }
            let seen = try await port.received()
            let health = try await port.kafkaHealth()
            #expect(isAll, "seed \(seed): \(seen) of \(received), \(struck), \(health)")
            engine.kill(SIGTERM)
            let end = try engine.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("received") == received, "seed \(seed)")
            let differences = try rig.differences("kafka", from: "direct")
            #expect(differences.isEmpty, "seed \(seed): \(differences)")
            let topics = try await topicsBesideUndisturbed(received)
            #expect(topics.differing.isEmpty, "seed \(seed): \(topics.differing)")
            print(
                "crashes around Kafka: \(received) events, \(struck), \(early) while it was sent, "
                    + "\(health), seed \(seed); \(topics.said)")
        }

        /// What was told beside what an engine tells that nobody disturbs.
        private func topicsBesideUndisturbed(_ received: Int) async throws -> (
            differing: String, said: String
        ) {
            let one = try rig.engine("one", environment: KafkaRig.derivedApart)
            let port = try rig.port("one", of: one)
            let isAll = try await Proof.eventually { try await port.received() >= received }
            #expect(isAll)
            one.kill(SIGTERM)
            let end = try one.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            return try rig.differingTopics()
        }

        private func startIngest(_ recording: String) throws -> ProgramUnderTest {
            try rig.ingest(["--from", recording, "--speed", "1"])
        }

        @Test func `of an ingest on a live feed lose and repeat nothing`() async throws {
            let provider = try SimulatedProvider(in: scratch, rate: 2000)
            let lives = Proof.pick(sample: 2, full: 10)
            let engine = try rig.engine("kafka")
            var random = SeededRandom(seed: Proof.seed)
            for life in 0...lives {
                let ingest = try rig.ingest(
                    ["--feed", "massive", "--url", provider.address], key: "any")
                let pause = Int64.random(in: 1500...2500, using: &random)
                SystemClock.sleepThread(.milliseconds(pause))
                if life % 2 == 1 { rig.relay.cut() }
                guard life == lives else {
                    ingest.kill(SIGKILL)
                    _ = try ingest.waitForEnd()
                    continue
                }
                ingest.kill(SIGINT)
                let end = try ingest.waitForEnd()
                #expect(end.status == 0, "\(end.errors)")
                #expect(try end.count("left") == 0 && end.count("shed") == 0)
            }
            _ = try provider.finish()
            // The journal has every record that was ever sent, once.
            let direct = try ProgramUnderTest.replay(
                scratch.path("ingest/journal"), into: "direct", in: scratch)
            let received = try direct.count("received")
            #expect(received > 2000)
            let port = try rig.port("kafka", of: engine)
            let isAll = try await Proof.eventually(within: .seconds(30)) {
                try await port.received() >= received
            }
            let seen = try await port.received()
            #expect(isAll, "\(seen) of \(received)")
            engine.kill(SIGTERM)
            let end = try engine.waitForEnd()
            #expect(try end.count("received") == received)
            var scope = KafkaRig.scope
            // An outage is told to every partition.
            scope.skipping.append("gaps")
            let differences = try StoreUnderTest(scratch.path("kafka"))
                .differences(from: StoreUnderTest(scratch.path("direct")), scope)
            #expect(differences.isEmpty, "seed \(Proof.seed): \(differences)")
        }

        @Test func `of the broker for a while spill into the journal and lose nothing`()
            async throws
        {
            let ingest = try rig.ingest(["--feed", "demo"], rate: 3000)
            SystemClock.sleepThread(.seconds(2))
            try rig.stopBroker()
            SystemClock.sleepThread(.seconds(3))
            try rig.startBroker()
            SystemClock.sleepThread(.seconds(3))
            ingest.kill(SIGINT)
            let sent = try ingest.waitForEnd()
            #expect(sent.status == 0, "\(sent.errors)")
            #expect(sent.errors.contains("no Kafka broker answers"), "\(sent.errors)")
            #expect(try sent.count("left") == 0 && sent.count("shed") == 0)
            let published = try sent.count("received")
            let engine = try rig.engine("kafka")
            let port = try rig.port("kafka", of: engine)
            let isAll = try await Proof.eventually(within: .seconds(30)) {
                try await port.received() >= published
            }
            let seen = try await port.received()
            #expect(isAll, "\(seen) of \(published)")
            engine.kill(SIGTERM)
            #expect(try engine.waitForEnd().count("received") == published)
        }
    }
}
