import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// Two engines that share the partitions, each telling what it makes.
    @Suite struct `Nodes of a group` {
        private let rig: KafkaRig

        init() throws { rig = try KafkaRig(try Scratch()) }

        private static let tickers = ["AAPL", "MSFT", "NVDA", "AMZN", "TSLA"]
        private static let environment = [
            "TICKTOP_KAFKA_ASSIGNMENT": "eager", "TICKTOP_KAFKA_DERIVED": "true",
            // This broker may wait for a member that waits for it, as long as rounds may last.
            "TICKTOP_KAFKA_OPTIONS": "max.poll.interval.ms=10000",
        ]

        private func quote(_ port: SidePortUnderTest, _ ticker: String) async throws
            -> [String: Any]
        {
            let answer = try await port.get("/quotes/\(ticker)")
            return answer.status == 200 ? try answer.object() : [:]
        }

        @Test func `answer for every ticker, and say whether it is their own`() async throws {
            let source = try rig.ingest(Self.tickers, rate: 100)
            let names = ["one", "other"]
            let first = try rig.engine(names[0], environment: Self.environment)
            var ports = [try rig.port(names[0], of: first)]
            try expectTellsAlone()
            let engines = [first, try rig.engine(names[1], environment: Self.environment)]
            ports.append(try rig.port(names[1], of: engines[1]))
            try await expectShared(ports)
            for ticker in Self.tickers { try await expectKnown(ticker, at: ports) }
            try await expectTold(of: ports, names)
            let unknown = try await ports[0].get("/quotes/NOBODY")
            #expect(unknown.status == 404)
            for (name, program) in zip(["ingest"] + names, [source] + engines) {
                let began = SystemClock.monotonicNanoseconds
                program.kill(SIGTERM)
                let end = try program.waitForEnd()
                #expect(end.status == 0, "\(end.errors)")
                let seconds = (SystemClock.monotonicNanoseconds - began) / 1_000_000_000
                // A client that waits for an answer in vain does so for a minute and more; a disk
                // that others keep busy has been seen to take 20 s for one fsync.
                #expect(seconds < 60, "\(name) took \(seconds) s to end: \(end.errors)")
            }
        }

        /// Waits until the first engine has told of some seconds: who comes then takes over tickers
        /// that have been told of already.
        private func expectTellsAlone() throws {
            let topic = rig.settings.topics.aggregations
            let admin = try TopicAdmin(rig.settings, logger: KafkaSettings.silence)
            var told = 0
            let isTelling = try Proof.eventually {
                guard try admin.topics()[topic] != nil else { return false }
                told = try (0..<Int32(KafkaRig.partitions)).reduce(0) { sum, partition in
                    sum + Int(try admin.extent(of: topic, partition: partition).high)
                }
                return told > 4 * Self.tickers.count
            }
            #expect(isTelling, "\(told) messages")
        }

        private func expectShared(_ ports: [SidePortUnderTest]) async throws {
            let isShared = try await Proof.eventually {
                for port in ports where try await port.sum("ticktop_kafka_partitions") == 0 {
                    return false
                }
                return true
            }
            #expect(isShared, "one engine has no partition")
        }

        /// One computes the ticker, the other has been told of it.
        private func expectKnown(_ ticker: String, at ports: [SidePortUnderTest]) async throws {
            var origins: Set<String> = []
            let isKnown = try await Proof.eventually {
                origins = []
                for port in ports {
                    let quote = try await quote(port, ticker)
                    guard quote["price"] is NSNumber, quote["bid"] is NSNumber else {
                        return false
                    }
                    origins.insert(quote["origin"] as? String ?? "")
                }
                return origins == ["engine", "derived"]
            }
            guard !isKnown else { return }
            // What each of them says of itself.
            var told: [String] = []
            for port in ports {
                told.append(try await port.get("/quotes/\(ticker)").text)
                told.append(try await port.get("/health").text)
                let metrics = try await port.get("/metrics").text.split(separator: "\n")
                told += metrics.filter { $0.hasPrefix("ticktop_kafka") }.map(String.init)
            }
            Issue.record("\(ticker): \(origins) \(told.joined(separator: "\n"))")
        }

        /// What a node tells of another's tickers are trades that are stored, and before long those
        /// that the other has stored.
        ///
        /// Before long: until the new owner has told of a ticker, the newest telling is that of the
        /// owner before, which may be the asked node itself, and stands in that one's store.
        private func expectTold(of ports: [SidePortUnderTest], _ names: [String]) async throws {
            let stores = names.map { StoreUnderTest(rig.scratch.path($0)) }
            for ticker in Self.tickers {
                var seen = ""
                let isOthers = try await Proof.eventually {
                    for (index, port) in ports.enumerated() {
                        let quote = try await quote(port, ticker)
                        guard quote["origin"] as? String == "derived" else { continue }
                        let figures = try await port.get("/aggregations/\(ticker)").object()
                        #expect(figures["origin"] as? String == "derived")
                        let sequence = quote["sequence_number"] as? Int ?? -1
                        let stored = try stores.map { try count($0, ticker, sequence) }
                        seen = "\(names[index]) tells of \(ticker) \(sequence), stored \(stored)"
                        // Whenever it is asked: nothing that nobody has stored, and nothing twice.
                        #expect(stored.contains(1) && stored.allSatisfy { $0 <= 1 }, "\(seen)")
                        return stored[1 - index] == 1
                    }
                    return false
                }
                #expect(isOthers, "\(ticker): \(seen)")
            }
        }

        private func count(_ store: StoreUnderTest, _ ticker: String, _ sequence: Int) throws
            -> Int
        {
            try store.count(
                "select count(*) from trades join symbols on symbols.id = symbol_id "
                    + "where name = '\(ticker)' and sequence = \(sequence)")
        }
    }
}

extension WholePath {
    @Suite struct `A feed over Kafka` {
        private let rig: KafkaRig

        init() throws { rig = try KafkaRig(try Scratch()) }

        @Test func `that goes silent is a stale feed on the engine, and stored`() async throws {
            let source = try rig.ingest(["AAPL", "MSFT"], rate: 200)
            let engine = try rig.engine(
                "store", environment: ["TICKTOP_RULES_STALE_FEED_SECONDS": "4"])
            let port = try rig.port("store", of: engine)
            #expect(try await Proof.eventually { try await port.received() > 200 })
            let before = try await port.get("/anomalies?kind=stale_feed").object()
            #expect((before["anomalies"] as? [Any])?.isEmpty == true, "\(before)")
            source.kill(SIGTERM)
            #expect(try source.waitForEnd().status == 0)
            var told = ""
            let isStale = try await Proof.eventually(within: .seconds(60)) {
                told = try await port.get("/anomalies?kind=stale_feed").text
                return told.contains("no event from demo for")
            }
            #expect(isStale, "\(told)")
            engine.kill(SIGTERM)
            #expect(try engine.waitForEnd().status == 0)
            let stored = try StoreUnderTest(rig.scratch.path("store")).count(
                "select count(*) from episodes where kind = 'stale_feed'")
            #expect(stored == 1)
        }
    }
}
