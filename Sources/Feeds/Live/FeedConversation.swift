import MarketModel

/// What the provider's protocol asks the client to do next.
enum ConversationStep: Equatable {
    case send(String)
    /// Accepted and subscribed: events may come from here on.
    case accepted
    case warn(String)
    /// Permanent: no new attempt is of use.
    case refused(reason: String, remedy: String)
    /// Give this connection up and make a new one; a planned change is no failure.
    case reconnect(reason: String, isPlanned: Bool)
}

/// The client's side of a provider's protocol, without any I/O. It outlives its connections.
enum FeedConversation {
    case massive(MassiveConversation)
    case binance(BinanceConversation)

    /// The socket is open.
    mutating func opened() -> [ConversationStep] {
        switch self {
        case .massive(var conversation):
            defer { self = .massive(conversation) }
            return conversation.opened()
        case .binance(let conversation):
            return conversation.opened()
        }
    }

    mutating func received(_ frame: [UInt8]) -> [ConversationStep] {
        switch self {
        case .massive(var conversation):
            defer { self = .massive(conversation) }
            return conversation.received(frame)
        case .binance(let conversation):
            return conversation.received(frame)
        }
    }

    /// The server hung up with a WebSocket close code, or without one. Returns the reason to show,
    /// and whether to wait long.
    mutating func closed(code: Int?, text: String) -> (reason: String, waitsLong: Bool) {
        switch self {
        case .massive(var conversation):
            defer { self = .massive(conversation) }
            return conversation.closed(code: code, text: text)
        case .binance:
            return (FeedConversation.reason(code: code, text: text), false)
        }
    }

    /// An HTTP answer in place of the upgrade; `nil` when it is passing.
    static func refusal(httpStatus status: Int, source: FeedSource) -> ConversationStep? {
        switch status {
        case 401, 403:
            .refused(
                reason: "the provider answered \(status)",
                remedy: source == .massive
                    ? "check MASSIVE_API_KEY and what the plan covers" : "check --url")
        case 451:
            .refused(
                reason: "the provider does not serve this location (451)",
                remedy: "choose another host with --url, or another feed")
        case 400, 404, 405, 410:
            .refused(
                reason: "no WebSocket at this address (\(status))", remedy: "check --url")
        default: nil
        }
    }

    static func reason(code: Int?, text: String) -> String {
        guard let code else { return text.isEmpty ? "connection lost" : text }
        return text.isEmpty ? "closed by the provider (\(code))" : "\(text) (\(code))"
    }
}
