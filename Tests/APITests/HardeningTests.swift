import Foundation
import Logging
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import API

@Suite struct `API hardening` {
    static let token = ["Authorization": "Bearer \(SidePort.secret)"]

    @Test func `listens on loopback unless it is told otherwise`() {
        #expect(APISettings().address == "127.0.0.1")
        #expect(APISettings().isLoopback)
    }

    @Test func `lets no other site read an answer`() async throws {
        try await SidePort().serve { http in
            let foreign = ["Origin": "http://evil.test"]
            for path in ["/quotes/AAPL", "/health", "/docs", "/nowhere"] {
                let answer = await http.get(path, headers: foreign)
                let cors = answer.headers.keys.filter { $0.hasPrefix("access-control") }
                #expect(cors.isEmpty, "\(path)")
            }
            let preflight = await http.send(
                "OPTIONS", "/quotes/AAPL",
                headers: foreign.merging(["Access-Control-Request-Method": "GET"]) { $1 })
            #expect(preflight.status == 405)
        }
    }

    @Test func `gives up on headers that drip in, however steadily`() async throws {
        var settings = SidePort.settings()
        settings.headerTimeout = .milliseconds(300)
        try await SidePort().serve(settings) { http in
            let head = Array("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".utf8)
            let seconds = await http.drip(head, everyMilliseconds: 50, secondsMax: 10)
            #expect(seconds < 5)
            #expect(await http.get("/health").status == 200)
        }
    }

    @Test func `stays answerable beside a thousand half-open connections`() async throws {
        var settings = SidePort.settings()
        settings.headerTimeout = .milliseconds(500)
        settings.connectionsMax = 64
        try await SidePort().serve(settings) { http in
            let half = HalfOpen(port: http.port, count: 1000)
            #expect(half.count > 900)
            #expect(await http.get("/health").status == 200)
            half.close()
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 60_000), String(repeating: #"{"note":"#, count: 8000),
        #"{"note":"# + String(repeating: "9", count: 60_000) + "}", #"{"note":"\ud800"}"#,
        "\u{0}", #"{"note":["x"]}"#,
    ])
    func `refuses bodies that are deep, huge or broken`(body: String) async throws {
        try await SidePort().serve { http in
            let json = Self.token.merging(["Content-Type": "application/json"]) { $1 }
            let path = "/anomalies/\(Morning.episodeID)/ack"
            #expect(await http.send("POST", path, headers: json, body: body).status == 400)
            #expect(await http.get("/health").status == 200)
        }
    }

    @Test(arguments: [
        "/quotes/..%2F..%2Fetc%2Fpasswd", "/../../etc/passwd", "/quotes/../../etc/passwd",
        "/quotes/%2e%2e%2f%2e%2e%2fetc", "//etc/passwd", "/docs/../../etc/passwd",
        "/quotes/AAPL'%20OR%20'1'='1", "/quotes/AAPL%3BDROP%20TABLE%20trades", "/quotes/%00",
        "/anomalies?kind=velocity'--", "/api/v1/ticks/AAPL?before=1.1.1;DELETE",
        "/sentiment/AAPL%22", "/api/v1/aggregated/AAPL?window=1m'--", "/quotes/AAPL%0d%0aX:1",
    ])
    func `takes no path or query for more than it says`(path: String) async throws {
        let answer = try await SidePort().serve { await $0.get(path) }
        #expect([404, 422].contains(answer.status), "\(path): \(answer.status)")
        #expect(!answer.body.contains("root:"))
        #expect(answer.headers["x"] == nil)
    }

    @Test func `never tells its token, in any answer or log`() async throws {
        let canary = "canary-4f1c-in-the-token"
        let log = CapturedLog()
        let port = SidePort()
        let server = try port.server(
            SidePort.settings(), token: APIToken(explicit: canary), logger: log.logger)
        let http = HTTPConversation(port: try await server.start())
        var told = ""
        let given = ["Authorization": "Bearer \(canary)"]
        let near = ["Authorization": "Bearer \(canary.dropLast())x"]
        let paths =
            `API description`.asked + ["/openapi.json", "/ws", "/ws/prices/AAPL", "/", "/%"]
        for headers in [[:], given, near] {
            for path in paths {
                for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] {
                    let answer = await http.send(method, path, headers: headers)
                    told += answer.body + answer.headers.map { $0.key + $0.value }.joined()
                }
            }
            let ack = "/anomalies/\(Morning.episodeID)/ack"
            told += await http.send("POST", ack, headers: headers).body
        }
        port.history.rows.withLock { $0.failure = ScriptedHistory.StoreFailure() }
        told += await http.get("/anomalies", headers: given).body
        await server.stop()
        #expect(told.count > 100_000)
        #expect(!told.contains(canary))
        #expect(!log.text.contains(canary))
    }
}

/// Everything a logger is told, at any level.
private final class CapturedLog: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "captured") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
        }
    }
}
