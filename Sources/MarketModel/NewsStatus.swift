/// How the asking for news stands: operational, no part of the engine's state.
public struct NewsStatus: Equatable, Sendable {
    /// `finnhub` or `massive`
    public var provider: String
    /// `live` while answers come, `disconnected` while it waits for a reason.
    public var state = FeedState.starting
    public var requests: Int64 = 0
    /// Given to the log: each article of a ticker once.
    public var articles: Int64 = 0
    /// Requests without a usable answer, those that were refused for being too many left out.
    public var errors: Int64 = 0
    /// Requests refused for being too many, with 429.
    public var limited: Int64 = 0
    /// When a usable answer came last.
    public var lastPollAt: Timestamp?
    /// The newest trouble, also when it has passed; never with a key in it.
    public var lastError: String?

    public init(provider: String) { self.provider = provider }
}
