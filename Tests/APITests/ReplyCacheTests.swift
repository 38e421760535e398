import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `Answers that are kept` {
    /// Every cacheable route of the table, and how long its answer lasts.
    static let lifetimes: [(String, Int)] = [
        ("/quotes/AAPL", 1), ("/api/v1/latest/AAPL", 1), ("/aggregations/AAPL", 5),
        ("/api/v1/aggregated/AAPL?window=1min", 1), ("/features/AAPL", 1),
        ("/api/v2/intraday/prices/AAPL?interval=1m", 1), ("/api/v2/historical/prices/AAPL", 60),
        ("/api/v1/indicators/AAPL", 1), ("/api/v2/realtime/analytics/AAPL", 1),
        ("/api/v1/symbols", 5), ("/api/v1/predictions/AAPL", 1), ("/api/v1/market", 1),
        ("/api/v1/earnings/AAPL", 60),
    ]
    static let fresh = [
        "/anomalies", "/anomalies/AAPL", "/sentiment/AAPL", "/api/v1/ticks/AAPL",
        "/api/v2/realtime/prices/AAPL", "/api/v1/dead-letters", "/health", "/metrics",
    ]

    @Test(arguments: lifetimes) func `last as long as the table says`(path: String, seconds: Int)
        async throws
    {
        let port = SidePort()
        try await port.serve { http in
            let first = await http.get(path)
            #expect(first.headers["cache-control"] == "private, max-age=\(seconds)")
            let tag = try #require(first.headers["etag"])
            #expect(first.headers["age"] == nil)
            // The rows behind it go away; what is kept still is what it was.
            port.history.rows.withLock { $0 = ScriptedHistory.Rows() }
            port.clock.advance(by: .seconds(seconds) - .milliseconds(1))
            let kept = await http.get(path)
            #expect(kept.body == first.body)
            #expect(kept.headers["age"] == (seconds > 1 ? String(seconds - 1) : nil))
            let unchanged = await http.get(path, headers: ["If-None-Match": tag])
            #expect(unchanged.status == 304 && unchanged.body.isEmpty)
            port.clock.advance(by: .milliseconds(1))
            #expect(await http.get(path).headers["age"] == nil)
        }
    }

    @Test(arguments: fresh) func `are none of those that change without notice`(path: String)
        async throws
    {
        let answer = try await SidePort().serve { await $0.get(path) }
        #expect(answer.headers["cache-control"] == "no-store" && answer.headers["etag"] == nil)
    }

    @Test func `of the snapshot go with it`() async throws {
        let port = SidePort()
        try await port.serve { http in
            #expect(await http.get("/quotes/AAPL").body.contains("231.440100001"))
            var snapshot = Morning.snapshot
            snapshot.takenAt = snapshot.takenAt.advanced(by: .milliseconds(100))
            snapshot.tickers[0].figures.price = "99"
            port.board.publish(snapshot)
            #expect(await http.get("/quotes/AAPL").body.contains(#""price":99,"#))
        }
    }

    @Test func `never pass by the token`() async throws {
        var settings = SidePort.settings()
        settings.address = "0.0.0.0"
        try await SidePort().serve(settings) { http in
            let token = ["Authorization": "Bearer \(SidePort.secret)"]
            #expect(await http.get("/quotes/AAPL", headers: token).status == 200)
            #expect(await http.get("/quotes/AAPL").status == 401)
            #expect(await http.get("/quotes/AAPL", headers: ["Host": "evil.test"]).status == 421)
        }
    }

    @Test func `are no refusals, and not those of another query`() async throws {
        let port = SidePort()
        try await port.serve { http in
            #expect(await http.get("/api/v1/earnings/NOPE").status == 404)
            let csv = await http.get("/api/v1/symbols?format=csv")
            let json = await http.get("/api/v1/symbols")
            #expect(csv.body != json.body && json.body.hasPrefix("{"))
            port.history.rows.withLock { $0.failure = ScriptedHistory.StoreFailure() }
            #expect(await http.get("/api/v1/predictions/AAPL").status == 503)
            port.history.rows.withLock { $0.failure = nil }
            #expect(await http.get("/api/v1/predictions/AAPL").status == 200)
        }
    }

    @Test func `stay within bounds however many paths are made up`() {
        let cache = ReplyCache()
        let reply = PreparedReply(Reply(.text("kept")))
        let route = Route.get("/quotes/{ticker}") { (_) throws(Problem) in Reply(.null) }
        let now = TestMorning.open
        func entry(_ path: String) -> ReplyCache.Entry? {
            cache.entry(path, now: now, snapshotTakenAt: now)
        }
        for number in 0...ReplyCache.entriesMax {
            cache.keep(
                ReplyCache.Entry(
                    route: route, reply: reply, madeAt: now, lasts: .seconds(60),
                    snapshotTakenAt: nil), for: "/quotes/AAPL?x=\(number)")
        }
        #expect(entry("/quotes/AAPL?x=0") == nil)
        let kept = (0...ReplyCache.entriesMax).count { entry("/quotes/AAPL?x=\($0)") != nil }
        #expect(kept <= ReplyCache.entriesMax)
    }
}
