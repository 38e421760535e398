import MarketModel

/// Whose REST is asked for news about a ticker.
public enum NewsProvider: String, CaseIterable, Sendable {
    case finnhub, massive

    public var source: FeedSource {
        switch self {
        case .finnhub: .finnhub
        case .massive: .massive
        }
    }

    public var urlDefault: String {
        switch self {
        case .finnhub: "https://finnhub.io"
        case .massive: "https://api.massive.com"
        }
    }

    /// The variable of the environment that holds the key.
    public var keyName: String {
        switch self {
        case .finnhub: "FINNHUB_API_KEY"
        case .massive: "MASSIVE_API_KEY"
        }
    }

    /// Asks for what was published from the day on that holds `from`, at most a thousand articles.
    func path(about symbol: Symbol, from: Timestamp, to: Timestamp) -> String {
        let first = CivilDate(daysSince1970: from.secondsFloor.flooredQuotient(86_400))
        switch self {
        case .finnhub:
            let last = CivilDate(daysSince1970: to.secondsFloor.flooredQuotient(86_400))
            return "/api/v1/company-news?symbol=\(symbol)&from=\(first)&to=\(last)"
        case .massive:
            return "/v2/reference/news?ticker=\(symbol)&published_utc.gte=\(first)"
                + "&order=desc&sort=published_utc&limit=1000"
        }
    }

    /// The header that carries the key; it never stands in an address.
    func header(_ key: ProviderKey) -> (name: String, value: String) {
        switch self {
        case .finnhub: ("X-Finnhub-Token", key.secret)
        case .massive: ("Authorization", "Bearer \(key.secret)")
        }
    }
}
