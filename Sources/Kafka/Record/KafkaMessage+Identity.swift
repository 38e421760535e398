import MarketModel

extension KafkaMessage {
    /// A hash of the payload, eight bytes at a time: cheap enough for every message. The same on
    /// every machine.
    public func payloadHash() -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(payload.count)
        var index = 0
        while payload.count - index >= 8 {
            let word = UInt64(
                littleEndian: payload.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            hash = KafkaMessage.mix(hash, word)
            index += 8
        }
        while index < payload.count {
            hash = KafkaMessage.mix(hash, UInt64(payload[index]))
            index += 1
        }
        return hash
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ (product >> 29)
    }
}
