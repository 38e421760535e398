import MarketModel

/// How a feed's connection stands, told by the feed through its status callback.
///
/// The callback runs on the feed's own thread and must not block it. Texts never hold a key.
public enum FeedStatus: Equatable, Sendable {
    /// The first attempt is 1.
    case connecting(attempt: Int)
    /// Connected, accepted and subscribed.
    case live
    /// Passing trouble; the next attempt is made at `retryAt`.
    case disconnected(reason: String, retryAt: Timestamp)
    /// Permanent: the feed has stopped, and a person has to follow the remedy.
    case refused(reason: String, remedy: String)
    /// Stopped on request, or everything has been sent.
    case ended
    /// The feed goes on, but something deserves a line on the screen.
    case warning(String)
}
