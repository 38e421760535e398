import Foundation
import TestSupport
import Testing

@testable import API

@Suite struct `API description` {
    /// One way to ask each route, by its path in the document.
    static let asked = [
        "/quotes/AAPL", "/api/v1/latest/AAPL", "/quotes/BRK%2FB", "/aggregations/AAPL",
        "/aggregations/BRK%2FB", "/features/AAPL", "/features/BRK%2FB", "/api/v1/symbols",
        "/api/v1/market", "/api/v1/ticks/AAPL?limit=2", "/api/v2/realtime/prices/AAPL",
        "/api/v1/aggregated/AAPL?window=1min", "/api/v2/intraday/prices/AAPL?interval=1m",
        "/api/v2/historical/prices/AAPL?start_date=2025-12-01&adjusted=true",
        "/anomalies?hours=168", "/anomalies/AAPL", "/sentiment/AAPL", "/sentiment/BRK%2FB",
        "/api/v1/indicators/AAPL?limit=2", "/api/v1/indicators/BRK%2FB?interval=1d",
        "/api/v2/realtime/analytics/AAPL", "/api/v2/intraday/analytics/AAPL",
        "/api/v2/historical/analytics/AAPL",
        "/api/v1/predictions/AAPL", "/api/v1/predictions/BRK%2FB", "/api/v1/earnings/AAPL",
        "/api/v1/earnings/BRK%2FB?sessions=10", "/api/v1/earnings/AAPL?format=csv",
        "/api/v1/dead-letters", "/api/v1/dead-letters/0.4096.5", "/health", "/metrics", "/docs",
        "/redoc",
        "/api/v1/ticks/AAPL?format=csv", "/quotes/NOPE", "/anomalies?hours=0",
    ]

    /// What a screen elsewhere asks, with the token.
    static let attached = [
        "bars?tickers=AAPL,BRK.B&interval=1m&limit=3", "trades/AAPL", "features/AAPL", "anomalies",
        "news?ticker=AAPL", "signals", "dead-letters", "dead-letters/count", "listings",
        "earnings/AAPL",
    ].map { "/api/v1/attach/" + $0 }

    private func document(_ http: HTTPConversation) async throws -> [String: Any] {
        let answer = await http.get("/openapi.json")
        #expect(answer.status == 200)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
    }

    /// Path, method and operation of everything described.
    private func operations(_ document: [String: Any]) throws
        -> [(path: String, method: String, operation: [String: Any])]
    {
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        return paths.flatMap { path, item in
            item.map { (path: path, method: $0.key.uppercased(), operation: $0.value) }
        }
    }

    @Test func `says 304 of exactly the routes that answer it`() async throws {
        try await SidePort().serve { http in
            let described = Set(
                try operations(try await document(http)).filter { entry in
                    (entry.operation["responses"] as? [String: Any])?["304"] != nil
                }.map(\.path))
            #expect(described.contains("/quotes/{ticker}") && !described.contains("/health"))
            let token = ["Authorization": "Bearer \(SidePort.secret)"]
            for path in Self.asked + Self.attached {
                let answer = await http.get(path, headers: token)
                guard answer.status == 200 else { continue }
                let tagged = token.merging(
                    ["If-None-Match": answer.headers["etag"] ?? "*"], uniquingKeysWith: { $1 })
                let again = await http.get(path, headers: tagged)
                let asked = path.prefix { $0 != "?" }.split(separator: "/")
                let pattern = described.first { pattern in
                    let segments = pattern.split(separator: "/")
                    return segments.count == asked.count
                        && zip(segments, asked).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
                }
                #expect(again.status == (pattern == nil ? 200 : 304), "\(path)")
            }
        }
    }

    @Test func `is what the reference validator takes, and what every answer keeps to`()
        async throws
    {
        try await SidePort().serve { http in
            let document = try await document(http)
            var answers: [[String: Any]] = []
            func note(_ method: String, _ path: String, _ answer: HTTPAnswer) {
                answers.append([
                    "method": method, "path": path, "status": answer.status,
                    "type": answer.headers["content-type"] ?? "", "body": answer.body,
                ])
            }
            for path in Self.asked { note("GET", path, await http.get(path)) }
            let token = ["Authorization": "Bearer \(SidePort.secret)"]
            for path in Self.attached {
                note("GET", path, await http.get(path, headers: token))
                note("GET", path, await http.get(path))
            }
            let ack = "/anomalies/\(Morning.episodeID)/ack"
            for path in [ack, "/api/v1/attach" + ack] {
                note("POST", path, await http.send("POST", path, headers: token))
                note("POST", path, await http.send("POST", path))
                note("DELETE", path, await http.send("DELETE", path, headers: token))
            }
            for end in ["0.4096.5/retry", "0.4096.5/archive", "retry/all"] {
                let path = "/api/v1/dead-letters/" + end
                note("POST", path, await http.send("POST", path, headers: token))
            }
            let backfill = "/api/v1/backfill/AAPL"
            note("POST", backfill, await http.send("POST", backfill, headers: token))
            let checked = try ReferenceProgram.run(
                "Tests/APITests/Reference/openapi.py",
                input: try JSONSerialization.data(
                    withJSONObject: ["document": document, "answers": answers]))
            let done = try JSONDecoder().decode(Set<String>.self, from: checked)
            for (path, method, operation) in try operations(document) {
                let responses = try #require(operation["responses"] as? [String: Any])
                guard responses["101"] == nil, path != "/openapi.json" else { continue }
                let id = try #require(operation["operationId"] as? String)
                #expect(done.contains(id), "\(method) \(path) was not asked")
            }
        }
    }

    @Test func `names only parameters that are read, each with the values it may have`()
        async throws
    {
        try await SidePort().serve { http in
            var count = 0
            for (path, method, operation) in try operations(try await document(http)) {
                let parameters = try #require(operation["parameters"] as? [[String: Any]])
                for parameter in parameters where parameter["in"] as? String == "query" {
                    let name = try #require(parameter["name"] as? String)
                    let filled = path.replacing("{ticker}", with: "AAPL")
                    let answer = await http.send(
                        method, "\(filled)?\(name)=~",
                        headers: ["Authorization": "Bearer \(SidePort.secret)"])
                    #expect(answer.status == 422, "\(path) does not read \(name)")
                    #expect(answer.body.contains(#""parameter":"\#(name)""#))
                    count += 1
                }
            }
            #expect(count > 30)
        }
    }

    @Test func `gives every route a summary and every operation a name of its own`() async throws {
        try await SidePort().serve { http in
            let all = try operations(try await document(http))
            for (path, _, operation) in all {
                #expect((operation["summary"] as? String)?.isEmpty == false, "\(path)")
            }
            #expect(
                Set(all.compactMap { $0.operation["operationId"] as? String }).count == all.count)
        }
    }

    @Test func `is a page that needs nothing from elsewhere`() async throws {
        try await SidePort().serve { http in
            let page = await http.get("/docs")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(
                page.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            for foreign in ["://", "@import", "url(", "<link", "<img", "<iframe", " src="] {
                #expect(!page.body.contains(foreign), "\(foreign)")
            }
            #expect(page.body.contains("prefers-color-scheme: dark"))
            #expect(page.body.contains(#"fetch("/openapi.json")"#))
            #expect(await http.get("/redoc").body == page.body)
        }
    }
}
