/// What a provider says about the connection itself: for the live client, never received as an
/// event.
public enum ControlMessage: Equatable, Sendable {
    /// The socket was accepted.
    case connected
    /// The key was accepted.
    case authenticated
    /// The key was refused: permanent.
    case authenticationFailed(message: String)
    /// No key arrived in time.
    case authenticationTimedOut(message: String)
    /// One topic, such as `T.AAPL`, is now sent.
    case subscribed(topic: String)
    case unsubscribed(topic: String)
    /// More sockets than the plan allows; the server closes one of them.
    case tooManyConnections(message: String)
    /// The plan does not cover a topic or the feed: permanent.
    case notAuthorized(message: String)
    /// Something else, not understood.
    case other(status: String, message: String)
    /// Binance did what request `id` asked.
    case accepted(id: Int64?)
    /// Binance refused request `id`.
    case refused(code: Int64, message: String, id: Int64?)
    /// Binance closes the socket soon: connect anew.
    case serverShutdown

    /// A Massive `status` message.
    init(status: String, message: String) {
        switch status {
        case "connected": self = .connected
        case "auth_success": self = .authenticated
        case "auth_failed": self = .authenticationFailed(message: message)
        case "auth_timeout": self = .authenticationTimedOut(message: message)
        case "max_connections": self = .tooManyConnections(message: message)
        case "error", "not_authorized": self = .notAuthorized(message: message)
        case "success": self = ControlMessage.acknowledged(message)
        default: self = .other(status: status, message: message)
        }
    }

    /// The topic is what follows the last colon and space; the words before it are not promised.
    private static func acknowledged(_ message: String) -> ControlMessage {
        guard let colon = message.lastIndex(of: ":") else {
            return .other(status: "success", message: message)
        }
        let topic = String(message[message.index(after: colon)...].drop { $0 == " " })
        return message.hasPrefix("unsub")
            ? .unsubscribed(topic: topic) : .subscribed(topic: topic)
    }
}
