import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What clients do to the side port must not reach the engine.
    @Suite struct `The side port under load` {
        private struct Findings: Decodable {
            struct Span: Decodable {
                var events_per_second: Double
                var shed: Double
                var within_10ms: Double
                var p99_at_most_ms: Double
                var cores: Double
                var mib_most: Double
                var messages_per_second: Double?
                var open: Int?
                var sockets: Double
                var still_seconds: Double
            }
            var alone: Span
            var crowd: Span
            var streams: Span
        }

        /// What 100 clients may cost: for each its buffers and one of each thing that waits.
        private static let crowdMiBMax = 64.0
        private static let rate = Proof.pick(sample: 500, full: 15_000)
        private static let seconds = Proof.pick(sample: 6, full: 45)
        private static let slow = Proof.pick(sample: 20, full: 100)
        private static let halfOpen = Proof.pick(sample: 200, full: 1000)
        private static let streams = Proof.pick(sample: 50, full: 500)

        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test func `bears slow readers, half requests and hundreds of streams without a trace`()
            async throws
        {
            let provider = try SimulatedProvider(in: scratch, rate: Self.rate)
            let run = try LiveRun(
                provider, store: "store", in: scratch,
                environment: [
                    "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
                    "TICKTOP_API_CONNECTIONS_MAX": "600",
                ])
            #expect(try await run.waitUntilReceived(2 * Self.rate))
            let told = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/side_port_load.py",
                [
                    run.port.address, String(run.program.pid), String(Self.seconds), "--slow",
                    String(Self.slow), "--half-open", String(Self.halfOpen), "--streams",
                    String(Self.streams), "--provider", String(provider.pid),
                ])
            let found = try JSONDecoder().decode(Findings.self, from: told)
            print("side port under load: \(String(decoding: told, as: UTF8.self))")
            let health = try await run.port.get("/health").text
            for span in [found.crowd, found.streams] {
                #expect(span.shed == 0)
                #expect(
                    span.events_per_second > 0.9 * found.alone.events_per_second, "\(health)")
                #expect(span.still_seconds < 5, "\(health)")
            }
            #expect(found.crowd.mib_most < found.alone.mib_most + Self.crowdMiBMax)
            #expect(found.streams.open == Self.streams)
            #expect(found.streams.sockets == Double(Self.streams))
            #expect(found.streams.messages_per_second ?? 0 > 2 * Double(Self.streams))
            if Proof.isFull {
                #expect(found.crowd.within_10ms > 0.99 && found.streams.within_10ms > 0.99)
                // Those that read nothing are closed, one after the other.
                #expect(found.crowd.sockets < Double(Self.slow))
                #expect(found.streams.cores - found.alone.cores < 1)
            }
            let end = try run.stop()
            #expect(try provider.finish().status == 0)
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.addsUp())
        }
    }
}
