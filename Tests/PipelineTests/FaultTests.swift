import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What a provider does wrong, and what the tables are after it.
    @Suite struct `A faulty feed` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// More than any pause of a busy machine, so that nothing is late but what the feed made
        /// so.
        private static let lateness = 4
        private static let environment = ["TICKTOP_ANALYTICS_LATENESS_SECONDS": "\(lateness)"]

        private struct Run {
            var sent: ProgramUnderTest.Outcome
            var end: ProgramUnderTest.Outcome
            var store: StoreUnderTest
            var provider: SimulatedProvider
        }

        /// A live life against a provider with faults, from first to last event.
        ///
        /// `heard` is how many of the 2000 events a second must have arrived for a sample to be
        /// one.
        private func live(_ faults: [String], sample: Double = 9, heard: Double = 1500) async throws
            -> Run
        {
            let provider = try SimulatedProvider(in: scratch, rate: 2000, faults: faults)
            let run = try LiveRun(
                provider, store: "live", in: scratch, environment: Self.environment)
            let seconds = Proof.pick(sample: sample, full: 60)
            #expect(try await run.live(seconds: seconds, receiving: Int(seconds * heard)))
            let sent = try provider.finish()
            let expected =
                try sent.count("trades") + sent.count("quotes") + sent.count("garbage")
            let isAll = try await run.waitUntilReceived(expected)
            #expect(isAll, "seed \(Proof.seed)")
            if Proof.isFull { try waitUntilBarsAreClosed(run.store) }
            let end = try run.stop()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.addsUp())
            #expect(try end.count("received") == expected)
            #expect(try end.count("late") == 0 && end.count("shed") == 0)
            return Run(sent: sent, end: end, store: run.store, provider: provider)
        }

        /// Until the clock alone, which the live log has and a file of frames has not, has closed
        /// every bar that was over with the feed's last trade.
        private func waitUntilBarsAreClosed(_ store: StoreUnderTest) throws {
            let last = try store.count("select max(second) from trades")
            let closing = (last + 2 + Self.lateness) * 1_000_000_000
            let isClosed = try Proof.eventually {
                try store.count("select engine_time from committed") >= closing
            }
            #expect(isClosed)
        }

        /// Trades, tickers and bars: positions and receive times are each log's own.
        ///
        /// In full, every bar that was over with the last trade is compared: the live one waited
        /// for its clock to close them, and the file is followed by a trade of every ticker from
        /// later on. A sample compares those that trades alone have closed in both.
        private func expectTables(of run: Run, equal file: String) throws {
            let lastSecond = try run.store.count("select max(second) from trades")
            if Proof.isFull { try followByLaterTrades(file, second: lastSecond + 60) }
            let replayed = try ProgramUnderTest.replay(
                file, into: "reference", in: scratch, environment: Self.environment)
            #expect(replayed.status == 0, "\(replayed.errors)")
            let reference = StoreUnderTest(scratch.path("reference"))
            let over = Proof.isFull ? lastSecond + 1 : lastSecond - Self.lateness - 1
            // Not the day's: what trades in a night or on a weekend belongs to the day before, so
            // that its bar is never over for a market that does not rest.
            let overBars =
                "is_final = 1 and is_reference = 0 and seconds < 86400"
                + " and start / 1000000000 + seconds <= \(over)"
            let scope = StoreUnderTest.Scope(
                ignoring: ["*.epoch", "*.byte_offset", "*.event_index", "*.received_at"],
                only: ["trades", "bars", "symbols"],
                rows: [
                    "trades=second <= \(lastSecond)",
                    "bars=\(overBars)",
                ])
            let differences = try run.store.differences(from: reference, scope)
            #expect(differences.isEmpty, "seed \(Proof.seed): \(differences)")
            let bars = try reference.count("select count(*) from bars where \(overBars)")
            #expect(bars > 0)
            print(
                "faulty feed: \(try run.store.count("select count(*) from trades")) trades and "
                    + "\(bars) bars compared")
        }

        private func followByLaterTrades(_ file: String, second: Int) throws {
            let trades = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"].map { ticker in
                #"{"ev":"T","sym":"\#(ticker)","i":"1","x":4,"p":1,"s":1,"t":\#(second)000,"#
                    + #""q":9000000000000000,"z":3}"#
            }
            let handle = try FileHandle(forWritingTo: URL(filePath: file))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("[\(trades.joined(separator: ","))]\n".utf8))
            try handle.close()
        }

        @Test func `that repeats leaves the tables of the clean one`() async throws {
            let run = try await live(["--duplicate", "0.1"])
            #expect(try run.sent.count("duplicated") > 300)
            #expect(try run.end.count("duplicate") > 300)
            try expectTables(of: run, equal: run.provider.clean)
        }

        @Test func `that reorders within lateness leaves the tables of the clean one`() async throws
        {
            let run = try await live(["--reorder", "0.1"])
            #expect(try run.sent.count("reordered") > 300)
            let held = try heldBack(run)
            try expectTables(of: run, equal: held)
        }

        @Test func `that sends garbage keeps it as dead letters with a reason`() async throws {
            let run = try await live(["--garbage", "0.2"])
            let garbage = try run.sent.count("garbage")
            #expect(garbage > 0)
            #expect(try run.end.count("dead_lettered") == garbage)
            let letters = try run.store.rows(
                "select reason, count(*), min(length(raw)) from dead_letters group by reason")
            #expect(letters.reduce(0) { $0 + ($1[1] as? Int ?? 0) } == garbage)
            #expect(letters.allSatisfy { ($0[2] as? Int ?? 0) > 0 && $0[0] as? String != "" })
            try expectTables(of: run, equal: run.provider.clean)
        }

        @Test func `that drops leaves the tables of what was really sent`() async throws {
            let run = try await live(["--drop", "0.1"])
            #expect(try run.sent.count("dropped") > 300)
            try expectTables(of: run, equal: run.provider.truth)
            // Massive's numbers promise no gap: a loss that cannot be seen is not invented.
            #expect(
                try run.store.count("select count(*) from episodes where kind = 'sequence_gap'")
                    == 0)
        }

        @Test func `that disconnects leaves the tables of what was really sent`() async throws {
            // Connections that never last make the pauses between them longer and longer.
            let run = try await live(
                ["--disconnect-every", "1.5"], sample: 10,
                heard: Proof.pick(sample: 500, full: 100))
            #expect(try run.sent.count("disconnects") >= 2)
            #expect(try run.sent.count("unheard") > 0)
            try expectTables(of: run, equal: run.provider.truth)
            #expect(
                try run.store.count("select count(*) from episodes where kind = 'sequence_gap'")
                    == 0)
        }

        /// The clean file without the events that the provider still held back when it ended.
        private func heldBack(_ run: Run) throws -> String {
            let sent = Set(try events(in: run.provider.truth).map(\.identity))
            let path = scratch.path("clean-sent.ndjson")
            let lines = try events(in: run.provider.clean).filter { sent.contains($0.identity) }
                .map(\.text)
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
            return path
        }

        private func events(in file: String) throws -> [(identity: String, text: String)] {
            try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").flatMap {
                line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try (value as? [[String: Any]] ?? []).map { event in
                    let text = try JSONSerialization.data(
                        withJSONObject: event, options: .sortedKeys)
                    return (
                        "\(event["ev"] ?? "") \(event["sym"] ?? "") \(event["q"] ?? "")",
                        String(decoding: text, as: UTF8.self)
                    )
                }
            }
        }
    }
}
