import Foundation
import MarketModel

/// Massive's conversation: greeting, key, topics, and the ways in which it says no.
struct MassiveConversation {
    private struct Status: Decodable {
        var ev: String?
        var status: String?
        var message: String?
    }

    /// Topics in one message; there is no limit known, but a message should stay small.
    private static let topicsPerMessage = 500
    /// After so many hang-ups for too many connections in a row it is more than an old socket of
    /// our own.
    private static let evictionsShown = 3

    let key: ProviderKey
    let topics: [String]
    private var isAccepted = false
    private var topicsRefused = 0
    private var evictions = 0
    private var wasToldOfMany = false

    init(key: ProviderKey, symbols: [Symbol], kinds: [String]) {
        self.key = key
        topics = MassiveRequest.topics(symbols, kinds: kinds)
    }

    mutating func opened() -> [ConversationStep] {
        isAccepted = false
        topicsRefused = 0
        wasToldOfMany = false
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
        // Other breaches of policy, such as reading too slowly, name themselves.
        let isEviction = wasToldOfMany || text.isEmpty || text.contains("connections")
        guard code == 1008, isEviction else {
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
            wasToldOfMany = true
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
