import CRdKafka
import Kafka
import TestSupport
import Testing

@Suite struct `The partition of a key` {
    /// From Kafka's own `UtilsTest.testMurmur2`: what Java's murmur2 gives.
    static let java: [(key: String, hash: Int32)] = [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ]

    @Test(arguments: java)
    func `is the one that Java's default partitioner gives`(_ vector: (key: String, hash: Int32)) {
        for count in [1, 6, 7, 50] {
            let expected = Int32((Int(vector.hash) & 0x7FFF_FFFF) % count)
            #expect(KafkaPartitioner.partition(of: vector.key.utf8, among: count) == expected)
        }
    }

    @Test func `is the one that librdkafka's murmur2 gives, whatever the key`() {
        var random = SeededRandom(seed: 4)
        for length in 0..<300 {
            let key = (0..<length % 40).map { _ in UInt8.random(in: 0...255, using: &random) }
            let count = Int.random(in: 1...64, using: &random)
            let theirs = key.withUnsafeBytes {
                rd_kafka_msg_partitioner_murmur2(
                    nil, $0.baseAddress, $0.count, Int32(count), nil, nil)
            }
            #expect(KafkaPartitioner.partition(of: key, among: count) == theirs)
        }
    }
}
