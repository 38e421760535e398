import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// The side port of a running program, from `/health` to an acknowledgement that outlives it.
    @Suite struct `The side port` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// The demo market with rules that fire at once.
        private func serve() throws -> (program: ProgramUnderTest, port: SidePortUnderTest) {
            let program = try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", "0"], in: scratch.url,
                environment: [
                    "TICKTOP_RULES_VELOCITY_PERCENT": "0.01",
                    "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
                ])
            return (
                program, try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            )
        }

        private func number(_ value: Any?) -> Double? { (value as? NSNumber)?.doubleValue }

        /// Asks until the ticker has a price and a quote.
        private func waitForPrice(_ port: SidePortUnderTest) async throws -> Bool {
            try await Proof.eventually {
                let answer = try await port.get("/quotes/AAPL")
                let quote = try answer.object()
                return answer.status == 200
                    && ["price", "bid", "ask"].allSatisfy { number(quote[$0]) != nil }
            }
        }

        @Test func `answers for health, quotes, aggregations and features`() async throws {
            let (program, port) = try serve()
            #expect(try await waitForPrice(port))
            let quote = try await port.get("/quotes/AAPL").object()
            #expect(quote["ticker"] as? String == "AAPL")
            #expect(number(quote["bid"]) ?? 0 > 0 && number(quote["ask"]) ?? 0 > 0)
            let health = try await port.get("/health")
            #expect(health.status == 200)
            #expect(try health.object()["label"] as? String == "DEMO")
            let aggregations = try await port.get("/aggregations/AAPL").object()
            let price = try #require(number(quote["price"]))
            let vwap = try #require(number(aggregations["vwap_5min"]))
            #expect(abs(vwap / price - 1) < 0.1)
            let features = try await port.get("/features/AAPL").object()
            #expect(number(features["price"]) ?? 0 > 0)
            #expect(try await port.get("/quotes/ZZZZ").status == 404)
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
        }

        @Test func `gives metrics that add up, in a form Prometheus reads`() async throws {
            let (program, port) = try serve()
            #expect(try await waitForPrice(port))
            let text = try await port.get("/metrics").text
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let parts = line.split(separator: " ")
                #expect(parts.count == 2 && Double(parts[1]) != nil, "\(line)")
                #expect(line.hasPrefix("ticktop_"), "\(line)")
            }
            func value(_ name: String) -> Double {
                text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
                    .flatMap { Double($0.dropFirst(name.count + 1)) } ?? -1
            }
            let received = value(#"ticktop_tick_messages_received_total{source="demo"}"#)
            let classes = ["applied", "duplicate", "late", "dead_lettered", "shed"].map {
                value("ticktop_tick_messages_total{source=\"demo\",class=\"\($0)\"}")
            }
            #expect(received > 0 && received == classes.reduce(0, +))
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
        }

        /// The newest episode of the engine's own, once there is one.
        private func waitForEpisode(_ port: SidePortUnderTest) async throws -> String? {
            var found: String?
            _ = try await Proof.eventually {
                let list = try await port.get("/anomalies?kind=velocity").object()
                found = (list["anomalies"] as? [[String: Any]])?.first?["id"] as? String
                return found != nil
            }
            return found
        }

        private func isAcknowledged(_ id: String, _ port: SidePortUnderTest) async throws -> Bool {
            let list = try await port.get("/anomalies?kind=velocity&acknowledged=true").object()
            let ids = (list["anomalies"] as? [[String: Any]] ?? []).compactMap {
                $0["id"] as? String
            }
            return ids.contains(id)
        }

        @Test func `keeps an acknowledgement across a restart`() async throws {
            let (first, port) = try serve()
            let found = try await waitForEpisode(port)
            let id = try #require(found)
            #expect(try await !isAcknowledged(id, port))
            let refused = try await port.send("POST", "/anomalies/\(id)/ack")
            #expect(refused.status == 401)
            let printed = try ProgramUnderTest.run(["token"], in: scratch.url)
            let token = printed.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(printed.status == 0 && token.count >= 32)
            let taken = try await port.send(
                "POST", "/anomalies/\(id)/ack", token: token, body: #"{"note":"seen"}"#)
            #expect(taken.status == 200, "\(taken.text)")
            #expect(try await isAcknowledged(id, port))
            first.kill(SIGKILL)
            _ = try first.waitForEnd()
            let (second, again) = try serve()
            #expect(try await waitForEpisode(again) != nil)
            #expect(try await isAcknowledged(id, again))
            second.kill(SIGTERM)
            #expect(try second.waitForEnd().status == 0)
        }
    }
}
