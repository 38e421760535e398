import Foundation
import MarketModel
import NIOCore
import NIOHTTP1

/// The simulated provider's REST: Massive's previous close, minute and day aggregates, Finnhub's
/// quote, and the news and reference data of both.
final class SimulatorREST: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    static let handlerName = "simulator REST"

    private let options: ProviderSimulatorOptions
    private let clock: any MarketClock
    private let news: SimulatorNews
    private let reference: SimulatorReference
    private var head: HTTPRequestHead?

    init(_ options: ProviderSimulatorOptions, news: SimulatorNews, clock: any MarketClock) {
        self.options = options
        self.news = news
        self.clock = clock
        reference = SimulatorReference(options, clock: clock)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            respond(context, head, answer(head))
        }
    }

    private func respond(
        _ context: ChannelHandlerContext, _ request: HTTPRequestHead, _ answer: SimulatorNews.Answer
    ) {
        let body = answer.body
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.utf8.count),
        ]
        for (name, value) in answer.headers { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(
            version: request.version, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !request.isKeepAlive { context.close(promise: nil) }
    }

    private func answer(_ head: HTTPRequestHead) -> SimulatorNews.Answer {
        guard let parts = URLComponents(string: head.uri) else {
            return SimulatorNews.Answer(status: .badRequest, body: "{}")
        }
        let query = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        let path = parts.path.split(separator: "/").map(String.init)
        guard isAllowed(head, query) else {
            return SimulatorNews.Answer(
                status: .unauthorized,
                body: #"{"status":"ERROR","request_id":"simulated","error":"Unknown API Key"}"#)
        }
        switch path {
        case ["api", "v1", "company-news"]: return news.companyNews(query)
        case ["v2", "reference", "news"]: return news.referenceNews(query)
        case ["api", "v1", "quote"]: return quote(query["symbol"] ?? "")
        case ["api", "v1", "stock", "profile2"]: return reference.profile(query["symbol"] ?? "")
        case ["api", "v1", "stock", "earnings"]: return reference.earnings(query)
        case ["api", "v1", "calendar", "earnings"]: return reference.calendar(query)
        default:
            if path.count == 4, path[0...2] == ["v3", "reference", "tickers"] {
                return reference.details(path[3])
            }
            let (status, body) = aggregates(path)
            return SimulatorNews.Answer(status: status, body: body)
        }
    }

    private func aggregates(_ path: [String]) -> (HTTPResponseStatus, String) {
        switch path.count {
        case 5 where path[0...2] == ["v2", "aggs", "ticker"] && path[4] == "prev":
            previousClose(path[3])
        case 9
        where path[0...2] == ["v2", "aggs", "ticker"] && path[4...6] == ["range", "1", "minute"]:
            minuteBars(path[3], from: path[7], to: path[8])
        case 9
        where path[0...2] == ["v2", "aggs", "ticker"] && path[4...6] == ["range", "1", "day"]:
            dayBars(path[3], from: path[7], to: path[8])
        default: (.notFound, #"{"status":"NOT_FOUND","request_id":"simulated"}"#)
        }
    }

    private func isAllowed(_ head: HTTPRequestHead, _ query: [String: String]) -> Bool {
        let bearer = head.headers.first(name: "Authorization")?.split(separator: " ").last
        let finnhub = head.headers.first(name: "X-Finnhub-Token")
        let key = bearer.map(String.init) ?? finnhub ?? query["apiKey"] ?? query["token"] ?? ""
        return !key.isEmpty && key != options.keyRefused
    }

    private func history() -> DemoHistory {
        let noise = SimulatedNoise(seed: options.seed)
        let symbols = options.symbols
        let plan = DemoBurstPlan(symbols: symbols, noise: noise, every: nil)
        return DemoHistory(
            listings: DemoListing.listings(symbols, noise: noise), plan: plan,
            price: DemoPrice(noise: noise, plan: plan), eventsPerSecond: options.eventsPerSecond)
    }

    private func previousClose(_ ticker: String) -> (HTTPResponseStatus, String) {
        let closes = history().previousCloses(before: clock.now)
        guard let close = closes.first(where: { String(describing: $0.symbol) == ticker }) else {
            return (.notFound, #"{"status":"NOT_FOUND","request_id":"simulated"}"#)
        }
        let start = close.date.daysSince1970 * 86_400_000
        let row =
            #"{"T":"\#(ticker)","o":\#(close.price),"h":\#(close.price),"l":\#(close.price),"#
            + #""c":\#(close.price),"v":1000000,"vw":\#(close.price),"t":\#(start)}"#
        return (.ok, Self.body(ticker, rows: [row]))
    }

    private func minuteBars(_ ticker: String, from: String, to: String)
        -> (HTTPResponseStatus, String)
    {
        guard let from = Self.milliseconds(from, endOfDay: false),
            let to = Self.milliseconds(to, endOfDay: true)
        else { return (.badRequest, #"{"status":"ERROR","error":"bad range"}"#) }
        let bars = history().bars(before: clock.now).filter {
            String(describing: $0.symbol) == ticker
                && (from...max(from, to)).contains($0.start.milliseconds)
        }
        return (.ok, Self.body(ticker, rows: bars.map(Self.row)))
    }

    /// Of trading days that are over.
    private func dayBars(_ ticker: String, from: String, to: String)
        -> (HTTPResponseStatus, String)
    {
        guard let from = Self.milliseconds(from, endOfDay: false),
            let to = Self.milliseconds(to, endOfDay: true)
        else { return (.badRequest, #"{"status":"ERROR","error":"bad range"}"#) }
        let days = { (milliseconds: Int64) in
            CivilDate(daysSince1970: milliseconds.flooredQuotient(86_400_000))
        }
        let yesterday = MarketModel.NewYorkTime.date(at: clock.now).adding(days: -1)
        let bars = history().days(of: ticker, from: days(from), through: min(days(to), yesterday))
        return (.ok, Self.body(ticker, rows: bars.map(Self.row)))
    }

    private static func row(_ bar: ProviderBar) -> String {
        #"{"v":\#(bar.volume),"vw":\#(bar.vwap ?? bar.close),"o":\#(bar.open),"#
            + #""c":\#(bar.close),"h":\#(bar.high),"l":\#(bar.low),"#
            + #""t":\#(bar.start.milliseconds),"n":\#(bar.tradeCount ?? 0)}"#
    }

    /// Finnhub's `/quote`, of the last full minute.
    private func quote(_ symbol: String) -> SimulatorNews.Answer {
        let bars = history().bars(before: clock.now).filter { $0.symbol.description == symbol }
        let closes = history().previousCloses(before: clock.now)
        guard let last = bars.last, let first = bars.first,
            let close = closes.first(where: { $0.symbol.description == symbol })?.price
        else {
            return SimulatorNews.Answer(
                body: #"{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}"#)
        }
        let high = bars.map(\.high).max() ?? last.high
        let low = bars.map(\.low).min() ?? last.low
        let change = Price(units: last.close.units - close.units)
        let percent = 100 * Double(change.units) / Double(close.units)
        return SimulatorNews.Answer(
            body: #"{"c":\#(last.close),"d":\#(change),"dp":\#(percent),"h":\#(high),"#
                + #""l":\#(low),"o":\#(first.open),"pc":\#(close),"t":\#(last.end.secondsFloor)}"#)
    }

    private static func body(_ ticker: String, rows: [String]) -> String {
        let results = rows.isEmpty ? "" : #","results":[\#(rows.joined(separator: ","))]"#
        return #"{"ticker":"\#(ticker)","adjusted":true,"queryCount":\#(rows.count),"#
            + #""resultsCount":\#(rows.count),"count":\#(rows.count),"status":"OK","#
            + #""request_id":"simulated"\#(results)}"#
    }

    /// `2026-01-02` or milliseconds.
    private static func milliseconds(_ text: String, endOfDay: Bool) -> Int64? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return Int64(text) }
        guard let date = CivilDate(year: parts[0], month: parts[1], day: parts[2]) else {
            return nil
        }
        return date.daysSince1970 * 86_400_000 + (endOfDay ? 86_399_999 : 0)
    }
}
