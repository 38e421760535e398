import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// Keys go to their providers and nowhere else.
    @Suite struct `Secrets` {
        private static let keys = [
            "MASSIVE_API_KEY": "canary-massive-83b1", "FINNHUB_API_KEY": "canary-finnhub-9d40",
            "TICKTOP_API_TOKEN": "canary-token-5ce7",
        ]

        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// Every path of the API that can be asked without values of its own, and one ticker's.
        private func answers(_ port: SidePortUnderTest) async throws -> String {
            let document = try await port.get("/openapi.json").object()
            let paths = try #require(document["paths"] as? [String: Any]).keys
            #expect(paths.count > 25)
            var told = ""
            for path in paths.sorted() {
                for ticker in ["AAPL", "NOPE"] {
                    let asked = path.replacing("{ticker}", with: ticker)
                        .replacing(#/\{[a-z]+\}/#, with: "x")
                    told += try await port.get(asked).text
                    told += try await port.send(
                        "POST", asked, token: Self.keys["TICKTOP_API_TOKEN"]
                    ).text
                }
            }
            return told
        }

        /// Everything that the program has written anywhere, byte by byte.
        private func files() throws -> [String: Data] {
            var found: [String: Data] = [:]
            let names = try FileManager.default.subpathsOfDirectory(atPath: scratch.url.path)
            for name in names {
                let path = scratch.path(name)
                if let content = FileManager.default.contents(atPath: path) {
                    found[name] = content
                }
            }
            return found
        }

        @Test func `are in no answer, no log, no file and nothing that is printed`() async throws {
            let provider = try SimulatedProvider(in: scratch, rate: 200)
            let program = try provider.subscriber(
                store: "store", in: scratch,
                environment: Self.keys.merging([
                    "TICKTOP_NEWS_PROVIDER": "finnhub", "TICKTOP_NEWS_URL": provider.restAddress,
                    "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
                ]) { $1 })
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            #expect(
                try await Proof.eventually {
                    try await port.get("/quotes/AAPL").status == 200
                })
            var told = try await answers(port)
            // A provider that goes away leaves messages about where it was.
            _ = try provider.finish()
            #expect(
                try await Proof.eventually {
                    try await port.get("/health").text.contains("disconnected")
                })
            told += try await answers(port)
            for command in [["config", "print"], ["config", "check"], ["config", "paths"]] {
                let run = try ProgramUnderTest.run(
                    command, in: scratch.url, environment: Self.keys)
                told += run.output + run.errors
            }
            program.kill(SIGTERM)
            let end = try program.waitForEnd()
            told += end.output + end.errors
            #expect(told.count > 50_000)
            let files = try files()
            #expect(files.keys.contains { $0.hasPrefix("store/journal") })
            for (name, key) in Self.keys {
                #expect(!told.contains(key), "\(name) is told")
                let holders = files.filter { $0.value.range(of: Data(key.utf8)) != nil }.keys
                #expect(holders.isEmpty, "\(name) is in \(holders.sorted())")
            }
        }
    }
}
