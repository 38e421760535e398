import Foundation
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

    /// The server hung up with a WebSocket close code, or without one. Returns the reason to show, and whether to wait long.
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

/// Massive's conversation: greeting, key, topics, and the ways in which it says no.
struct MassiveConversation {
    private struct Status: Decodable {
        var ev: String?
        var status: String?
        var message: String?
    }

    /// Topics in one message; there is no limit known, but a message should stay small.
    private static let topicsPerMessage = 500
    /// After so many hang-ups for too many connections in a row it is more than an old socket of our own.
    private static let evictionsShown = 3

    let key: ProviderKey
    let topics: [String]
    private var isAccepted = false
    private var topicsRefused = 0
    private var evictions = 0

    init(key: ProviderKey, symbols: [Symbol], kinds: [String]) {
        self.key = key
        topics = MassiveRequest.topics(symbols, kinds: kinds)
    }

    mutating func opened() -> [ConversationStep] {
        isAccepted = false
        topicsRefused = 0
        return []
    }

    mutating func received(_ frame: [UInt8]) -> [ConversationStep] {
        guard FrameShedding.contains("\"status\"", frame[...]) else {
            defer { isAccepted = true }
            return isAccepted ? [] : [.accepted]
        }
        // A frame that cannot be read is no control message; the decoder will refuse it.
        guard let messages = try? JSONDecoder().decode([Status].self, from: Data(frame)) else {
            return []
        }
        return messages.filter { $0.ev == "status" }.flatMap {
            answer(ControlMessage(status: $0.status ?? "", message: $0.message ?? ""))
        }
    }

    mutating func closed(code: Int?, text: String) -> (reason: String, waitsLong: Bool) {
        guard code == 1008 else {
            return (FeedConversation.reason(code: code, text: text), false)
        }
        evictions += 1
        guard evictions >= MassiveConversation.evictionsShown else {
            return ("closed by the provider: too many connections for this key (1008)", true)
        }
        return (
            "closed \(evictions) times for too many connections: another program uses this key",
            true
        )
    }

    private mutating func answer(_ control: ControlMessage) -> [ConversationStep] {
        switch control {
        case .connected: return [.send(MassiveRequest.authenticate(key: key.secret))]
        case .authenticated:
            return stride(from: 0, to: topics.count, by: MassiveConversation.topicsPerMessage).map {
                let end = min(topics.count, $0 + MassiveConversation.topicsPerMessage)
                return .send(MassiveRequest.subscribe(to: Array(topics[$0..<end])))
            }
        case .authenticationFailed(let message):
            return [
                .refused(
                    reason: "the provider refused the key: \(message)",
                    remedy: "set MASSIVE_API_KEY to a valid key")
            ]
        case .authenticationTimedOut:
            return [
                .reconnect(reason: "the provider waited for the key too long", isPlanned: false)
            ]
        case .subscribed:
            defer { isAccepted = true }
            return isAccepted ? [] : [.accepted]
        case .tooManyConnections(let message):
            return [.warn("too many connections for this key: \(message)")]
        case .notAuthorized(let message): return refuseTopic(message)
        case .unsubscribed, .other, .accepted, .refused, .serverShutdown: return []
        }
    }

    /// A plan may cover some topics only: the feed is refused when it covers none.
    private mutating func refuseTopic(_ message: String) -> [ConversationStep] {
        topicsRefused += 1
        guard topicsRefused >= topics.count, !isAccepted else { return [.warn(message)] }
        return [
            .refused(
                reason: "the plan covers none of the topics: \(message)",
                remedy: "a plan with WebSocket access is needed, or --url of the delayed feed")
        ]
    }
}

/// Binance's combined stream: the address names the streams, so there is nothing to say after the upgrade.
struct BinanceConversation {
    func opened() -> [ConversationStep] { [.accepted] }

    func received(_ frame: [UInt8]) -> [ConversationStep] {
        // Market frames are long; control messages are short and rare.
        guard frame.count < 512 else { return [] }
        if FrameShedding.contains("\"serverShutdown\"", frame[...]) {
            return [.reconnect(reason: "the provider is about to close", isPlanned: true)]
        }
        if FrameShedding.contains("\"error\"", frame[...])
            || FrameShedding.contains("\"msg\"", frame[...])
        {
            return [.warn(String(decoding: frame, as: UTF8.self))]
        }
        return []
    }
}
