/// How the connection to a feed stands, or the asking for news.
public enum FeedState: Equatable, Sendable {
    case starting
    case connecting(attempt: Int)
    case live
    /// Passing trouble: the next try is at `retryAt`.
    case disconnected(reason: String, retryAt: Timestamp?)
    /// Permanent: a person has to do something. `remedy` says what.
    case refused(reason: String, remedy: String)
    /// A recording or a file has been read to its end.
    case ended
}
