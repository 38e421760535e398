import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A consumer that ends` {
    @Test func `does not wait for a broker that no longer answers`() throws {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        #expect(producer.sendWaiting("one", key: nil) == .taken)
        #expect(producer.flush(timeout: .seconds(5)))
        var consumer: KafkaConsumer? = try rig.consumer(.group(rig.settings.group))
        #expect(try consumer?.take(1).count == 1)
        rig.broker.pause()
        defer { rig.broker.resume() }
        #expect(throws: KafkaError.timedOut(operation: "commit")) {
            try consumer?.commit([0: KafkaCommit(offset: 1)], timeout: .milliseconds(500))
        }
        // librdkafka itself waits for the commit as long as its request may take, a minute.
        let began = SystemClock.monotonicNanoseconds
        #expect(consumer?.close(timeout: .milliseconds(500)) == false)
        consumer = nil
        let waited = Duration.nanoseconds(SystemClock.monotonicNanoseconds - began)
        #expect(waited < .seconds(6), "\(waited)")
    }
}
