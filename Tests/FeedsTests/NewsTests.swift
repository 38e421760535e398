import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite("Whom the news poller asks, and when")
struct NewsScheduleTests {
    private static let tickers: [Symbol] = ["AAPL", "AMZN", "MSFT", "NVDA", "TSLA", "AMD", "META"]

    /// Every request of a stretch of time, looking every 10 ms.
    private func requests(_ schedule: inout NewsSchedule, seconds: Int) -> [(Symbol, Timestamp)] {
        var made: [(Symbol, Timestamp)] = []
        for step in 0..<seconds * 100 {
            let now = TestMorning.open.advanced(by: .milliseconds(10 * step))
            if case .ask(let symbol) = schedule.next(at: now) { made.append((symbol, now)) }
        }
        return made
    }

    @Test func `asks one ticker after the other, never more than the budget in any minute`() {
        var schedule = NewsSchedule(Self.tickers, every: .seconds(5), requestsPerMinute: 20)
        let made = requests(&schedule, seconds: 300)
        #expect(made.map(\.0) == (0..<made.count).map { Self.tickers[$0 % 7] })
        for (index, request) in made.enumerated() where index >= 20 {
            #expect(request.1.duration(since: made[index - 20].1) >= .seconds(60))
        }
        #expect(made.count == 100)
    }

    @Test func `asks no ticker more often than wished, and never two at once`() {
        var schedule = NewsSchedule(Self.tickers, every: .seconds(30), requestsPerMinute: 1000)
        let made = requests(&schedule, seconds: 120)
        #expect(made.count == 28)
        for symbol in Self.tickers {
            let times = made.filter { $0.0 == symbol }.map(\.1)
            for (one, next) in zip(times, times.dropFirst()) {
                #expect(next.duration(since: one) >= .seconds(30))
            }
        }
        for (one, next) in zip(made, made.dropFirst()) {
            #expect(next.1.duration(since: one.1) >= NewsSchedule.spacing)
        }
    }

    @Test func `waits when it is told to, and leaves out whom it cannot ask for`() {
        let now = TestMorning.open
        var schedule = NewsSchedule(["AAPL", "MSFT", "TSLA"], every: .zero, requestsPerMinute: 9)
        func turn(after seconds: Int) -> NewsSchedule.Turn {
            schedule.next(at: now.advanced(by: .seconds(seconds)))
        }
        #expect(turn(after: 0) == .ask("AAPL"))
        schedule.hold(until: now.advanced(by: .seconds(7)))
        #expect(turn(after: 3) == .wait(.seconds(4)))
        schedule.drop("MSFT")
        #expect(turn(after: 7) == .ask("TSLA"))
        #expect(turn(after: 8) == .ask("AAPL"))
        schedule.drop("TSLA")
        schedule.drop("AAPL")
        #expect(turn(after: 9) == .nobody)
    }
}

@Suite("What a provider's answer to a request for news means")
struct NewsVerdictTests {
    private let now = TestMorning.open  // Fri, 02 Jan 2026 14:30:00 GMT

    private func verdict(_ status: Int, _ body: String = "", _ headers: [String: String] = [:])
        -> NewsVerdict
    {
        NewsVerdict(status: status, body: Array(body.utf8), now: now) { headers[$0] }
    }

    @Test(
        arguments: [
            (["Retry-After": "7"], 7.0), (["Retry-After": "0.5"], 0.5),
            (["Retry-After": "Fri, 02 Jan 2026 14:30:20 GMT"], 20),
            (["Retry-After": "Fri, 02 Jan 2026 14:29:00 GMT"], 0),
            (["X-Ratelimit-Reset": "1767364233"], 33), (["Retry-After": "1e30"], 3600),
        ] as [([String: String], Double)])
    func `too many requests: patience for as long as it says`(
        headers: [String: String], seconds: Double
    ) {
        #expect(verdict(429, "", headers) == .limited(retryAfter: .seconds(seconds)))
    }

    @Test func `too many requests without a time: patience of our own`() {
        #expect(verdict(429) == .limited(retryAfter: nil))
        #expect(verdict(429, "", ["Retry-After": "soon"]) == .limited(retryAfter: nil))
    }

    @Test func `a key that is none is told from a plan that is too small, and from trouble`() {
        #expect(
            verdict(401, #"{"error":"Invalid API key"}"#)
                == .keyRefused(reason: "the provider answered 401: Invalid API key"))
        #expect(
            verdict(429, #"{"error":"Please sign up for a key"}"#)
                == .keyRefused(reason: "the provider answered 429: Please sign up for a key"))
        #expect(
            verdict(403, #"{"error":"You don't have access to this resource."}"#)
                == .notEntitled(
                    reason: "the provider answered 403: You don't have access to this resource."))
        #expect(verdict(502) == .failed(reason: "the provider answered 502"))
        #expect(verdict(302) == .failed(reason: "the provider answered 302"))
        #expect(
            verdict(200, "<html>", ["Content-Type": "text/html; charset=utf-8"])
                == .failed(reason: "the provider answered with a page instead of data"))
        #expect(verdict(200, "[]", ["Content-Type": "application/json"]) == .answered)
    }
}

