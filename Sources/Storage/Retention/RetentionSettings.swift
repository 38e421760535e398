import MarketModel

/// How long each kind of row is kept, measured against the newest engine time in the store, and how
/// large the store may grow. `nil` keeps a kind for ever.
public struct RetentionSettings: Equatable, Sendable {
    public var trades: Duration? = .seconds(48 * 3600)
    public var quotes: Duration? = .seconds(48 * 3600)
    public var features: Duration? = .seconds(7 * 86_400)
    public var news: Duration? = .seconds(30 * 86_400)
    public var deadLetters: Duration? = .seconds(30 * 86_400)
    /// Gaps go with them.
    public var episodes: Duration? = .seconds(365 * 86_400)
    /// Of the indicators.
    public var signals: Duration? = .seconds(90 * 86_400)
    public var bars: [BarInterval: Duration] = [
        .second: .seconds(2 * 86_400),
        .minute: .seconds(90 * 86_400),
        .fiveMinutes: .seconds(730 * 86_400),
        .fifteenMinutes: .seconds(730 * 86_400),
        .hour: .seconds(730 * 86_400),
    ]
    /// Beyond this the oldest trades go before their time, then quotes, then features.
    public var storeBytesMax: Int64 = 8 << 30

    public init() {}
}
