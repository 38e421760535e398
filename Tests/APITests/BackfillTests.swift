import API
import Foundation
import MarketModel
import TestSupport
import Testing

extension Backfill {
    /// Of a provider that has 390 minutes of every day.
    static func known(_ minutes: Int = 390) -> Backfill {
        Backfill(
            provider: "massive", today: { CivilDate(daysSince1970: 20_455) },
            fetch: { (_: Symbol, first: CivilDate, last: CivilDate) -> Backfill.Fetched in
                let days = Int(last.daysSince1970 - first.daysSince1970) + 1
                return Backfill.Fetched(days: days, minutes: days * minutes)
            })
    }
}

@Suite struct `Backfilling over the port` {
    private struct Refused: Error, CustomStringConvertible { var description: String }

    private let path = "/api/v1/backfill/AAPL"
    private let token = ["Authorization": "Bearer \(SidePort.secret)"]

    @Test func `asks the feed's provider, with the token`() async throws {
        try await SidePort().serve { http in
            #expect(await http.send("POST", path).status == 401)
            let answer = await http.send(
                "POST", path + "?from=2025-12-30&to=2025-12-31", headers: token)
            #expect(answer.status == 200)
            #expect(
                answer.body
                    == #"{"ticker":"AAPL","provider":"massive","from":"2025-12-30","#
                    + #""to":"2025-12-31","days":2,"minutes":780}"#)
            let today = await http.send("POST", path, headers: token)
            #expect(today.body.contains(#""from":"2026-01-02","to":"2026-01-02","days":1"#))
        }
    }

    @Test(
        arguments: [
            ("?from=2025-12-30&to=2025-12-29", 0), ("?from=2025-01-30&to=2025-12-31", 31),
            ("?from=2026-01-01&to=2099-01-01", 2),
        ])
    func `fetches a month at most, and nothing of days to come`(_ query: String, _ days: Int)
        async throws
    {
        try await SidePort().serve { http in
            let answer = await http.send("POST", path + query, headers: token)
            #expect(answer.status == 200 && answer.body.contains("\"days\":\(days),"))
        }
    }

    @Test(arguments: ["?from=2025-02-30", "?to=yesterday"])
    func `refuses what is no day`(_ query: String) async throws {
        try await SidePort().serve { http in
            #expect(await http.send("POST", path + query, headers: token).status == 422)
        }
    }

    @Test func `says what the provider said, and when there is none`() async throws {
        var port = SidePort()
        port.backfill?.fetch = { _, _, _ in throw Refused(description: "403: not in your plan") }
        try await port.serve { http in
            let refused = await http.send("POST", path, headers: token)
            #expect(refused.status == 502 && refused.body.contains("403: not in your plan"))
        }
        port.backfill = nil
        try await port.serve { http in
            #expect(await http.send("POST", path, headers: token).status == 409)
        }
    }
}
