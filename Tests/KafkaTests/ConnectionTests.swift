import CRdKafka
import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A connection that breaks` {
    /// What is read of partition 0 by one consumer that lives through it all.
    private final class Reader {
        let consumer: KafkaConsumer
        var payloads: [String] = []
        var events: [KafkaConsumerEvent] = []

        init(_ rig: BrokerRig) throws {
            consumer = try rig.consumer()
            try consumer.begin([0: .offset(0)])
        }

        func turn() throws {
            if let event = consumer.poll(wait: .milliseconds(10)) { events.append(event) }
            try consumer.drain(0, countMax: 1000) {
                payloads.append(String(decoding: $0.payload, as: UTF8.self))
                return true
            }
        }
    }

    @Test func `loses and repeats nothing when it is cut again and again`() throws {
        let rig = try BrokerRig(partitions: 1)
        let relay = try TestRelay(to: rig.broker.port)
        rig.settings.brokers = relay.address
        let producer = try rig.producer()
        let reader = try Reader(rig)
        var random = SeededRandom(seed: 11)
        var sent: [String] = []
        for _ in 0..<12 {
            for _ in 0..<Int.random(in: 100...900, using: &random) {
                #expect(producer.sendWaiting("r\(sent.count)", key: "AAPL") == .taken)
                sent.append("r\(sent.count)")
            }
            SystemClock.sleepThread(.milliseconds(Int.random(in: 0...40, using: &random)))
            relay.cut()
            try reader.turn()
        }
        #expect(producer.flush(timeout: .seconds(10)))
        #expect(
            try eventually {
                try reader.turn()
                return reader.payloads.count >= sent.count
            })
        #expect(relay.connectionCount >= 6, "the relay was not in the way")
        #expect(reader.payloads == sent)
        #expect(producer.figures.failed == 0)
    }

    @Test func `is waited for while the broker restarts in good order, and named meanwhile`() throws
    {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        let reader = try Reader(rig)
        for number in 0..<1000 { _ = producer.sendWaiting("r\(number)", key: "AAPL") }
        #expect(producer.flush(timeout: .seconds(5)))
        #expect(
            try eventually {
                try reader.turn()
                return reader.payloads.count == 1000
            })
        try rig.broker.stop()
        for number in 1000..<2000 { _ = producer.sendWaiting("r\(number)", key: "AAPL") }
        #expect(
            try eventually {
                try reader.turn()
                return producer.figures.trouble != nil && !reader.events.isEmpty
            })
        guard case .brokerAway = producer.figures.trouble,
            case .trouble(.brokerAway) = reader.events.first
        else {
            Issue.record("\(producer.figures), \(reader.events)")
            return
        }
        #expect(producer.figures.queued == 1000)
        try rig.broker.start()
        #expect(
            try eventually {
                try reader.turn()
                return reader.payloads.count >= 2000 && reader.events.last == .recovered
            })
        #expect(reader.payloads == (0..<2000).map { "r\($0)" })
        #expect(producer.figures.trouble == nil && producer.figures.failed == 0)
    }

    @Test func `makes the producer say full, and what is purged comes back whole`() throws {
        let rig = try BrokerRig(partitions: 1)
        rig.settings.options["queue.buffering.max.messages"] = "500"
        let returned = Keeper()
        let producer = try KafkaProducer(rig.settings, logger: .quiet) { delivery in
            returned.keep(delivery)
        }
        rig.broker.pause()
        var taken = 0
        var last = KafkaSending.taken
        while last == .taken, taken < 1000 {
            var text = "r\(taken)"
            last = text.withUTF8 {
                producer.send(
                    topic: rig.settings.topics.trades, partition: 0,
                    payload: UnsafeRawBufferPointer($0), token: UInt(taken))
            }
            if last == .taken { taken += 1 }
        }
        #expect(last == .full && taken == 500)
        producer.purge()
        #expect(returned.all == (0..<500).map { "\($0) r\($0) failed" })
        let figures = producer.figures
        #expect(figures.failed == 500 && figures.queued == 0 && figures.full == 1)
        rig.broker.resume()
    }

    @Test func `shows what the brokers refuse for good, and goes on with the rest`() throws {
        let brokers = try MockBrokers()
        let settings = KafkaSettings(brokers: brokers.address)
        try brokers.makeTopic("market.trades", partitions: 1)
        let returned = Keeper()
        let producer = try KafkaProducer(settings, logger: .quiet) { returned.keep($0) }
        brokers.failProducing([RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
        _ = producer.sendWaiting("refused", key: "AAPL")
        #expect(producer.flush(timeout: .seconds(5)))
        _ = producer.sendWaiting("taken", key: "AAPL")
        #expect(producer.flush(timeout: .seconds(5)))
        #expect(eventually { producer.figures.queued == 0 })
        #expect(returned.all == ["0 refused failed", "0 taken delivered"])
        #expect(producer.figures.failed == 1 && producer.figures.delivered == 1)
    }
}

/// Keeps what a producer reports.
private final class Keeper: @unchecked Sendable {
    // Unchecked: `kept` is read and written under `lock` only.
    private let lock = NSLock()
    private var kept: [String] = []

    var all: [String] { lock.withLock { kept } }

    func keep(_ delivery: borrowing KafkaDelivery) {
        let text = String(decoding: delivery.payload, as: UTF8.self)
        let fate = delivery.failure == nil ? "delivered" : "failed"
        let line = "\(delivery.token) \(text) \(fate)"
        lock.withLock { kept.append(line) }
    }
}
