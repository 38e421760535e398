/// Which partition a key belongs to: Java's default partitioner, and librdkafka's
/// `murmur2_random`.
public enum KafkaPartitioner {
    /// 0 ..< `count`
    public static func partition(of key: some Sequence<UInt8>, among count: Int) -> Int32 {
        precondition(count > 0, "a topic without partitions")
        let bytes = ContiguousArray(key)
        let hash = bytes.withUnsafeBytes { murmur2($0) }
        return Int32((Int(hash) & 0x7FFF_FFFF) % count)
    }

    /// The same, of bytes that lie somewhere: allocates nothing.
    public static func partition(of key: UnsafeRawBufferPointer, among count: Int) -> Int32 {
        precondition(count > 0, "a topic without partitions")
        return Int32((Int(murmur2(key)) & 0x7FFF_FFFF) % count)
    }

    /// `org.apache.kafka.common.utils.Utils.murmur2`
    static func murmur2(_ key: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: key.count)
        var index = 0
        while key.count - index >= 4 {
            var word = UInt32(
                littleEndian: key.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            word = word &* multiplier
            word ^= word >> 24
            word = word &* multiplier
            hash = (hash &* multiplier) ^ word
            index += 4
        }
        let left = key.count - index
        if left == 3 { hash ^= UInt32(key[index + 2]) << 16 }
        if left >= 2 { hash ^= UInt32(key[index + 1]) << 8 }
        if left >= 1 {
            hash ^= UInt32(key[index])
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        return hash ^ (hash >> 15)
    }
}
