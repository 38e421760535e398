import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `API payloads` {
    static let payloads = [
        ("/quotes/AAPL", "quote.json"), ("/quotes/BRK%2FB", "quote-empty.json"),
        ("/aggregations/AAPL", "aggregations.json"),
        ("/features/AAPL", "features.json"), ("/features/BRK%2FB", "features-empty.json"),
        ("/anomalies?hours=168", "anomalies.json"),
        ("/anomalies/AAPL?state=open&severity=high", "anomalies-filtered.json"),
        ("/sentiment/AAPL", "sentiment.json"),
        ("/sentiment/BRK%2FB", "sentiment-empty.json"),
        ("/api/v1/ticks/AAPL?limit=2", "ticks.json"),
        ("/api/v1/aggregated/AAPL?window=1min", "bars.json"),
        ("/api/v2/intraday/prices/AAPL?interval=1m&limit=2", "intraday.json"),
        ("/api/v2/historical/prices/AAPL", "historical.json"), ("/api/v1/market", "market.json"),
        ("/api/v1/symbols", "symbols.json"), ("/api/v1/dead-letters", "dead-letters.json"),
        ("/api/v1/indicators/AAPL", "indicators.json"),
        ("/api/v1/indicators/AAPL?interval=1min&limit=2", "indicators-series.json"),
        ("/api/v1/indicators/BRK%2FB?interval=1h", "indicators-empty.json"),
        ("/api/v1/predictions/AAPL", "prediction.json"),
        ("/api/v1/predictions/BRK%2FB", "prediction-empty.json"),
        ("/api/v1/earnings/AAPL?sessions=3", "earnings.json"),
        ("/api/v1/earnings/BRK%2FB", "earnings-empty.json"),
        ("/health", "health.json"),
    ]

    @Test(arguments: payloads) func `are what a person has read`(path: String, name: String)
        async throws
    {
        let answer = try await SidePort().serve { await $0.get(path) }
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["content-length"] == String(answer.body.utf8.count))
        _ = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
        try Golden.expect(answer.body, equals: name)
    }

    @Test func `print prices and sizes as their exact decimals`() async throws {
        let answer = try await SidePort().serve { await $0.get("/quotes/AAPL") }
        #expect(answer.body.contains(#""price":231.440100001,"volume":0.00000001,"#))
    }

    @Test func `come under both of a resource's paths`() async throws {
        try await SidePort().serve { http in
            let quote = await http.get("/quotes/AAPL")
            let latest = await http.get("/api/v1/latest/AAPL")
            #expect(quote.body == latest.body)
            #expect(quote.headers["cache-control"] == "private, max-age=1")
        }
    }

    @Test func `page through trades with the cursor`() async throws {
        try await SidePort().serve { http in
            let first = await http.get("/api/v1/ticks/AAPL?limit=2")
            #expect(first.body.contains(#""next_before":"0.4096.2""#))
            let second = await http.get("/api/v1/ticks/AAPL?limit=2&before=0.4096.2")
            #expect(second.body.contains(#""sequence_number":1,"#))
            #expect(!second.body.contains(#""sequence_number":2,"#))
            #expect(second.body.contains(#""next_before":null"#))
        }
    }

    @Test func `say stale once a quote is older than ten seconds`() async throws {
        let port = SidePort()
        port.clock.advance(by: .seconds(11))
        let answer = try await port.serve { await $0.get("/quotes/AAPL") }
        #expect(answer.body.contains(#""age_ms":11250,"stale":true"#))
    }

    @Test func `have no body for HEAD but the length of GET's`() async throws {
        try await SidePort().serve { http in
            let whole = await http.get("/quotes/AAPL")
            let head = await http.send("HEAD", "/quotes/AAPL")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.headers["content-length"] == whole.headers["content-length"])
        }
    }

    @Test func `escape what JSON says must be escaped and nothing else`() {
        let json: JSON = ["a\"\\\n\r\t\u{1}\u{1F}é€": .list([.null, .bool(true), .of(-0.5)])]
        let expected = #"{"a\"\\\n\r\t\u0001\u001fé€":[null,true,-0.5]}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test func `print null for a statistic that is no number`() {
        let json = JSON.list([.of(Double.nan), .of(Double.infinity), .of(nil as Price?)])
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[null,null,null]")
    }
}
