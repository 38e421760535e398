import API
import Foundation
import MarketModel
import TestSupport
import Testing

@Suite struct `API refusals` {
    static let refusals: [(String, String, Int, String)] = [
        ("GET", "/quotes/NOPE", 404, "unknown-ticker"),
        ("GET", "/api/v1/ticks/NOPE", 404, "unknown-ticker"),
        ("GET", "/anomalies/NOPE", 404, "unknown-ticker"),
        ("GET", "/nowhere", 404, "unknown-path"), ("GET", "/", 404, "unknown-path"),
        ("GET", "/quotes", 404, "unknown-path"),
        ("GET", "/quotes/AAPL/more", 404, "unknown-path"),
        ("POST", "/quotes/AAPL", 405, "method"), ("PROPFIND", "/health", 405, "method"),
        ("DELETE", "/anomalies", 405, "method"),
        ("GET", "/quotes/AA%20PL", 422, "parameter"),
        ("GET", "/quotes/ABCDEFGHIJKLMNOPQ", 422, "parameter"),
        ("GET", "/quotes/%FF%FE", 422, "parameter"),
        ("GET", "/anomalies?hours=0", 422, "parameter"),
        ("GET", "/anomalies?hours=169", 422, "parameter"),
        ("GET", "/anomalies?hours=99999999999999999999", 422, "parameter"),
        ("GET", "/anomalies?state=ajar", 422, "parameter"),
        ("GET", "/anomalies?acknowledged=perhaps", 422, "parameter"),
        ("GET", "/anomalies?severity=bad", 422, "parameter"),
        ("GET", "/anomalies?kind=odd", 422, "parameter"),
        ("GET", "/api/v1/ticks/AAPL?limit=1001", 422, "parameter"),
        ("GET", "/api/v1/ticks/AAPL?limit=", 422, "parameter"),
        ("GET", "/api/v1/ticks/AAPL?before=1.2", 422, "parameter"),
        ("GET", "/api/v1/aggregated/AAPL?window=2m", 422, "parameter"),
        ("GET", "/sentiment/AAPL?hours=-1", 422, "parameter"),
        ("GET", "/sentiment/AAPL?format=xml", 422, "parameter"),
        ("GET", "/anomalies?before=1", 422, "parameter"),
        ("GET", "/api/v2/intraday/prices/AAPL?start=yesterday", 422, "parameter"),
        ("GET", "/api/v2/historical/prices/AAPL?start_date=2026-02-30", 422, "parameter"),
        ("GET", "/api/v2/historical/prices/AAPL?adjusted=false", 422, "parameter"),
        ("GET", "/api/v2/historical/prices/NOPE", 404, "unknown-ticker"),
        ("GET", "/api/v1/dead-letters?limit=0", 422, "parameter"),
    ]

    @Test(arguments: refusals) func `are problem documents`(
        method: String, path: String, status: Int, name: String
    ) async throws {
        let answer = try await SidePort().serve { await $0.send(method, path) }
        #expect(answer.status == status)
        #expect(answer.headers["content-type"] == "application/problem+json")
        let problem = try Problem(answer)
        #expect(problem.type == "urn:ticktop:problem:" + name)
        #expect(problem.status == status)
        #expect(!problem.title.isEmpty && !problem.detail.isEmpty)
    }

    @Test func `name the parameter and its range`() async throws {
        let answer = try await SidePort().serve { await $0.get("/anomalies?hours=200") }
        let problem = try Problem(answer)
        #expect(problem.parameter == "hours")
        #expect(problem.range == "1..168")
        #expect(problem.detail == "hours: expected 1..168, got 200")
    }

    @Test func `list the methods a path has`() async throws {
        let answer = try await SidePort().serve { await $0.send("PUT", "/health") }
        #expect(answer.headers["allow"] == "GET, HEAD")
    }

    @Test func `come while the engine has shown nothing yet`() async throws {
        let port = SidePort()
        port.board.publish(.init())
        try await port.serve { http in
            for path in ["/quotes/AAPL", "/anomalies", "/api/v1/symbols", "/sentiment/AAPL"] {
                let answer = await http.get(path)
                #expect(answer.status == 503)
                #expect(answer.headers["retry-after"] == "1")
            }
            #expect(await http.get("/health").status == 503)
            #expect(await http.get("/metrics").status == 200)
        }
    }

