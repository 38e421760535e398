import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// `ticktop ingest`, a broker, and `ticktop serve --feed kafka`.
    @Suite struct `Over Kafka` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws { rig = try KafkaRig(try Scratch()) }

        private static let rate = Proof.number("TICKTOP_RATE", sample: 3000, full: 20_000)
        private static let seconds = Double(Proof.number("TICKTOP_SECONDS", sample: 4, full: 50))

        /// Runs an engine until it has received so many events, then stops it.
        private func consume(_ store: String, _ count: Int) async throws -> ProgramUnderTest.Outcome
        {
            let engine = try rig.engine(store)
            let port = try rig.port(store, of: engine)
            let isAll = try await Proof.eventually(within: .seconds(60)) {
                try await port.received() >= count
            }
            let seen = try await port.received()
            #expect(isAll, "\(seen) of \(count)")
            engine.kill(SIGTERM)
            return try engine.waitForEnd()
        }

        @Test func `an engine comes to the tables of a direct replay`() async throws {
            let recording = try rig.recordDemo(seconds: Self.seconds, rate: Self.rate)
            let direct = try ProgramUnderTest.replay(recording, into: "direct", in: scratch)
            let received = try direct.count("received")
            // A second's worth at least: how much a busy machine records is no matter here.
            #expect(received > Self.rate)
            let sent = try rig.ingest(["--from", recording]).waitForEnd()
            #expect(sent.status == 0, "\(sent.errors)")
            #expect(try sent.count("published") >= received)
            #expect(try sent.count("received") == sent.count("published"))
            let end = try await consume("kafka", received)
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("received") == received)
            let differences = try rig.differences("kafka", from: "direct")
            #expect(differences.isEmpty, "\(differences)")
            // For other readers, once a ticker.
            let news = try StoreUnderTest(scratch.path("kafka")).count(
                "select count(*) from news")
            #expect(try published(on: rig.settings.topics.news) == news && news > 0)
            print("over Kafka: \(received) events, tables equal to a direct replay's")
        }

        private func published(on topic: String) throws -> Int {
            let admin = try TopicAdmin(rig.settings, logger: KafkaSettings.silence)
            return try (0..<Int32(KafkaRig.partitions)).reduce(0) { sum, partition in
                let extent = try admin.extent(of: topic, partition: partition)
                return sum + Int(extent.high - extent.low)
            }
        }

        @Test func `duplicates, disorder and garbage fare as in a direct replay`() async throws {
            let provider = try SimulatedProvider(
                in: scratch, rate: 2000,
                faults: ["--duplicate", "0.1", "--reorder", "0.1", "--garbage", "0.1"])
            let recording = try provider.record(in: rig, seconds: Proof.pick(sample: 4, full: 60))
            let direct = try ProgramUnderTest.replay(recording, into: "direct", in: scratch)
            let received = try direct.count("received")
            #expect(try direct.count("duplicate") > 100 && direct.count("dead_lettered") > 5)
            let sent = try rig.ingest(["--from", recording]).waitForEnd()
            #expect(sent.status == 0, "\(sent.errors)")
            let foreign = try sendForeignMessages()
            let end = try await consume("kafka", received + foreign)
            #expect(try end.count("received") == received + foreign)
            let store = StoreUnderTest(scratch.path("kafka"))
            let letters = try store.count(
                "select count(*) from dead_letters where field = 'headers'")
            #expect(letters == foreign)
            // With what only Kafka had taken away, all is equal.
            var scope = KafkaRig.scope
            scope.skipping += ["source_counts"]
            scope.rows.append("dead_letters=field <> 'headers'")
            let differences = try store.differences(
                from: StoreUnderTest(scratch.path("direct")), scope)
            #expect(differences.isEmpty, "\(differences)")
        }

        /// Messages of others: without a header, of another version, empty, and one of a megabyte.
        /// How many of them are dead letters: all but the empty record.
        private func sendForeignMessages() throws -> Int {
            let producer = try KafkaProducer(
                rig.settings, logger: KafkaSettings.silence)
            var other = KafkaHeaders()
            other.append(KafkaRecordHead.headerName, "3, a version to come")
            var empty = KafkaHeaders()
            KafkaRecordHead(
                kind: .frame, source: .massive, receivedAt: SystemClock().now, producer: 99,
                sequence: 0
            ).write(to: &empty)
            func send(_ bytes: [UInt8], _ headers: KafkaHeaders) {
                let sending = bytes.withUnsafeBytes {
                    producer.send(
                        topic: rig.settings.topics.trades, partition: 1, payload: $0,
                        headers: headers)
                }
                #expect(sending == .taken)
            }
            send(Array("hello".utf8), KafkaHeaders())
            send([], KafkaHeaders())
            send(Array(#"{"ev":"T"}"#.utf8), other)
            send([], empty)
            send([UInt8](repeating: 65, count: 1 << 20), other)
            #expect(producer.flush(timeout: .seconds(10)))
            return 4
        }

        @Test func `a topic made anew is noticed, named, and not counted again`() async throws {
            let recording = try rig.recordDemo(seconds: 2, rate: 1000)
            #expect(try rig.ingest(["--from", recording]).waitForEnd().status == 0)
            let received = try ProgramUnderTest.replay(recording, into: "direct", in: scratch)
                .count("received")
            _ = try await consume("kafka", received)
            let before = StoreUnderTest(scratch.path("kafka"))
            let trades = try before.count("select count(*) from trades")
            let admin = try TopicAdmin(
                rig.settings, logger: KafkaSettings.silence)
            try admin.delete(rig.settings.topics.trades)
            #expect(
                try rig.ingest(["--from", recording], journal: "anew").waitForEnd().status == 0)
            let engine = try rig.engine("kafka")
            let port = try rig.port("kafka", of: engine)
            let isNoticed = try await Proof.eventually(within: .seconds(20)) {
                try await port.kafkaHealth().status == "unhealthy"
            }
            let health = try await port.kafkaHealth()
            #expect(isNoticed && health.reasons.contains("--store"), "\(health)")
            #expect(try await port.get("/health").status == 503)
            engine.kill(SIGTERM)
            _ = try engine.waitForEnd()
            #expect(try before.count("select count(*) from trades") == trades)
            #expect(try before.count("select sum(received) from source_counts") == received)
        }

        @Test func `another number of partitions is refused with the advice`() throws {
            let recording = try rig.recordDemo(seconds: 1, rate: 100)
            #expect(try rig.ingest(["--from", recording]).waitForEnd().status == 0)
            let other = try ProgramUnderTest.run(
                [
                    "ingest", "--brokers", rig.relay.address, "--journal", scratch.path("other"),
                    "--from", recording,
                ], in: scratch.url, environment: ["TICKTOP_KAFKA_PARTITIONS": "4"])
            #expect(other.status != 0)
            #expect(other.errors.contains("needs a new topic"), "\(other.errors)")
        }
    }
}

extension SimulatedProvider {
    /// What it sends in so many seconds, as `ticktop record` keeps it.
    func record(in rig: KafkaRig, seconds: Double) throws -> String {
        try rig.record(
            "recording", seconds: seconds, arguments: ["--feed", "massive", "--url", address],
            environment: ["MASSIVE_API_KEY": "any"])
    }
}
