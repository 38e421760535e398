import AsyncHTTPClient
import Foundation
import MarketModel
import NIOCore
import NIOHTTP1

/// Previous closes, the days before and the session's minute bars so far, asked of a provider's
/// REST at the start.
///
/// Without them charts and changes begin empty, which is no reason not to begin: what fails is a
/// warning.
public struct HistoryFetch: Sendable {
    public enum Provider: Sendable {
        /// Needs a key.
        case massive
        /// Needs none.
        case binance

        public var urlDefault: String {
            switch self {
            case .massive: "https://api.massive.com"
            case .binance: "https://data-api.binance.vision"
            }
        }
    }

    public struct Answer: Sendable {
        /// Reference records, by ticker: its previous close, then its bars, oldest first.
        public var records: [LogRecord] = []
        /// One line for each ticker that could not be had; never with a key in it.
        public var warnings: [String] = []
    }

    private static let bodyBytesMax = 32 << 20
    private static let barsPerRequest = 1000
    /// More than the longest usual average looks back over; one request.
    private static let daysBefore = 300
    private static let minute = Duration.seconds(60)

    public var provider: Provider
    public var url: String
    public var key = ProviderKey("")
    /// For each request.
    public var timeout = Duration.seconds(10)
    /// After 429 and 5xx, and when the provider cannot be reached.
    public var retriesMax = 3
    public var retryAfter = Duration.seconds(1)

    public init(_ provider: Provider, url: String? = nil) {
        self.provider = provider
        self.url = url ?? provider.urlDefault
        while self.url.hasSuffix("/") { self.url.removeLast() }
    }

    /// Asks for one ticker after the other, so that free plans are not overrun.
    public func fetch(_ symbols: [Symbol], clock: any MarketClock) async -> Answer {
        var answer = Answer()
        guard provider == .binance || !key.isEmpty else {
            answer.warnings.append("no history: MASSIVE_API_KEY is not set")
            return answer
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        for symbol in symbols {
            do {
                for notice in try await notices(symbol, now: clock.now, client) {
                    answer.records.append(
                        LogRecord(
                            notice: notice, source: provider == .massive ? .massive : .binance,
                            receivedAt: clock.now))
                }
            } catch {
                answer.warnings.append(
                    key.redacted("no history of \(symbol): \(HistoryFetch.text(of: error))"))
            }
        }
        do { try await client.shutdown() } catch {
            answer.warnings.append("closing the history connection: \(error)")
        }
        return answer
    }

    private var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(timeout)
        // The wait between retries is ours.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func notices(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient) async throws
        -> [Notice]
    {
        switch provider {
        case .massive:
            let closes = try await massiveCloses(symbol, client)
            return try await closes + massiveBars(symbol, now: now, client)
        case .binance: return try await binanceNotices(symbol, now: now, client)
        }
    }

    // MARK: Massive

    private func massiveCloses(_ symbol: Symbol, _ client: HTTPClient) async throws -> [Notice] {
        let path = "/v2/aggs/ticker/\(symbol)/prev"
        let body = try await body(url + path, client)
        let rows = try HistoryDecoder.massiveBars(body, symbol: symbol, length: .day).bars
        return rows.flatMap { bar -> [Notice] in
            let local = NewYorkTime.local(bar.start).secondsFloor.flooredQuotient(86_400)
            return [
                .previousClose(symbol, bar.close, tradingDate: CivilDate(daysSince1970: local)),
                .historicalBar(bar, interval: .day),
            ]
        }
    }

    /// From four in the morning in New York, when the pre-market begins.
    private func massiveBars(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient) async throws
        -> [Notice]
    {
        let from = HistoryFetch.sessionStart(of: now, at: 4)
        var next: String? =
            url + "/v2/aggs/ticker/\(symbol)/range/1/minute/\(from.milliseconds)/"
            + "\(now.milliseconds)?adjusted=true&sort=asc&limit=50000"
        var bars: [ProviderBar] = []
        while let address = next {
            let answer = try HistoryDecoder.massiveBars(
                try await body(address, client), symbol: symbol, length: .minute)
            bars += answer.bars
            // An answer must not send the key to another host.
            next = answer.nextURL.flatMap { $0.hasPrefix(url + "/") ? $0 : nil }
        }
        return HistoryFetch.closed(bars, by: now)
    }

    // MARK: Binance

    /// The day is UTC's: yesterday's daily bar holds the previous close.
    private func binanceNotices(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient)
        async throws -> [Notice]
    {
        let today = now.secondsFloor.flooredQuotient(86_400)
        let day = Timestamp(seconds: today * 86_400)
        let base = url + "/api/v3/klines?symbol=\(symbol)"
        let daily = try HistoryDecoder.binanceKlines(
            try await body(
                base + "&interval=1d&limit=\(HistoryFetch.daysBefore)"
                    + "&endTime=\(day.milliseconds - 1)", client),
            symbol: symbol)
        var notices: [Notice] = daily.map { .historicalBar($0, interval: .day) }
        if let yesterday = daily.last {
            notices.append(
                .previousClose(
                    symbol, yesterday.close, tradingDate: CivilDate(daysSince1970: today - 1)))
        }
        var from = day
        while from < now {
            let bars = try HistoryDecoder.binanceKlines(
                try await body(
                    base + "&interval=1m&limit=\(HistoryFetch.barsPerRequest)"
                        + "&startTime=\(from.milliseconds)&endTime=\(now.milliseconds)", client),
                symbol: symbol)
            notices += HistoryFetch.closed(bars, by: now)
            guard let last = bars.last, bars.count == HistoryFetch.barsPerRequest else { break }
            from = last.start.advanced(by: HistoryFetch.minute)
        }
        return notices
    }

    // MARK: Requests

    private func body(_ address: String, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "User-Agent", value: "ticktop")
        if provider == .massive {
            request.headers.add(name: "Authorization", value: "Bearer \(key.secret)")
        }
        var attempt = 0
        while true {
            switch await ask(request, client) {
            case .success(let body): return body
            case .failure(let error):
                guard attempt < retriesMax, error.isPassing else { throw error }
            }
            try await client.eventLoopGroup.next().scheduleTask(
                in: TimeAmount(retryAfter * (1 << attempt))
            ) {}.futureResult.get()
            attempt += 1
        }
    }

