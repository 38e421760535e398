/// Where a log record came from. The raw value is stored: never reuse one.
public enum FeedSource: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    case demo = 1
    case massive = 2
    case binance = 3
    case finnhub = 4
    case retry = 5
    /// ticktop itself: clock, settings, connection and gap records.
    case ticktop = 6

    public var name: String { String(describing: self) }

    /// The session rules that the source's tickers follow.
    public var market: Market {
        switch self {
        case .massive, .finnhub, .retry, .ticktop: .usEquities
        case .binance, .demo: .continuous
        }
    }

    /// Whether it sends trades and quotes, and is silent in an open session only when it fails.
    public var isMarketFeed: Bool {
        switch self {
        case .demo, .massive, .binance: true
        case .finnhub, .retry, .ticktop: false
        }
    }

    /// Whether trade ids count 1, 2, 3 ... per ticker, so that a jump is a loss.
    @inlinable public var tradeIDsAreContiguous: Bool { self == .binance }
}

/// The rules that decide a ticker's sessions.
public enum Market: UInt8, BitwiseCopyable, Sendable {
    /// 09:30 to 16:00 New York time, extended from 04:00 to 20:00, holidays and half days observed.
    case usEquities = 1
    /// Open round the clock; the session is the UTC day. Crypto, and the demo market.
    case continuous = 2
}
