import AsyncHTTPClient
import MarketModel

/// Previous closes, the days before and the session's minute bars so far, asked of a provider's
/// REST at the start.
///
/// Without them charts and changes begin empty, which is no reason not to begin: what fails is a
/// warning.
public struct HistoryFetch: Sendable {
    public enum Provider: String, CaseIterable, Sendable {
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
        /// Reference records, by ticker: its previous closes, then its bars, oldest first.
        public var records: [LogRecord] = []
        /// One line for each ticker that could not be had; never with a key in it.
        public var warnings: [String] = []
    }

    private static let barsPerRequest = 1000
    /// More than the longest usual average looks back over; one request.
    private static let daysBefore = 300
    /// Of companies, so that the days around the reports of `ReferenceFetch` are there.
    private static let companyDaysBefore: Int64 = 760

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
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: rest.configuration)
        for symbol in symbols {
            do {
                for notice in try await notices(symbol, now: clock.now, client) {
                    answer.records.append(
                        LogRecord(
                            notice: notice, source: source, receivedAt: clock.now))
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

    var source: FeedSource { provider == .massive ? .massive : .binance }

    var rest: ProviderREST {
        var rest = ProviderREST(url: url)
        if provider == .massive { rest.header = ("Authorization", "Bearer \(key.secret)") }
        rest.timeout = timeout
        rest.retriesMax = retriesMax
        rest.retryAfter = retryAfter
        return rest
    }

    private func body(_ address: String, _ client: HTTPClient) async throws -> [UInt8] {
        try await rest.body(address, client)
    }

    private func notices(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient) async throws
        -> [Notice]
    {
        switch provider {
        case .massive:
            let days = try await massiveDays(symbol, now: now, client)
            return try await days + massiveMinutes(symbol, now: now, client)
        case .binance: return try await binanceNotices(symbol, now: now, client)
        }
    }

    // MARK: Massive

    /// The days before today, and the closes of the last two: at night and over a weekend the last
    /// day goes on, and is measured against the one before.
    private func massiveDays(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient) async throws
        -> [Notice]
    {
        let today = today(at: now)
        let from = today.adding(days: -HistoryFetch.companyDaysBefore)
        var days: [ProviderBar] = []
        do {
            days = try await massiveRange(
                symbol, .day, "\(from)/\(today.adding(days: -1))", client)
        } catch FeedError.refusedByProvider {
            // A plan that does not reach back so far tells the previous day all the same; one that
            // tells nothing says so when it is asked for that.
        }
        if days.isEmpty { days = try await massiveBars("/prev", symbol, .day, client) }
        let closes = days.suffix(2).map { day in
            Notice.previousClose(
                symbol, day.close, tradingDate: MarketModel.NewYorkTime.date(at: day.start))
        }
        return closes + days.map { .historicalBar($0, interval: .day) }
    }

    /// From four in the morning in New York, when the pre-market begins.
    private func massiveMinutes(_ symbol: Symbol, now: Timestamp, _ client: HTTPClient)
        async throws -> [Notice]
    {
        let from = HistoryFetch.sessionStart(of: now, at: 4)
        let bars = try await massiveRange(
            symbol, .minute, "\(from.milliseconds)/\(now.milliseconds)", client)
        return HistoryFetch.closed(bars, by: now)
    }

    /// Bars of a day or a minute, `span` being `FROM/TO`: days or milliseconds.
    func massiveRange(
        _ symbol: Symbol, _ length: BarInterval, _ span: String, _ client: HTTPClient
    ) async throws -> [ProviderBar] {
        try await massiveBars(
            "/range/1/\(length == .day ? "day" : "minute")/\(span)"
                + "?adjusted=true&sort=asc&limit=50000", symbol, length, client)
    }

    /// Every page of an answer.
    private func massiveBars(
        _ path: String, _ symbol: Symbol, _ length: BarInterval, _ client: HTTPClient
    ) async throws -> [ProviderBar] {
        var next: String? = url + "/v2/aggs/ticker/\(symbol)" + path
        var bars: [ProviderBar] = []
        while let address = next {
            let answer = try HistoryDecoder.massiveBars(
                try await body(address, client), symbol: symbol, length: length)
            bars += answer.bars
            // An answer must not send the key to another host.
            next = answer.nextURL.flatMap { $0.hasPrefix(url + "/") ? $0 : nil }
        }
        return bars
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
        let minutes = try await binanceBars(symbol, .minute, from: day, to: now, client)
        notices += HistoryFetch.closed(minutes, by: now)
        return notices
    }

    /// Bars that begin from `from` on and at `to` at the latest, page by page.
    func binanceBars(
        _ symbol: Symbol, _ interval: BarInterval, from: Timestamp, to: Timestamp,
        _ client: HTTPClient
    ) async throws -> [ProviderBar] {
        var bars: [ProviderBar] = []
        var from = from
        while from < to {
            let page = try HistoryDecoder.binanceKlines(
                try await body(
                    url + "/api/v3/klines?symbol=\(symbol)&interval=\(interval.name)"
                        + "&limit=\(HistoryFetch.barsPerRequest)"
                        + "&startTime=\(from.milliseconds)&endTime=\(to.milliseconds)", client),
                symbol: symbol)
            bars += page
            guard let last = page.last, page.count == HistoryFetch.barsPerRequest else { break }
            from = last.end
        }
        return bars
    }

    static func text(of error: any Error) -> String {
        switch error {
        case let error as FeedError: error.description
        case HistoryError.provider(let status, let message): "\(status): \(message)"
        case HistoryError.malformed(let field, let offset):
            "the answer makes no sense at byte \(offset)\(field.isEmpty ? "" : " (\(field))")"
        default: String(describing: error)
        }
    }

    /// Bars whose minute is over: the running one comes from the feed.
    static func closed(_ bars: [ProviderBar], by now: Timestamp) -> [Notice] {
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
