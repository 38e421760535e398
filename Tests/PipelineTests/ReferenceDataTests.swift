import Foundation
import TestSupport
import Testing

extension WholePath {
    /// What providers are asked at the start, as the side port shows it.
    @Suite struct `Reference data` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test func `has the days around reports, so that earnings have paths and a correlation`()
            async throws
        {
            let provider = try SimulatedProvider(in: scratch, rate: 200)
            let program = try provider.subscriber(
                store: "store", in: scratch,
                environment: [
                    "FINNHUB_API_KEY": "any", "TICKTOP_NEWS_URL": provider.restAddress,
                    "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
                ])
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            var found: [String: Any] = [:]
            var turn = 0
            _ = try await Proof.eventually {
                turn += 1
                // A parameter of no meaning: an answer without them would be kept for a minute.
                let answer = try await port.get("/api/v1/earnings/AAPL?turn=\(turn)")
                guard answer.status == 200 else { return false }
                found = try answer.object()
                return !(found["reports"] as? [Any] ?? []).isEmpty
            }
            let paths = try #require(found["paths"] as? [[String: Any]])
            let values = paths.map { $0["values"] as? [Double] ?? [] }
            #expect(values.count >= 7 && values.allSatisfy { $0.first == 100 })
            #expect(values.count { $0.count == 11 } >= 6)
            let correlation = try #require(found["correlation"] as? Double)
            #expect(abs(correlation) <= 1)
            #expect(found["reason"] is NSNull)
            let days = try await port.get("/api/v2/historical/prices/AAPL?limit=1000").object()
            #expect((days["bars"] as? [Any] ?? []).count > 500)
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
            _ = try provider.finish()
        }
    }
}
