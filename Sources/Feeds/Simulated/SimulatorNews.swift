import Foundation
import MarketModel
import NIOHTTP1
import Synchronization

/// The simulated provider's news: the demo market's headlines in Finnhub's and in Massive's shape,
/// and refusals and garbage on demand.
final class SimulatorNews: Sendable {
    struct Answer {
        var status = HTTPResponseStatus.ok
        var headers: [(name: String, value: String)] = []
        var body: String

        static func refused(_ status: HTTPResponseStatus, _ error: String) -> Answer {
            Answer(status: status, body: #"{"error":"\#(error)"}"#)
        }
    }

    private struct Record {
        var random: SimulatedRandom
        var counts = SimulatorNewsCounts()
    }

    private static let oldest = Duration.seconds(86_400)
    private let options: ProviderSimulatorOptions
    private let news: DemoNews
    private let clock: any MarketClock
    private let record: Mutex<Record>

    init(_ options: ProviderSimulatorOptions, clock: any MarketClock) {
        self.options = options
        self.clock = clock
        let noise = SimulatedNoise(seed: options.seed)
        news = DemoNews(
            listings: DemoListing.listings(options.symbols, noise: noise),
            plan: DemoBurstPlan(symbols: options.symbols, noise: noise, every: nil), noise: noise)
        record = Mutex(Record(random: SimulatedRandom(seed: options.seed ^ 0x4E45_5753)))
    }

    var counts: SimulatorNewsCounts { record.withLock { $0.counts } }

    /// Finnhub's `/api/v1/company-news`.
    func companyNews(_ query: [String: String]) -> Answer {
        faulty(about: query["symbol"]) { symbol in
            guard let from = SimulatorNews.day(query["from"]),
                let to = SimulatorNews.day(query["to"])
            else { return .refused(.unprocessableEntity, "bad dates") }
            let until = min(to.advanced(by: .seconds(86_400)), clock.now)
            let articles = stories(about: symbol, from: from, to: until).map {
                String(decoding: DemoNews.json($0), as: UTF8.self)
            }
            return Answer(body: "[\(articles.joined(separator: ","))]")
        }
    }

    /// Massive's `/v2/reference/news`.
    func referenceNews(_ query: [String: String]) -> Answer {
        faulty(about: query["ticker"]) { symbol in
            let text = query["published_utc.gte"] ?? ""
            guard let from = SimulatorNews.day(text) ?? Timestamp(rfc3339: text) else {
                return .refused(.badRequest, "bad published_utc.gte")
            }
            let limit = Int(query["limit"] ?? "") ?? 10
            let rows = stories(about: symbol, from: from, to: clock.now).prefix(limit)
                .map(SimulatorNews.row)
            return Answer(
                body: #"{"status":"OK","request_id":"simulated","count":\#(rows.count),"#
                    + #""results":[\#(rows.joined(separator: ","))]}"#)
        }
    }

    /// Newest first; of the last 24 hours only.
    private func stories(about symbol: String, from: Timestamp, to: Timestamp) -> [DemoNews.Story] {
        let oldest = clock.now.advanced(by: SimulatorNews.oldest * -1)
        guard to > from, to > oldest else { return [] }
        return news.stories(from: max(from, oldest), to: to)
            .filter { $0.symbol.description == symbol }.reversed()
    }

    /// An answer, unless it is the turn of a fault.
    private func faulty(about symbol: String?, _ answer: (String) -> Answer) -> Answer {
        guard let symbol, !symbol.isEmpty else {
            return .refused(.unprocessableEntity, "missing symbol")
        }
        let faults = options.faults
        let (isLimited, isGarbled) = record.withLock { record in
            record.counts.requests += 1
            let isLimited = record.random.chance(faults.newsLimited)
            let isGarbled = record.random.chance(faults.newsGarbage)
            if isLimited {
                record.counts.limited += 1
            } else if isGarbled {
                record.counts.garbled += 1
            }
            return (isLimited, isGarbled)
        }
        if isLimited {
            var limited = Answer.refused(
                .tooManyRequests,
                "API limit reached. Please try again later. Remaining Limit: 0")
            limited.headers = [("Retry-After", "\(faults.newsRetryAfter.components.seconds)")]
            return limited
        }
        var given = answer(symbol)
        if isGarbled, given.status == .ok {
            // Cut off in the middle of an article, as by a connection that broke.
            given.body = String(given.body.dropLast(given.body.count / 2 + 1)) + "\u{1}"
        }
        return given
    }

    private static func row(_ story: DemoNews.Story) -> String {
        #"{"id":"demo-\#(story.id)","publisher":{"name":"Demo Wire","homepage_url":"","#
            + #""logo_url":"","favicon_url":""},"title":\#(DemoNews.quoted(story.headline)),"#
            + #""author":"Demo","published_utc":"\#(story.publishedAt)","#
            + #""article_url":"https://example.com/demo/\#(story.id)","#
            + #""tickers":["\#(story.symbol)"],"#
            + #""description":\#(DemoNews.quoted(story.summary)),"keywords":[]}"#
    }

    /// `2026-01-02`
    private static func day(_ text: String?) -> Timestamp? {
        let parts = (text ?? "").split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3,
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else { return nil }
        return Timestamp(seconds: date.daysSince1970 * 86_400)
    }
}

/// What was asked of the simulated news.
public struct SimulatorNewsCounts: Equatable, Sendable {
    public var requests: Int64 = 0
    /// Answered with 429.
    public var limited: Int64 = 0
    /// Answered with what is no list.
    public var garbled: Int64 = 0

    public init() {}
}
