import MarketModel

/// How the news poller stands. Texts never hold a key.
public struct NewsPollStatus: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case starting
        case polling
        /// Passing trouble, or the provider asked for patience: nothing is asked before `until`.
        case waiting(reason: String, until: Timestamp)
        /// Permanent: the poller has stopped, and a person has to follow the remedy.
        case refused(reason: String, remedy: String)
        case ended
    }

    public var state = State.starting
    public var provider: NewsProvider
    public var requests: Int64 = 0
    /// Given to the log: each article of a ticker once.
    public var articles: Int64 = 0
    /// Requests without a usable answer, those that were refused for being too many left out.
    public var errors: Int64 = 0
    /// Requests answered with 429.
    public var limited: Int64 = 0
    /// When a usable answer came last.
    public var lastPollAt: Timestamp?
    /// The newest trouble, also when it has passed.
    public var lastError: String?

    public init(provider: NewsProvider) { self.provider = provider }
}
