/// Binance's combined stream: the address names the streams, so there is nothing to say after the
/// upgrade.
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
