import Engine
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `Indicators on the port` {
    @Test func `are waited for when the snapshot leaves the ticker out`() async throws {
        let port = SidePort()
        var snapshot = Morning.snapshot
        snapshot.tickers[0].indicators = nil
        port.board.publish(snapshot)
        try await port.serve { http in
            async let answer = http.get("/api/v1/indicators/AAPL")
            while port.board.watchedTickers.isEmpty { await Task.yield() }
            #expect(port.board.watchedTickers == ["AAPL"])
            port.board.publish(Morning.snapshot)
            let body = await answer.body
            #expect(body.contains(#""bar_count":9"#), "\(body)")
        }
    }

    @Test func `that do not come are not there yet`() async throws {
        let port = SidePort()
        var snapshot = Morning.snapshot
        snapshot.tickers[0].indicators = nil
        port.board.publish(snapshot)
        let answer = try await port.serve { await $0.get("/api/v1/indicators/AAPL") }
        #expect(answer.status == 503)
    }

    @Test(arguments: [
        ("/api/v1/indicators/NOPE", 404), ("/api/v1/indicators/AAPL?interval=2m", 422),
        ("/api/v1/indicators/AAPL?limit=0", 422), ("/api/v1/indicators/AAPL?limit=1001", 422),
    ])
    func `refuse what they do not know`(path: String, status: Int) async throws {
        #expect(try await SidePort().serve { await $0.get(path) }.status == status)
    }

    @Test func `are the same under each of the paths`() async throws {
        try await SidePort().serve { http in
            let wanted = await http.get("/api/v1/indicators/AAPL?limit=3").body
            for kind in ["realtime", "intraday", "historical"] {
                #expect(await http.get("/api/v2/\(kind)/analytics/AAPL?limit=3").body == wanted)
            }
        }
    }
}
