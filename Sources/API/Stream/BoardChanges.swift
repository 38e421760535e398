import Engine
import MarketModel

/// What hangs on the board as binary messages: all of it, or what has changed since the look
/// before.
///
/// Compared are the bytes, so that nothing a screen shows is left out.
struct BoardChanges {
    private var sent: [StreamKey: [UInt8]] = [:]

    /// Of one moment; `market` is the last, and comes at every look.
    mutating func since(
        _ snapshot: MarketSnapshot, _ status: PipelineStatus, at now: Timestamp
    ) -> [StreamUpdate] {
        var updates: [StreamUpdate] = []
        for (key, message) in BoardChanges.messages(snapshot, status, now) {
            let bytes = message.bytes
            guard sent.updateValue(bytes, forKey: key) != bytes else { continue }
            updates.append(StreamUpdate(key, binary: bytes))
        }
        return updates
    }

    /// For somebody who begins to listen.
    static func all(
        _ snapshot: MarketSnapshot, _ status: PipelineStatus, at now: Timestamp
    ) -> [StreamUpdate] {
        let greeting = BoardMessage.greeting(format: BoardMessage.format)
        return ([(key("greeting"), greeting)] + messages(snapshot, status, now)).map {
            StreamUpdate($0.0, binary: $0.1.bytes)
        }
    }

    private static func messages(
        _ snapshot: MarketSnapshot, _ status: PipelineStatus, _ now: Timestamp
    ) -> [(StreamKey, BoardMessage)] {
        snapshot.tickers.map { (key("ticker \($0.symbol)"), .ticker($0)) } + [
            (key("episodes"), .episodes(snapshot.episodes)),
            (key("articles"), .articles(snapshot.articles)), (key("status"), .status(status)),
            (key("market"), .market(snapshot, sentAt: now)),
        ]
    }

    private static func key(_ detail: String) -> StreamKey {
        StreamKey(topic: .board, detail: detail)
    }
}
