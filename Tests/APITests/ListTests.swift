import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `API lists` {
    @Test func `come as CSV with the members as columns and the digits unchanged`() async throws {
        try await SidePort().serve { http in
            let answer = await http.get("/api/v1/ticks/AAPL?limit=1&format=csv")
            #expect(answer.headers["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(answer.headers["x-next-before"] == "0.4096.3")
            #expect(
                answer.body
                    == "price,size,timestamp,sequence_number,conditions,exchange,received_at,"
                    + "source,late,position\r\n"
                    + "231.44,100,2026-01-02T14:30:03.000Z,3,[],0,2026-01-02T14:30:03.000Z,"
                    + "massive,false,0.4096.3\r\n")
        }
    }

    @Test func `come as CSV without rows when there are none`() async throws {
        let answer = try await SidePort().serve {
            await $0.get("/api/v1/ticks/BRK%2FB?format=csv")
        }
        #expect(answer.body.split(separator: "\r\n").count == 1)
    }

    @Test func `quote what CSV must quote, and keep a headline from being a formula`() {
        let rows: [JSON] = [["a": .text("=1+1"), "b": .text("say \"x\",\ny"), "c": .null]]
        let text = String(decoding: CSV.bytes(rows, columns: ["a", "b", "c"]), as: UTF8.self)
        #expect(text == "a,b,c\r\n'=1+1,\"say \"\"x\"\",\ny\",\r\n")
    }

    @Test func `page through anomalies and dead letters with their cursors`() async throws {
        let port = SidePort()
        port.history.rows.withLock { rows in
            rows.deadLetters.append(rows.deadLetters[0])
            rows.deadLetters[1].position = Morning.position(4)
        }
        try await port.serve { http in
            for (path, ids) in [
                ("/anomalies?hours=168", 3), ("/api/v1/dead-letters?hours=1", 2),
            ] {
                var seen: [String] = []
                var cursor: String? = ""
                while let next = cursor {
                    let query = next.isEmpty ? "" : "&before=" + next
                    let answer = await http.get(path + "&limit=1" + query)
                    let page = try #require(
                        JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
                    )
                    let rows = try #require(
                        (page["anomalies"] ?? page["dead_letters"]) as? [[String: Any]])
                    seen += rows.compactMap { $0["id"] as? String }
                    cursor = page["next_before"] as? String
                }
                #expect(seen.count == ids)
                #expect(Set(seen).count == ids)
            }
        }
    }

    @Test func `of bars keep to the moments asked for, the open bar included`() async throws {
        try await SidePort().serve { http in
            let minute = "/api/v2/intraday/prices/AAPL?interval=1m"
            let all = await http.get(minute)
            #expect(all.body.contains(#""start":"2026-01-02T14:39:00.000Z""#))
            let older = await http.get(minute + "&end=2026-01-02T14:39:00Z")
            #expect(!older.body.contains(#""start":"2026-01-02T14:39:00.000Z""#))
            #expect(older.body.contains(#""start":"2026-01-02T14:38:00.000Z""#))
            let page = await http.get(minute + "&limit=1")
            #expect(page.body.contains(#""next_end":"2026-01-02T14:39:00.000Z""#))
            let never = await http.get(minute + "&start=9999-12-31T23:59:59Z")
            #expect(never.status == 200)
            #expect(never.body.contains(#""bars":[]"#))
        }
    }

    @Test func `are taken from the client's own copy while it is the same`() async throws {
        try await SidePort().serve { http in
            let first = await http.get("/api/v1/symbols")
            let tag = try #require(first.headers["etag"])
            #expect(first.headers["cache-control"] == "private, max-age=5")
            let again = await http.get("/api/v1/symbols", headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again.headers["etag"] == tag)
            let other = await http.get("/api/v1/symbols", headers: ["If-None-Match": "\"0\""])
            #expect(other.status == 200)
        }
    }
}
