import Foundation
import TestSupport
import Testing

extension WholePath {
    /// A configuration that changes while `serve` runs.
    @Suite struct `A changed configuration` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private func write(_ text: String) throws {
            try text.write(toFile: scratch.path("own.toml"), atomically: true, encoding: .utf8)
        }

        @Test func `holds at once, but for what waits for the next start`() async throws {
            try write("[indicators]\naverage_periods = [\"10\"]\n")
            let program = try ProgramUnderTest(
                [
                    "serve", "--store", scratch.path("store"), "--port", "0", "--config",
                    scratch.path("own.toml"),
                ], in: scratch.url)
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            var turn = 0
            func hasAverage(_ period: Int) async throws -> Bool {
                turn += 1
                // Another question each time: an answer is kept for a second.
                return try await port.get("/api/v1/indicators/AAPL?turn=\(turn)").text
                    .contains("\"period\":\(period),")
            }
            #expect(try await Proof.eventually { try await hasAverage(10) })

            try write("[indicators]\naverage_periods = 7\n")
            #expect(Proof.eventually { program.errorsSoFar.contains("own.toml:2:19:") })
            #expect(program.errorsSoFar.contains("what was read before holds"))
            #expect(try await hasAverage(10))

            try write("[indicators]\naverage_periods = [\"7\"]\n[feed]\nseed = 9\n")
            #expect(
                Proof.eventually {
                    program.errorsSoFar.contains("from the next start on: feed.seed\n")
                })
            #expect(try await Proof.eventually { try await hasAverage(7) })
            #expect(try await hasAverage(10) == false)

            program.kill(SIGHUP)
            #expect(
                Proof.eventually { program.errorsSoFar.contains("nothing has changed") })
            program.kill(SIGTERM)
            let end = try program.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.addsUp())
        }
    }
}
