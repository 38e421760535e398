import Foundation
import TestSupport
import Testing

/// 10 000 requests with `TICKTOP_PROVE=1`, a sample of them otherwise; `TICKTOP_SEED` repeats a
/// run.
@Suite struct `API on malformed requests` {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    @Test func `is never at fault, and answers the next one`() async throws {
        let seed = UInt64(Self.environment["TICKTOP_SEED"] ?? "") ?? 20_260_102
        let count = Self.environment["TICKTOP_PROVE"] == "1" ? 10_000 : 400
        var random = SeededRandom(seed: seed)
        var settings = SidePort.settings()
        settings.headerTimeout = .milliseconds(150)
        settings.requestTimeout = .milliseconds(300)
        try await SidePort().serve(settings) { http in
            var statuses: [Int: Int] = [:]
            for turn in 0..<count {
                let bytes = Malformed.request(turn, port: http.port, &random)
                let answer = HTTPAnswer(
                    await http.exchange(bytes, waitSeconds: 2, endsInput: turn % 9 >= 5))
                statuses[answer.status, default: 0] += 1
                #expect(answer.status < 500, "seed \(seed), turn \(turn): \(answer.status)")
                if turn % 50 == 0 { #expect(await http.get("/health").status == 200) }
            }
            print("answers to \(count) malformed requests by status: \(statuses)")
            #expect(statuses[400] ?? 0 > 0 && statuses[422] ?? 0 > 0)
        }
    }
}

/// Requests no client would send.
private enum Malformed {
    private static let paths = [
        "/quotes/AAPL", "/anomalies", "/anomalies/AAPL", "/api/v1/ticks/AAPL", "/sentiment/AAPL",
        "/api/v1/aggregated/AAPL", "/api/v2/intraday/prices/AAPL", "/api/v1/dead-letters",
        "/api/v2/historical/prices/AAPL", "/features/AAPL", "/metrics", "/openapi.json", "/ws",
        "/ws/prices/AAPL", "/anomalies/x/ack",
    ]
    private static let names = [
        "hours", "limit", "before", "state", "kind", "severity", "start", "end", "start_date",
        "format", "window", "interval", "adjusted", "%00", "",
    ]

    static func request(_ turn: Int, port: Int, _ random: inout SeededRandom) -> [UInt8] {
        let noise = (0..<Int.random(in: 1...80, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        let encoded = noise.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let path = paths.randomElement(using: &random) ?? "/"
        let end = "Host: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        var valid = Array("GET \(path)?limit=1 HTTP/1.1\r\n\(end)\r\n".utf8)
        switch turn % 9 {
        case 0: return noise + Array("\r\n\r\n".utf8)
        case 1:
            valid[Int.random(in: 0..<valid.count, using: &random)] = noise[0]
            return valid
        case 2:
            return Array("GET /anomalies/\(encoded)?hours=\(encoded) HTTP/1.1\r\n\(end)\r\n".utf8)
        case 3:
            let name = names.randomElement(using: &random) ?? ""
            return Array("GET \(path)?\(name)=\(encoded) HTTP/1.1\r\n\(end)\r\n".utf8)
        case 4: return withBody(noise, length: noise.count, end)
        case 5: return withBody(noise, length: Int.random(in: -5...200, using: &random), end)
        case 6:
            let head = "POST /anomalies/x/ack HTTP/1.1\r\n\(end)Transfer-Encoding: chunked\r\n\r\n"
            return Array(head.utf8) + noise
        case 7:
            let head =
                "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            return Array(head.utf8) + noise
        default:
            valid.removeSubrange(Int.random(in: 0..<valid.count, using: &random)...)
            return valid + noise
        }
    }

    /// A body that is no JSON, of a length that may not be its own.
    private static func withBody(_ body: [UInt8], length: Int, _ end: String) -> [UInt8] {
        let head =
            "POST /anomalies/x/ack HTTP/1.1\r\n\(end)Authorization: Bearer \(SidePort.secret)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
        return Array(head.utf8) + body
    }
}
