import Foundation
import MarketModel
import TestSupport
import Testing

/// Everything here starts the built program. One at a time: the proofs measure, and share two
/// cores.
@Suite(.serialized) enum WholePath {}

extension WholePath {
    /// 2 001 trades and 451 quotes of Binance, against a recomputation with exact decimals.
    @Suite struct `Real input` {
        private let scratch: Scratch
        private let figures: [String: Any]

        static let file = ReferenceProgram.root
            .appending(path: "Tests/FeedsTests/Fixtures/binance-btcusdt-2021-01-08.ndjson")

        init() throws {
            scratch = try Scratch()
            let answer = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/binance_session.py", [Self.file.path])
            figures = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
        }

        /// A figure of the recomputation, in billionths or 1e-8 as the store counts them.
        private func expected(_ name: String, decimals: Int) throws -> Int {
            let value = Decimal(string: try #require(figures[name] as? String))
            var scaled = try #require(value)
            for _ in 0..<decimals { scaled *= 10 }
            return NSDecimalNumber(decimal: scaled).intValue
        }

        /// One trade `seconds` after the file's last, which only makes time pass.
        private func fileWithALaterTrade(seconds: Int) throws -> String {
            var lines = try String(contentsOf: Self.file, encoding: .utf8)
            let time = 1_610_064_046_674 + seconds * 1000
            lines +=
                #"{"stream":"btcusdt@trade","data":{"e":"trade","E":\#(time),"s":"BTCUSDT","#
                + #""t":900000000,"#
                + #""p":"39000.00","q":"1.00000000","b":1,"a":2,"T":\#(time),"m":true,"M":true}}"#
                + "\n"
            let path = scratch.path("later.ndjson")
            try Data(lines.utf8).write(to: URL(filePath: path))
            return path
        }

        @Test func `is received in full and nothing of it refused`() throws {
            let end = try ProgramUnderTest.run(
                ["replay", Self.file.path, "--no-screen", "--store", scratch.path("store")],
                in: scratch.url)
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("received") == 2452)
            #expect(try end.count("applied") == 2452)
            #expect(try end.count("dead_lettered") == 0)
            #expect(try end.addsUp())
            let store = StoreUnderTest(scratch.path("store"))
            #expect(try store.count("select count(*) from trades") == figures["trades"] as? Int)
            let volume = try store.count("select sum(size) from trades")
            #expect(try volume == expected("volume", decimals: 8))
            let last = try store.count(
                "select price from trades "
                    + "order by second desc, nanosecond desc, sequence desc limit 1"
            )
            #expect(try last == expected("last", decimals: 9))
        }

        @Test func `makes a day's bar of exactly its volume and last price`() throws {
            let file = try fileWithALaterTrade(seconds: 86_400)
            let end = try ProgramUnderTest.run(
                ["replay", file, "--no-screen", "--store", scratch.path("store")], in: scratch.url)
            #expect(end.status == 0, "\(end.errors)")
            let bar = try #require(
                try StoreUnderTest(scratch.path("store")).rows(
                    """
                    select cast(volume as text), cast(notional as text), close, trade_count
                    from bars
                    where seconds = 86400 and is_final = 1
                    """
                ).first)
            let volume = try #require(Decimal(string: bar[0] as? String ?? ""))
            let notional = try #require(Decimal(string: bar[1] as? String ?? ""))
            #expect(try volume == Decimal(expected("volume", decimals: 8)))
            #expect(try bar[2] as? Int == expected("last", decimals: 9))
            #expect(bar[3] as? Int == figures["trades"] as? Int)
            var vwap = notional / volume
            var rounded = Decimal()
            NSDecimalRound(&rounded, &vwap, 0, .plain)
            #expect(try rounded == Decimal(expected("vwap", decimals: 9)))
        }

        @Test func `shows its session VWAP, last price and volume at the side port`() async throws {
            // The later trade is an hour away, so the replay stands at the file's end meanwhile.
            let file = try fileWithALaterTrade(seconds: 3600)
            let store = scratch.path("store")
            let program = try ProgramUnderTest(
                ["replay", file, "--no-screen", "--store", store, "--port", "0", "--speed", "30"],
                in: scratch.url)
            let port = try SidePortUnderTest(ofStore: store)
            let last = try Decimal(expected("last", decimals: 9)) / 1_000_000_000
            let metric = #"ticktop_tick_messages_total{source="binance",class="applied"} 2452"#
            let isAll = try await Proof.eventually {
                try await port.get("/metrics").text.contains(metric)
            }
            #expect(isAll)
            let figuresShown = try await port.get("/aggregations/BTCUSDT").object()
            let vwap = try Decimal(expected("vwap", decimals: 9)) / 1_000_000_000
            #expect(decimal(figuresShown["vwap_session"]) == vwap)
            #expect(decimal(try await port.get("/quotes/BTCUSDT").object()["price"]) == last)
            program.kill(SIGINT)
            let end = try program.waitForEnd()
            #expect(end.status == 130)
            #expect(try end.count("received") == 2452)
        }

        private func decimal(_ value: Any?) -> Decimal? {
            (value as? NSNumber).flatMap { Decimal(string: $0.stringValue) }
        }
    }
}
