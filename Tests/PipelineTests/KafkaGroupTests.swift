import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// Several engines that share the partitions of one topic.
    @Suite struct `A group of engines` {
        private let rig: KafkaRig
        private var scratch: Scratch { rig.scratch }

        init() throws { rig = try KafkaRig(try Scratch()) }

        /// So many that every partition has some.
        private static let tickers = [
            "AAPL", "NVDA", "MSFT", "AMZN", "TSLA", "AMD", "META", "GOOG", "INTC", "NFLX",
        ]

        private func makeGroup() -> EngineGroup {
            var environment = KafkaRig.derived
            environment["TICKTOP_KAFKA_ASSIGNMENT"] = "eager"
            // This broker may wait for a member that waits for it, as long as rounds may last.
            environment["TICKTOP_KAFKA_OPTIONS"] = Proof.pick(
                sample: "max.poll.interval.ms=6000,heartbeat.interval.ms=500",
                full: "max.poll.interval.ms=10000")
            // In a sample sessions end sooner than the client would have it.
            return EngineGroup(
                rig, names: ["first", "second", "third"], environment: environment,
                sessionTimeout: Proof.pick(sample: .milliseconds(500), full: .seconds(6)),
                frozenFor: Proof.pick(sample: .seconds(2), full: .seconds(10)))
        }

        @Test func `comes to one engine's result, whoever joins, leaves, is killed or freezes`()
            async throws
        {
            let seed = Proof.seed
            var random = SeededRandom(seed: seed)
            let recording = try rig.recordDemo(
                seconds: Proof.pick(sample: 3, full: 150),
                rate: Proof.pick(sample: 2000, full: 17_000), tickers: Self.tickers)
            let ingest = try rig.ingest(
                ["--from", recording, "--speed", Proof.pick(sample: "0.4", full: "0.8")])
            let one = try rig.engine("one", environment: KafkaRig.derivedApart)
            let group = makeGroup()
            for name in ["first", "second"] { try group.join(name) }
            for _ in 0..<Proof.number("TICKTOP_CHANGES", sample: 4, full: 20) {
                try group.wait(
                    .milliseconds(
                        Int64.random(
                            in: Proof.pick(sample: 1000...1800, full: 4000...9000), using: &random))
                )
                try group.change(using: &random)
            }
            try group.settle()
            let story = "seed \(seed), \(group.changes)"
            let sent = try ingest.waitForEnd()
            #expect(sent.status == 0, "\(sent.errors)")
            let ends = try logEnds()
            let records = ends.values.reduce(0, +)
            #expect(records >= Proof.pick(sample: 2000, full: 2_000_000))
            let all = group.stores + [StoreUnderTest(scratch.path("one"))]
            let isAll = try Proof.eventually(
                within: Proof.pick(sample: .seconds(60), full: .seconds(180))
            ) {
                try reached(group.stores) == ends && reached(all.suffix(1)) == ends
            }
            guard isAll else {
                print(try await group.health())
                try Issue.record("\(story): \(all.map { try reached([$0]) }) of \(ends)")
                return
            }
            try group.end()
            one.kill(SIGTERM)
            #expect(try one.waitForEnd().status == 0)
            let verdict = try merged(
                group.stores, comparedWith: StoreUnderTest(scratch.path("one")))
            #expect(verdict.hasPrefix("equal:"), "\(story): \(verdict.prefix(2000))")
            let topics = try rig.differingTopics()
            #expect(topics.differing.isEmpty, "\(story): \(topics.differing)")
            print(
                "a group of engines: \(story), \(records) records \(ends); \(verdict)\(topics.said)"
            )
        }

        /// Where each partition's log ends.
        private func logEnds() throws -> [Int: Int] {
            let admin = try TopicAdmin(rig.settings, logger: KafkaSettings.silence)
            return try (0..<KafkaRig.partitions).reduce(into: [:]) { ends, partition in
                let extent = try admin.extent(
                    of: rig.settings.topics.trades, partition: Int32(partition))
                ends[partition] = Int(extent.high)
            }
        }

        private func merged(_ stores: [StoreUnderTest], comparedWith one: StoreUnderTest) throws
            -> String
        {
            let text = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/merge_tables.py",
                [one.database] + stores.map(\.database))
            return String(decoding: text, as: UTF8.self)
        }

        /// How far the store that has come furthest has come, by partition.
        private func reached(_ stores: some Sequence<StoreUnderTest>) throws -> [Int: Int] {
            var most: [Int: Int] = [:]
            let query = "select partition, next_offset from partition_marks"
            for row in try stores.flatMap({ try $0.rows(query) }) {
                guard let partition = row[0] as? Int, let next = row[1] as? Int else { continue }
                most[partition] = max(most[partition] ?? 0, next)
            }
            return most
        }
    }
}
