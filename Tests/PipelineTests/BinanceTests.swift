import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// A Binance of another make, whose ids show what is lost.
    @Suite struct `A feed whose ids are contiguous` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private struct Seen {
            var paths: [String]
            var trades: Int
            var quotes: Int
            var trading: [String: Set<Int>]

            init(_ end: ProgramUnderTest.Outcome) throws {
                let line = try end.closingLine()
                paths = line["paths"] as? [String] ?? []
                trades = line["trades"] as? Int ?? -1
                quotes = line["quotes"] as? Int ?? -1
                trading = (line["ids"] as? [String: [Int]] ?? [:]).mapValues { Set($0) }
            }
        }

        private func startProvider() throws -> (ProgramUnderTest, port: String) {
            let file = scratch.path("port")
            let root = ReferenceProgram.root
            let program = try ProgramUnderTest(
                [
                    root.appending(path: "Tests/FeedsTests/Fixtures/binance_server.py").path,
                    "losing", file,
                ], in: scratch.url, executable: root.appending(path: ".venv/bin/python3"))
            var port: String?
            _ = Proof.eventually {
                port = try? String(contentsOfFile: file, encoding: .utf8)
                return port != nil
            }
            return (program, try #require(port, "\(program.errorsSoFar)"))
        }

        @Test func `names every loss it shows, invents none, and comes back after a shutdown`()
            async throws
        {
            let (provider, port) = try startProvider()
            let path = scratch.path("store")
            let program = try ProgramUnderTest(
                [
                    "serve", "--feed", "binance", "--url", "ws://127.0.0.1:\(port)", "--store",
                    path, "--port", "0",
                ], in: scratch.url)
            _ = try SidePortUnderTest(ofStore: path, heldBy: program.pid)
            let store = StoreUnderTest(path)
            let last = "select count(*) from trades where sequence = 1699"
            #expect(try Proof.eventually { try store.count(last) == 1 })
            // A loss is called one when what is missing has not come within lateness; then time
            // enough for one more that nobody lost.
            let named = "select count(*) from gaps where kind = 'sequence'"
            #expect(try Proof.eventually { try store.count(named) == 2 })
            SystemClock.sleepThread(.seconds(Proof.pick(sample: 1, full: 5)))
            program.kill(SIGTERM)
            let end = try program.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            let provided = try provider.waitForEnd()
            #expect(provided.status == 0, "\(provided.errors)")
            let seen = try Seen(provided)
            #expect(seen.paths.count == 3)
            #expect(try end.count("received") == seen.trades + seen.quotes)
            #expect(try end.count("duplicate") == 5)
            #expect(try end.count("dead_lettered") == 0 && end.count("late") == 0)
            #expect(try end.addsUp())
            try expectLosses(store)
            try expectTrades(store, seen)
        }

        private func expectLosses(_ store: StoreUnderTest) throws {
            let gaps = try store.rows(
                """
                select symbol, first_missing, last_missing from gaps where kind = 'sequence'
                order by first_missing
                """
            ).map { row in row.map { "\($0)" }.joined(separator: " ") }
            #expect(gaps == ["BTCUSDT 1101 1103", "BTCUSDT 1301 1310"])
            let episodes = try store.rows(
                "select symbol, hits from episodes where kind = 'sequence_gap'")
            #expect(episodes.allSatisfy { $0[0] as? String == "BTCUSDT" })
            #expect(episodes.reduce(0) { $0 + ($1[1] as? Int ?? 0) } == 2)
            // Between the first two connections, and between the last two.
            #expect(try store.count("select count(*) from gaps where kind = 'outage'") == 2)
        }

        private func expectTrades(_ store: StoreUnderTest, _ seen: Seen) throws {
            for (name, sequences) in seen.trading {
                let rows = try store.rows(
                    """
                    select sequence from trades join symbols on symbols.id = symbol_id
                    where symbols.name = '\(name)'
                    """)
                let stored = rows.compactMap { $0[0] as? Int }
                #expect(stored.count == sequences.count && Set(stored) == sequences, "\(name)")
                #expect(stored.count > 300)
            }
        }
    }
}