@Suite("A provider's list of articles")
struct NewsAnswerTests {
    private func events(_ items: [NewsAnswer.Item], _ source: FeedSource) -> EventBatch {
        var decoder = RecordDecoder()
        var batch = EventBatch()
        for item in items {
            let start = batch.bytes.count
            batch.bytes += item.payload
            decoder.decode(
                kind: .article, source: source, receivedAt: TestMorning.open, position: .start,
                payload: start..<batch.bytes.count, into: &batch)
        }
        return batch
    }

    private let finnhub = #"""
        [{"category":"company","datetime":1767270600,"headline":"Acme lifts full-year outlook",
          "id":900002,"image":"","related":"ACME,AAPL","source":"Example Wire",
          "summary":"Orders grew.","url":"https://example.com/a"},
         {"category":"company","datetime":1767270000,"headline":"Acme &amp; Co","id":900001,
          "image":"","related":"","source":"Example Wire","summary":"","url":""}]
        """#

    @Test func `of Finnhub becomes records about the ticker asked for, oldest first`() throws {
        let answer = try #require(NewsAnswer(Array(finnhub.utf8), from: .finnhub, about: "ACME"))
        #expect(answer.isComplete)
        let batch = events(answer.items, .finnhub)
        #expect(batch.refusals.isEmpty)
        #expect(batch.articles.map(\.articleID) == ["900001", "900002"])
        #expect(batch.articles.map(\.symbol) == ["ACME", "ACME"])
        #expect(
            batch.articles.map(\.headline) == ["Acme & Co", "Acme lifts full-year outlook"])
        #expect(batch.articles[1].publishedAt == Timestamp(seconds: 1_767_270_600))
    }

    @Test func `of Massive becomes the same, with its own id and publisher`() throws {
        let body = #"""
            {"status":"OK","count":1,"next_url":"https://x","results":[{"id":"a1b2","publisher":
            {"name":"Example Wire","homepage_url":""},"title":"Acme \"wins\"","author":"A",
            "published_utc":"2026-01-02T14:00:05Z","article_url":"https://example.com/b",
            "tickers":["ACME","AAPL"],"description":"A contract.","insights":null}]}
            """#
        let answer = try #require(NewsAnswer(Array(body.utf8), from: .massive, about: "ACME"))
        let batch = events(answer.items, .massive)
        #expect(
            batch.articles == [
                NewsArticle(
                    articleID: "a1b2", symbol: "ACME", headline: "Acme \"wins\"",
                    summary: "A contract.", publisher: "Example Wire",
                    url: "https://example.com/b",
                    publishedAt: TestMorning.open.advanced(by: .seconds(-1795)))
            ])
    }

    @Test func `may be empty`() throws {
        #expect(NewsAnswer(Array("[]".utf8), from: .finnhub, about: "A")?.items.isEmpty == true)
        let empty = Array(#"{"status":"OK","count":0}"#.utf8)
        #expect(NewsAnswer(empty, from: .massive, about: "A")?.items.isEmpty == true)
    }

    @Test(arguments: ["", "<html>", "{}", "null", #"{"error":"x"}"#, #"{"status":"ERROR"}"#])
    func `is no list at all`(body: String) {
        for provider in NewsProvider.allCases {
            #expect(NewsAnswer(Array(body.utf8), from: provider, about: "A") == nil)
        }
    }

    @Test func `that breaks off keeps what is whole, and the rest as one that is refused`() throws {
        let cut = Array(finnhub.utf8.dropLast(80))
        let answer = try #require(NewsAnswer(cut, from: .finnhub, about: "ACME"))
        #expect(!answer.isComplete)
        let batch = events(answer.items, .finnhub)
        #expect(batch.articles.map(\.articleID) == ["900002"])
        #expect(batch.refusals.map(\.reason) == [.malformed])
        // The broken one has not been seen, though its id could be read.
        let whole = try #require(NewsAnswer(Array(finnhub.utf8), from: .finnhub, about: "ACME"))
        #expect(!answer.items.map(\.identity).contains(whole.items[0].identity))
        #expect(answer.items.map(\.identity).contains(whole.items[1].identity))
    }

    @Test func `with an article that is none keeps the others`() throws {
        for broken in ["7", "{}", #"{"id":5}"#, #"{"id":5,"headline":}"#] {
            let body = Array("[\(broken),\(finnhub.dropFirst())".utf8)
            let answer = try #require(NewsAnswer(body, from: .finnhub, about: "ACME"))
            let batch = events(answer.items, .finnhub)
            #expect(batch.articles.count == 2, "\(broken)")
            #expect(batch.refusals.count == 1, "\(broken)")
        }
    }

    @Test func `cannot make its reader fail, however it is damaged`() {
        var random = SeededRandom(seed: 77)
        let body = Array(finnhub.utf8)
        for _ in 0..<3000 {
            var damaged = body
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            guard let answer = NewsAnswer(damaged, from: .finnhub, about: "ACME") else { continue }
            let batch = events(answer.items, .finnhub)
            #expect(batch.events.count >= answer.items.count)
        }
    }
}

@Suite("Articles seen")
struct SeenArticlesTests {
    @Test func `are known again, and no more than a bounded number of them`() {
        var seen = SeenArticles()
        func isNew(_ id: UInt64) -> Bool { seen.insert(id) }
        for id in 0..<5000 as Range<UInt64> { #expect(isNew(id)) }
        for id in UInt64(5000 - SeenArticles.capacity)..<5000 { #expect(!isNew(id)) }
        #expect(isNew(1))
    }
}