    private func ask(_ request: HTTPClientRequest, _ client: HTTPClient) async -> Result<
        [UInt8], FeedError
    > {
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            let body = try await response.body.collect(upTo: HistoryFetch.bodyBytesMax)
            let bytes = [UInt8](body.readableBytesView)
            guard response.status == .ok else {
                return .failure(
                    .refusedByProvider(
                        status: Int(response.status.code),
                        reason: HistoryFetch.reason(in: bytes)))
            }
            return .success(bytes)
        } catch {
            let host = URLComponents(string: url)?.host ?? url
            return .failure(.unreachable(host: host, reason: String(describing: error)))
        }
    }

    /// What the provider says of its refusal: in `error`, `message` or `msg`.
    private static func reason(in body: [UInt8]) -> String {
        struct Refusal: Decodable {
            var error: String?
            var message: String?
            var msg: String?
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body))
        return refusal?.error ?? refusal?.message ?? refusal?.msg ?? ""
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case let error as FeedError: error.description
        case HistoryError.provider(let status, let message): "\(status): \(message)"
        case HistoryError.malformed(let field, let offset):
            "the answer makes no sense at byte \(offset)\(field.isEmpty ? "" : " (\(field))")"
        default: String(describing: error)
        }
    }

    /// Bars whose minute is over: the running one comes from the feed.
    private static func closed(_ bars: [ProviderBar], by now: Timestamp) -> [Notice] {
        bars.filter { $0.end <= now }.map { .historicalBar($0, interval: .minute) }
    }

    /// The latest `hour` o'clock in New York at or before `now`.
    static func sessionStart(of now: Timestamp, at hour: Int64) -> Timestamp {
        let local = NewYorkTime.local(now)
        let offset = local.nanosecondsSince(now)
        let day = local.secondsFloor.flooredQuotient(86_400)
        let start = Timestamp(seconds: day * 86_400 + hour * 3600)
        let last = start <= local ? start : start.advanced(by: .seconds(-86_400))
        return last.advanced(byNanoseconds: -offset)
    }
}

extension FeedError {
    /// Worth another try: too many requests, the provider's own trouble, the network's.
    fileprivate var isPassing: Bool {
        switch self {
        case .refusedByProvider(let status, _): status == 429 || status >= 500
        case .unreachable: true
        default: false
        }
    }
}
