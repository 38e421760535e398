import Foundation
import Kafka
import Logging
import MarketModel
import TestSupport

/// A broker with topics, and clients of it.
final class BrokerRig {
    let broker: TestBroker
    var settings: KafkaSettings

    init(partitions: Int = 6, assignment: KafkaAssignment = .eager) throws {
        broker = try TestBroker()
        settings = KafkaSettings(brokers: broker.address)
        settings.partitionCount = partitions
        settings.assignment = assignment
        settings.group = "group-\(UUID().uuidString.prefix(8))"
        try makeTrades()
    }

    func makeTrades() throws {
        try TopicAdmin(settings, logger: .quiet).ensure([
            settings.topicPlans[0]
        ])
    }

    func producer() throws -> KafkaProducer { try KafkaProducer(settings, logger: .quiet) }

    func consumer(_ membership: KafkaMembership = .alone) throws -> KafkaConsumer {
        try KafkaConsumer(
            settings, topic: settings.topics.trades, membership: membership, logger: .quiet)
    }
}

extension Logger {
    /// Says nothing.
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension KafkaProducer {
    /// Waits while the queue is full.
    func sendWaiting(
        _ text: String, key: String?, to topic: String = "market.trades", partition: Int32? = nil,
        headers: KafkaHeaders = KafkaHeaders()
    ) -> KafkaSending {
        while true {
            var payload = text
            let sending = payload.withUTF8 { bytes in
                guard var key else {
                    return send(
                        topic: topic, partition: partition, payload: UnsafeRawBufferPointer(bytes),
                        headers: headers)
                }
                return key.withUTF8 {
                    send(
                        topic: topic, partition: partition, key: UnsafeRawBufferPointer($0),
                        payload: UnsafeRawBufferPointer(bytes), headers: headers)
                }
            }
            guard sending == .full else { return sending }
            SystemClock.sleepThread(.milliseconds(5))
        }
    }
}

/// A message as a test keeps it.
struct KeptMessage: Equatable {
    var partition: Int32
    var offset: Int64
    var key: String
    var payload: String

    init(_ message: borrowing KafkaMessage) {
        partition = message.partition
        offset = message.offset
        key = String(decoding: message.key, as: UTF8.self)
        payload = String(decoding: message.payload, as: UTF8.self)
    }
}

extension KafkaConsumer {
    /// Everything that comes until there are `count` messages or the time is up; assignments are
    /// begun at the oldest record.
    func take(_ count: Int, within limit: Duration = .seconds(8)) throws -> [KeptMessage] {
        var kept: [KeptMessage] = []
        let end = SystemClock().now.advanced(by: limit)
        while kept.count < count, SystemClock().now < end {
            try serve(poll(wait: .milliseconds(20)))
            for partition in owned {
                try drain(partition, countMax: count - kept.count) {
                    kept.append(KeptMessage($0))
                    return true
                }
            }
        }
        return kept
    }

    private func serve(_ event: KafkaConsumerEvent?) throws {
        switch event {
        case .assigned(let given):
            try begin(Dictionary(uniqueKeysWithValues: given.map { ($0, KafkaStart.oldest) }))
        case .revoked(let given), .lost(let given): try release(given)
        case .trouble(let trouble): throw trouble
        case .recovered, nil: break
        }
    }
}

/// Asks again every 20 ms until it is so, or until the time is up.
func eventually(within limit: Duration = .seconds(8), _ isSo: () throws -> Bool) rethrows -> Bool {
    let end = SystemClock().now.advanced(by: limit)
    while SystemClock().now < end {
        if try isSo() { return true }
        SystemClock.sleepThread(.milliseconds(20))
    }
    return try isSo()
}
