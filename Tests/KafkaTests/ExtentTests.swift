import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `How far a log reaches` {
    private static let count = 49

    /// A log of 49 records. Through a relay the answer ends with the byte that addresses begin
    /// with, and has to arrive all the same.
    private func filled() throws -> BrokerRig {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        for number in 0..<`How far a log reaches`.count {
            #expect(producer.sendWaiting("\(number)", key: nil) == .taken)
        }
        #expect(producer.flush(timeout: .seconds(10)))
        return rig
    }

    @Test func `is asked of the brokers, through a relay too`() throws {
        let rig = try filled()
        let relay = try TestRelay(to: rig.broker.port)
        let expected = LogExtent(low: 0, high: Int64(`How far a log reaches`.count))
        for address in [rig.broker.address, relay.address] {
            rig.settings.brokers = address
            let admin = try TopicAdmin(rig.settings, logger: .quiet)
            #expect(
                try admin.extent(of: rig.settings.topics.trades, partition: 0) == expected)
        }
        #expect(relay.connectionCount > 0, "the relay was not in the way")
    }

    @Test func `is not known of a topic or a partition that is not there`() throws {
        let rig = try BrokerRig(partitions: 1)
        let admin = try TopicAdmin(rig.settings, logger: .quiet)
        #expect(throws: KafkaError.unknownTopic("nowhere")) {
            try admin.extent(of: "nowhere", partition: 0, timeout: .seconds(3))
        }
        #expect(throws: KafkaError.unknownTopic(rig.settings.topics.trades)) {
            try admin.extent(of: rig.settings.topics.trades, partition: 1, timeout: .seconds(3))
        }
    }

    @Test func `is waited for no longer than asked when a broker falls silent`() throws {
        let rig = try filled()
        let topic = rig.settings.topics.trades
        let admin = try TopicAdmin(rig.settings, logger: .quiet)
        #expect(try admin.extent(of: topic, partition: 0).isEmpty == false)
        rig.broker.pause()
        defer { rig.broker.resume() }
        // Its threads stop one after the other.
        SystemClock.sleepThread(.milliseconds(200))
        let began = SystemClock.monotonicNanoseconds
        #expect(throws: KafkaError.timedOut(operation: "extent of \(topic)")) {
            try admin.extent(of: topic, partition: 0, timeout: .seconds(1))
        }
        let waited = Duration.nanoseconds(SystemClock.monotonicNanoseconds - began)
        #expect(waited < .seconds(10), "\(waited)")
    }
}
