import MarketModel
import NIOCore

/// What can be listened to. The raw value is what clients send and every message's `type`.
enum StreamChannel: String, CaseIterable, Sendable {
    case prices, bars, analytics, anomalies, news, health
    /// All that hangs on the board, for a screen on another machine: on a path of its own.
    case board

    /// What `/ws` can be asked for; `*` means all of them.
    static let allCases: [StreamChannel] = [.prices, .bars, .analytics, .anomalies, .news, .health]

    /// For an error's text.
    static var choices: String { allCases.map(\.rawValue).joined(separator: "|") }
}

/// One channel of one ticker; of all when the symbol is `nil`.
struct StreamTopic: Hashable, Sendable {
    var channel: StreamChannel
    var symbol: Symbol?

    static let board = StreamTopic(channel: .board, symbol: nil)

    /// Both kinds of interest that an update of the topic meets.
    var withAll: [StreamTopic] {
        symbol == nil ? [self] : [self, StreamTopic(channel: channel, symbol: nil)]
    }
}

/// Of two updates with one key the later replaces the earlier.
struct StreamKey: Hashable, Sendable {
    var topic: StreamTopic
    /// Tells a topic's own things apart: a bar, an episode, an article.
    var detail = ""
}

/// A message, encoded once for everybody who gets it.
struct StreamUpdate: Sendable {
    var key: StreamKey
    /// The whole WebSocket frame.
    var frame: ByteBuffer

    init(_ key: StreamKey, _ members: [(name: String, value: JSON)]) {
        self.key = key
        let type = (name: "type", value: JSON.text(key.topic.channel.rawValue))
        frame = WebSocketFrames.text(JSON.object([type] + members))
    }

    init(_ key: StreamKey, binary bytes: [UInt8]) {
        self.key = key
        frame = WebSocketFrames.frame(.binary, bytes)
    }
}
