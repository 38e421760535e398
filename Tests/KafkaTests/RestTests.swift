import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A broker that answers without waiting` {
    @Test func `is not asked thousands of times a second, and gives what comes at once`() throws {
        let rig = try BrokerRig()
        let relay = try TestRelay(to: rig.broker.port)
        let producer = try rig.producer()
        rig.settings.brokers = relay.address
        let consumer = try rig.consumer()
        try consumer.begin(Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, .oldest) }))
        var took: [Int64] = []
        for number in 0..<20 {
            #expect(producer.sendWaiting("r\(number)", key: nil, partition: 3) == .taken)
            #expect(producer.flush(timeout: .seconds(5)))
            let began = SystemClock.monotonicNanoseconds
            #expect(
                try eventually {
                    _ = consumer.poll(wait: .milliseconds(5))
                    return try consumer.drain(3, countMax: 10) { _ in true } == 1
                })
            took.append(SystemClock.monotonicNanoseconds - began)
        }
        let milliseconds = took.sorted()[took.count / 2] / 1_000_000
        #expect(milliseconds < 50, "\(milliseconds) ms")
        let before = relay.requestCount
        SystemClock.sleepThread(.seconds(1))
        let asked = relay.requestCount - before
        #expect((2...800).contains(asked), "asked \(asked) times in a second")
    }
}
