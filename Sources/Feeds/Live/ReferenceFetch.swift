import AsyncHTTPClient
import MarketModel

/// Companies and their earnings, asked of providers' REST at the start.
///
/// Without them sectors and surprises are unknown, which is no reason not to begin: what fails is
/// a warning.
public struct ReferenceFetch: Sendable {
    /// Who is asked, where, and with which key.
    public struct Provider: Sendable {
        public var name: NewsProvider
        public var url: String
        public var key: ProviderKey
        /// Between two requests, so that free plans leave room for news.
        public var pause: Duration

        public init(_ name: NewsProvider, url: String? = nil, key: ProviderKey) {
            self.name = name
            self.url = url ?? name.urlDefault
            self.key = key
            pause = name == .finnhub ? .seconds(6) : .zero
            while self.url.hasSuffix("/") { self.url.removeLast() }
        }
    }

    /// Reports this far back and ahead are asked for, in days: eight quarters, and the next.
    private static let calendarDays: ClosedRange<Int64> = -740...100
    private static let quarters = 8

    /// `nil`: sectors stay unknown.
    public var companies: Provider?
    /// Finnhub, or `nil`: earnings stay unknown.
    public var earnings: Provider?
    public var timeout = Duration.seconds(10)
    public var retriesMax = 3
    public var retryAfter = Duration.seconds(1)

    public init(companies: Provider?, earnings: Provider?) {
        precondition(earnings.map { $0.name == .finnhub } ?? true, "only Finnhub has earnings")
        self.companies = companies
        self.earnings = earnings
    }

    /// Asks about one ticker after the other, companies first. Records go to `onRecords` as they
    /// come; what could not be had comes back, a line each, never with a key in it.
    public func fetch(
        _ symbols: [Symbol], clock: any MarketClock,
        onRecords: @Sendable ([LogRecord]) -> Void
    ) async -> [String] {
        guard let configuration = (companies ?? earnings).map({ rest($0).configuration }) else {
            return []
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var warnings: [String] = []
        for (what, provider) in [("sector", companies), ("earnings", earnings)] {
            guard let provider else { continue }
            for symbol in symbols {
                do {
                    let notices =
                        what == "sector"
                        ? try await listing(symbol, provider, client)
                        : try await reports(symbol, provider, client, now: clock.now)
                    onRecords(
                        notices.map {
                            LogRecord(
                                notice: $0, source: provider.name.source, receivedAt: clock.now)
                        })
                } catch {
                    let text = HistoryFetch.text(of: error)
                    warnings.append(provider.key.redacted("no \(what) of \(symbol): \(text)"))
                }
            }
        }
        do { try await client.shutdown() } catch {
            warnings.append("closing the reference connection: \(error)")
        }
        return warnings
    }

    private func rest(_ provider: Provider) -> ProviderREST {
        var rest = ProviderREST(url: provider.url)
        rest.header = provider.name.header(provider.key)
        rest.timeout = timeout
        rest.retriesMax = retriesMax
        rest.retryAfter = retryAfter
        return rest
    }

    private func ask(_ path: String, _ provider: Provider, _ client: HTTPClient) async throws
        -> [UInt8]
    {
        let body = try await rest(provider).body(provider.url + path, client)
        try await ProviderREST.pause(provider.pause, client)
        return body
    }

    private func listing(_ symbol: Symbol, _ provider: Provider, _ client: HTTPClient)
        async throws -> [Notice]
    {
        switch provider.name {
        case .massive:
            let body = try await ask("/v3/reference/tickers/\(symbol)", provider, client)
            return [.listing(try ReferenceAnswers.massiveListing(body, symbol))]
        case .finnhub:
            let body = try await ask("/api/v1/stock/profile2?symbol=\(symbol)", provider, client)
            let listing = try ReferenceAnswers.finnhubListing(body, symbol)
            return listing.map { [.listing($0)] } ?? []
        }
    }

    private func reports(
        _ symbol: Symbol, _ provider: Provider, _ client: HTTPClient, now: Timestamp
    ) async throws -> [Notice] {
        let today = MarketModel.NewYorkTime.date(at: now)
        let from = today.adding(days: ReferenceFetch.calendarDays.lowerBound)
        let to = today.adding(days: ReferenceFetch.calendarDays.upperBound)
        let base = "/api/v1"
        let surprises = try await ask(
            "\(base)/stock/earnings?symbol=\(symbol)&limit=\(ReferenceFetch.quarters)", provider,
            client)
        let calendar = try await ask(
            "\(base)/calendar/earnings?from=\(from)&to=\(to)&symbol=\(symbol)", provider, client)
        return try ReferenceAnswers.finnhubEarnings(surprises, calendar: calendar, symbol)
            .map { .earnings($0) }
    }
}