    @Test func `come when the store cannot be read, and leave the snapshot readable`() async throws
    {
        let port = SidePort()
        port.history.rows.withLock { $0.failure = ScriptedHistory.StoreFailure() }
        try await port.serve { http in
            let problem = try Problem(await http.get("/anomalies"))
            #expect(problem.type == "urn:ticktop:problem:store")
            #expect(await http.get("/quotes/AAPL").status == 200)
        }
    }

    @Test func `let who brings the token ask twenty times as often, counted apart`() async throws {
        let port = SidePort()
        var settings = SidePort.settings()
        settings.requestsPerMinuteMax = 3
        let token = ["Authorization": "Bearer \(SidePort.secret)"]
        let wrong = ["Authorization": "Bearer \(SidePort.secret)x"]
        try await port.serve(settings) { http in
            for _ in 0..<3 { #expect(await http.get("/health", headers: wrong).status == 200) }
            #expect(await http.get("/health", headers: wrong).status == 429)
            for _ in 0..<60 { #expect(await http.get("/health", headers: token).status == 200) }
            #expect(await http.get("/health", headers: token).status == 429)
        }
    }

    @Test func `keep what a screen elsewhere reads from who has no token`() async throws {
        try await SidePort().serve { http in
            let upgrade = [
                "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ]
            for path in `API description`.attached {
                let answer = await http.get(path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers["www-authenticate"] != nil)
            }
            #expect(await http.get("/ws/board", headers: upgrade).status == 401)
            let ack = "/api/v1/attach/anomalies/\(Morning.episodeID)/ack"
            #expect(await http.send("POST", ack).status == 401)
        }
    }

    @Test func `tell when to come back once a client asks too often`() async throws {
        let port = SidePort()
        var settings = SidePort.settings()
        settings.requestsPerMinuteMax = 3
        try await port.serve(settings) { http in
            for _ in 0..<3 { #expect(await http.get("/health").status == 200) }
            let refused = await http.get("/health")
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "20")
            port.clock.advance(by: .seconds(20))
            #expect(await http.get("/health").status == 200)
            #expect(await http.get("/health").status == 429)
        }
    }

    @Test func `answer a body beyond 64 KiB, announced or not`() async throws {
        try await SidePort().serve { http in
            let path = "/anomalies/\(Morning.episodeID)/ack"
            let token = ["Authorization": "Bearer \(SidePort.secret)"]
            let large = String(repeating: "x", count: 70_000)
            #expect(await http.send("POST", path, headers: token, body: large).status == 413)
            let chunked = await http.exchange(
                Array(
                    """
                    POST \(path) HTTP/1.1\r
                    Host: localhost\r
                    Authorization: Bearer \(SidePort.secret)\r
                    Content-Type: application/json\r
                    Transfer-Encoding: chunked\r
                    \r
                    11170\r
                    \(large)\r
                    0\r
                    \r

                    """.utf8))
            #expect(HTTPAnswer(chunked).status == 413)
        }
    }

    @Test func `answer headers beyond 16 KiB`() async throws {
        try await SidePort().serve { http in
            let long = String(repeating: "h", count: 20_000)
            let one = await http.get("/health", headers: ["X-Long": long])
            #expect(one.status == 431)
            let many = Dictionary(
                uniqueKeysWithValues: (0..<60).map { ("X-\($0)", String(long.prefix(400))) })
            #expect(await http.get("/health", headers: many).status == 431)
            let path = await http.get("/quotes/" + long)
            #expect(path.status == 431)
            #expect(await http.get("/health").status == 200)
        }
    }
}

private struct Problem: Decodable {
    var type: String
    var title: String
    var status: Int
    var detail: String
    var parameter: String?
    var range: String?

    init(_ answer: HTTPAnswer) throws {
        self = try JSONDecoder().decode(Problem.self, from: Data(answer.body.utf8))
    }
}
