import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What a replay stores, against `Tests/Oracle`: a recomputation of the raw log by brute force
    /// from the definitions, which shares no code with the program.
    @Suite struct `An independent recomputation` {
        struct Log: CustomTestStringConvertible, Sendable {
            enum Format: String { case frames, recording }

            var format: Format
            /// A course of `stream.py`: which days, and which hours of them.
            var course: String
            var sample: Int
            var full: Int
            var latenessSeconds = "2"

            var testDescription: String { "\(format.rawValue) of the course \(course)" }
        }

        static let logs = [
            Log(format: .frames, course: "spring", sample: 6000, full: 300_000),
            Log(format: .frames, course: "half day", sample: 6000, full: 300_000),
            Log(
                format: .frames, course: "autumn", sample: 1500, full: 200_000,
                latenessSeconds: "0.75"),
            Log(format: .recording, course: "ordinary", sample: 6000, full: 250_000),
        ]

        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test(arguments: logs)
        func `of every trade, bar, vector, hit, episode, gap and letter agrees`(log: Log) throws {
            let path = try write(log)
            let end = try ProgramUnderTest.run(
                ["replay", path, "--no-screen", "--store", scratch.path("store")],
                in: scratch.url, environment: environment(log))
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.addsUp(), "\(end.output)")
            let answer = try ReferenceProgram.run(
                "Tests/Oracle/oracle.py",
                [
                    "store", path, StoreUnderTest(scratch.path("store")).database,
                    log.latenessSeconds,
                ])
            let text = String(decoding: answer, as: UTF8.self)
            #expect(text.hasPrefix("agree: "), "seed \(Proof.seed), \(log)\n\(text)")
            let received = try end.count("received")
            #expect(text.contains("received \(received)"), "\(received) against \(text)")
            for rule in ["crossed_market", "price_spike", "velocity", "volume_spike"]
            where log.sample > 2000 {
                #expect(text.contains("hits of \(rule)"), "seed \(Proof.seed): \(text)")
            }
            if Proof.isFull { print("\(log.testDescription): \(text)") }
        }

        /// Retention looks at engine time, and the courses last for days.
        private func environment(_ log: Log) -> [String: String] {
            [
                "TICKTOP_STORE_TRADES_TTL_HOURS": "0", "TICKTOP_STORE_QUOTES_TTL_HOURS": "0",
                "TICKTOP_STORE_FEATURES_TTL_DAYS": "0", "TICKTOP_STORE_BARS_1S_TTL_DAYS": "0",
                "TICKTOP_ANALYTICS_LATENESS_SECONDS": log.latenessSeconds,
            ]
        }

        private func write(_ log: Log) throws -> String {
            let name = log.format == .frames ? "log.ndjson" : "00000001-0000000000000000000.journal"
            let events = Proof.pick(sample: log.sample, full: log.full)
            _ = try ReferenceProgram.run(
                "Tests/Oracle/oracle.py",
                [
                    log.format.rawValue, log.course, String(Proof.seed), String(events),
                    scratch.path(name),
                ])
            return scratch.path(name)
        }
    }
}
