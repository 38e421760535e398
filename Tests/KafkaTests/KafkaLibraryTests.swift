import Kafka
import Testing

@Suite struct `The Kafka library` {
    @Test func `is recent enough to keep a cooperative assignment`() throws {
        let parts = KafkaLibrary.version.split(separator: ".").compactMap { Int($0) }
        let major = try #require(parts.first)
        #expect(major >= 2, "\(KafkaLibrary.version)")
    }
}
