import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// `ticktop backfill` from the simulated provider, which knows the minutes of 24 hours.
    @Suite struct `Backfilling` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private func backfill(
            _ arguments: [String], _ environment: [String: String] = ["MASSIVE_API_KEY": "any"]
        ) throws -> ProgramUnderTest.Outcome {
            try ProgramUnderTest.run(
                ["backfill"] + arguments + ["--store", scratch.path("store")], in: scratch.url,
                environment: environment)
        }

        private var week: [String] {
            let today = NewYorkTime.date(at: SystemClock().now)
            return ["--from", today.adding(days: -7).description]
        }

        private func minutes() throws -> Int {
            try StoreUnderTest(scratch.path("store")).count(
                "select count(*) from bars where seconds = 60 and is_reference = 1")
        }

        @Test func `fills a new store, and the same again changes nothing`() throws {
            let provider = try SimulatedProvider(in: scratch, rate: 100)
            for _ in 0..<2 {
                let end = try backfill(
                    ["massive", "AAPL", "TSLA", "--url", provider.restAddress] + week)
                #expect(end.status == 0, "\(end.errors)")
                #expect(end.output.split(separator: "\n").count == 2)
                #expect(end.output.contains("AAPL: ") && end.output.contains(" minutes of "))
            }
            // The second run came a little later, and its provider knew of a later minute.
            #expect((2 * 1440...2 * 1450).contains(try minutes()))
            let store = StoreUnderTest(scratch.path("store"))
            #expect(try store.count("select count(*) from bars where seconds = 300") >= 2 * 286)
            #expect(try store.count("select count(*) from bars where seconds = 86400") >= 2 * 4)
            _ = try provider.finish()
        }

        @Test func `goes through the instance that runs, for the time before it`() async throws {
            let provider = try SimulatedProvider(in: scratch, rate: 200)
            let run = try LiveRun(
                provider, store: "store", in: scratch,
                environment: ["TICKTOP_API_TOKEN": "a token of sixteen"])
            #expect(try await run.waitUntilReceived(200))
            let before = try minutes()
            let end = try backfill(
                ["massive", "AAPL"] + week,
                ["MASSIVE_API_KEY": "other", "TICKTOP_API_TOKEN": "a token of sixteen"])
            #expect(end.status == 0, "\(end.errors)")
            #expect(try minutes() > before + 300)
            let other = try backfill(
                ["binance", "AAPL"] + week, ["TICKTOP_API_TOKEN": "a token of sixteen"])
            #expect(other.status != 0 && other.errors.contains("not binance"))
            #expect(try run.stop().status == 0)
            _ = try provider.finish()
        }

        @Test(
            arguments: [
                (["massive", "AAPL", "--from", "2026-02-30"], "2026-11-02"),
                (["massive", "AAPL", "--from", "2999-01-01"], "up to today"),
                (["massive", "aapl!"], "--from"),
                (["massive", "AAPL", "--from", "2026-01-05"], "MASSIVE_API_KEY"),
                (["nobody", "AAPL", "--from", "2026-01-05"], "massive"),
            ])
        func `that cannot be says why`(_ arguments: [String], _ part: String) throws {
            let end = try backfill(arguments, [:])
            #expect(end.status != 0)
            #expect(end.errors.contains(part), "\(end.errors)")
            #expect(!end.errors.contains("Fatal error"))
        }
    }
}
