/// Who is asked for headlines, and how they are read.
public struct NewsSettings: Equatable, Sendable {
    public enum Provider: String, CaseIterable, Sendable {
        /// Whichever there is a key for, while the feed is one of stocks.
        case auto
        case off, finnhub, massive
    }

    public var provider: Provider
    /// `nil` for the provider's own.
    public var url: String?
    /// Between two requests about one ticker.
    public var pollInterval: Duration
    /// About all tickers together.
    public var requestsPerMinute: Int
    /// Rates the market's words as the market means them.
    public var usesFinanceWords: Bool
    /// Joins each headline with the volume around it.
    public var joinsVolume: Bool
}

extension SettingTable {
    static let news = [
        SettingKey(
            "news", "provider", .choice(NewsSettings.Provider.allCases.map(\.rawValue)),
            .text("auto"),
            "Who is asked; auto: Finnhub, else Massive, by their keys, when the feed is massive."),
        SettingKey(
            "news", "url", .text, .text(""),
            "Another address of the provider, such as a simulator's; empty for its own."),
        SettingKey(
            "news", "poll_seconds", .number(1...86_400), .number(60),
            "How often each ticker is asked for."),
        SettingKey(
            "news", "requests_per_minute", .integer(1...3000), .integer(50),
            "For all tickers together; Finnhub's free plan allows 60."),
        SettingKey(
            "news", "finance_words", .flag, .flag(false),
            "Rate beat, miss, downgrade and such as the market means them; off, as VADER does."),
        SettingKey(
            "news", "join_volume", .flag, .flag(true),
            "Join each headline with the volume around it."),
    ]
}
