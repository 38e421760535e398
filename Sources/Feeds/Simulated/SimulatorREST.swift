import Foundation
import MarketModel
import NIOCore
import NIOHTTP1

/// The simulated provider's REST: Massive's previous close and minute aggregates, Finnhub's company
/// news.
final class SimulatorREST: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    static let handlerName = "simulator REST"

    private let options: ProviderSimulatorOptions
    private let clock: any MarketClock
    private var head: HTTPRequestHead?

    init(_ options: ProviderSimulatorOptions, clock: any MarketClock) {
        self.options = options
        self.clock = clock
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            let (status, body) = answer(head)
            respond(context, head, status, body)
        }
    }

    private func respond(
        _ context: ChannelHandlerContext, _ request: HTTPRequestHead, _ status: HTTPResponseStatus,
        _ body: String
    ) {
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.utf8.count),
        ]
        let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !request.isKeepAlive { context.close(promise: nil) }
    }

    private func answer(_ head: HTTPRequestHead) -> (HTTPResponseStatus, String) {
        guard let parts = URLComponents(string: head.uri) else { return (.badRequest, "{}") }
        let query = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        let path = parts.path.split(separator: "/").map(String.init)
        guard isAllowed(head, query) else {
            return (
                .unauthorized,
                #"{"status":"ERROR","request_id":"simulated","error":"Unknown API Key"}"#
            )
        }
        switch path.count {
        case 5 where path[0...2] == ["v2", "aggs", "ticker"] && path[4] == "prev":
            return previousClose(path[3])
        case 9
        where path[0...2] == ["v2", "aggs", "ticker"] && path[4...6] == ["range", "1", "minute"]:
            return minuteBars(path[3], from: path[7], to: path[8])
        case 3 where path == ["api", "v1", "company-news"]: return news(query)
        default: return (.notFound, #"{"status":"NOT_FOUND","request_id":"simulated"}"#)
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
        let rows = history().bars(before: clock.now).filter {
            String(describing: $0.symbol) == ticker
                && (from...max(from, to)).contains($0.start.milliseconds)
        }.map { bar in
            #"{"v":\#(bar.volume),"vw":\#(bar.vwap ?? bar.close),"o":\#(bar.open),"#
                + #""c":\#(bar.close),"h":\#(bar.high),"l":\#(bar.low),"#
                + #""t":\#(bar.start.milliseconds),"n":\#(bar.tradeCount ?? 0)}"#
        }
        return (.ok, Self.body(ticker, rows: rows))
    }

    private func news(_ query: [String: String]) -> (HTTPResponseStatus, String) {
        guard let from = Self.milliseconds(query["from"] ?? "", endOfDay: false),
            let to = Self.milliseconds(query["to"] ?? "", endOfDay: true)
        else { return (.unprocessableEntity, #"{"error":"bad dates"}"#) }
        let history = history()
        let until = min(Timestamp(milliseconds: to), clock.now)
        let stories = DemoNews(
            listings: history.listings, plan: history.plan, noise: history.price.noise
        ).stories(
            from: max(Timestamp(milliseconds: from), until.advanced(by: .seconds(-86_400))),
            to: until)
        let articles = stories.filter { String(describing: $0.symbol) == query["symbol"] }
            .reversed().map { String(decoding: DemoNews.json($0), as: UTF8.self) }
        return (.ok, "[\(articles.joined(separator: ","))]")
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
