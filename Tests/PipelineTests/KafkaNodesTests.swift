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
            let engines = try names.map { try rig.engine($0, environment: Self.environment) }
            let ports = try zip(names, engines).map { try rig.port($0, of: $1) }
            let shared = try await Proof.eventually(within: .seconds(30)) {
                for port in ports where try await port.sum("ticktop_kafka_partitions") == 0 {
                    return false
                }
                return true
            }
            #expect(shared, "one engine has no partition")
            var origins: [String: Set<String>] = [:]
            for ticker in Self.tickers {
                let isKnown = try await Proof.eventually(within: .seconds(90)) {
                    var found: Set<String> = []
                    for port in ports {
                        let quote = try await quote(port, ticker)
                        guard quote["price"] is NSNumber, quote["bid"] is NSNumber else {
                            return false
                        }
                        found.insert(quote["origin"] as? String ?? "")
                    }
                    origins[ticker] = found
                    return found == ["engine", "derived"]
                }
                guard !isKnown else { continue }
                // What each of them says of itself.
                var told: [String] = []
                for port in ports {
                    told.append(try await port.get("/quotes/\(ticker)").text)
                    told.append(try await port.get("/health").text)
                    let metrics = try await port.get("/metrics").text.split(separator: "\n")
                    told += metrics.filter { $0.hasPrefix("ticktop_kafka") }.map(String.init)
                }
                Issue.record("\(ticker): \(origins[ticker] ?? []) \(told.joined(separator: "\n"))")
            }
            try await expectTold(of: ports, names)
            let unknown = try await ports[0].get("/quotes/NOBODY")
            #expect(unknown.status == 404)
            for (name, program) in zip(["ingest"] + names, [source] + engines) {
                let began = SystemClock.monotonicNanoseconds
                program.kill(SIGTERM)
                let end = try program.waitForEnd()
                #expect(end.status == 0, "\(end.errors)")
                let seconds = (SystemClock.monotonicNanoseconds - began) / 1_000_000_000
                #expect(seconds < 30, "\(name) took \(seconds) s to end: \(end.errors)")
            }
        }

        /// What a node tells of another's tickers are trades that the other has stored.
        private func expectTold(of ports: [SidePortUnderTest], _ names: [String]) async throws {
            for (index, port) in ports.enumerated() {
                let other = StoreUnderTest(rig.scratch.path(names[1 - index]))
                for ticker in Self.tickers {
                    let quote = try await quote(port, ticker)
                    guard quote["origin"] as? String == "derived" else { continue }
                    let sequence = quote["sequence_number"] as? Int ?? -1
                    let stored = try other.count(
                        "select count(*) from trades join symbols on symbols.id = symbol_id "
                            + "where name = '\(ticker)' and sequence = \(sequence)")
                    #expect(stored == 1, "\(ticker) \(sequence)")
                    let figures = try await port.get("/aggregations/\(ticker)").object()
                    #expect(figures["origin"] as? String == "derived")
                }
            }
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
                "store", environment: ["TICKTOP_RULES_STALE_FEED_SECONDS": "1.5"])
            let port = try rig.port("store", of: engine)
            #expect(try await Proof.eventually { try await port.received() > 200 })
            let before = try await port.get("/anomalies?kind=stale_feed").object()
            #expect((before["anomalies"] as? [Any])?.isEmpty == true, "\(before)")
            source.kill(SIGTERM)
            #expect(try source.waitForEnd().status == 0)
            var told = ""
            let isStale = try await Proof.eventually(within: .seconds(15)) {
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
