import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

/// A member of a group that keeps what it reads with where it stands, as the engine does with its
/// store: positions move with results, and a partition's next owner goes on from them.
private final class Member {
    let consumer: KafkaConsumer
    private let ledger: Ledger

    init(_ rig: BrokerRig, _ ledger: Ledger) throws {
        consumer = try rig.consumer(.group(rig.settings.group))
        self.ledger = ledger
    }

    /// One turn: an event if there is one, then at most so many messages of each partition.
    func turn(countMax: Int = 200) throws {
        switch consumer.poll(wait: .milliseconds(5)) {
        case .assigned(let given):
            try consumer.begin(
                Dictionary(
                    uniqueKeysWithValues: given.map { ($0, .offset(ledger.next[$0, default: 0])) }))
        case .revoked(let given), .lost(let given): try consumer.release(given)
        case .trouble(let trouble): throw trouble
        case .recovered, nil: break
        }
        for partition in consumer.owned {
            try consumer.drain(partition, countMax: countMax) {
                ledger.payloads[partition, default: []].append(
                    String(decoding: $0.payload, as: UTF8.self))
                ledger.next[partition] = $0.offset + 1
                return true
            }
        }
    }
}

private final class Ledger {
    var next: [Int32: Int64] = [:]
    var payloads: [Int32: [String]] = [:]

    var count: Int { payloads.values.reduce(0) { $0 + $1.count } }
}

@Suite(.serialized) struct `A consumer group` {
    @Test func `shares the partitions, and loses and repeats nothing as members come and go`()
        throws
    {
        let rig = try BrokerRig()
        let producer = try rig.producer()
        let ledger = Ledger()
        var members = [try Member(rig, ledger)]
        var sent: [Int32: [String]] = [:]
        var number = 0
        func send(_ count: Int) {
            for _ in 0..<count {
                let partition = Int32(number % 6)
                #expect(
                    producer.sendWaiting("r\(number)", key: nil, partition: partition) == .taken)
                sent[partition, default: []].append("r\(number)")
                number += 1
            }
        }
        func turns(until isSo: () -> Bool) throws -> Bool {
            try eventually(within: .seconds(10)) {
                send(30)
                for member in members { try member.turn() }
                return isSo()
            }
        }
        #expect(try turns { members[0].consumer.owned.count == 6 })
        members.append(try Member(rig, ledger))
        #expect(try turns { members.allSatisfy { $0.consumer.owned.count == 3 } })
        members.removeLast().consumer.close()
        #expect(try turns { members[0].consumer.owned.count == 6 })
        #expect(producer.flush(timeout: .seconds(5)))
        #expect(
            try eventually {
                for member in members { try member.turn() }
                return ledger.count >= number
            })
        #expect(ledger.payloads == sent)
        #expect(members[0].consumer.rebalanceCount >= 3)
    }

    @Test func `keeps positions with a note for the partitions' next owner`() throws {
        let rig = try BrokerRig()
        let consumer = try rig.consumer(.group(rig.settings.group))
        #expect(
            try eventually {
                if case .assigned(let given) = consumer.poll(wait: .milliseconds(20)) {
                    try consumer.begin(
                        Dictionary(uniqueKeysWithValues: given.map { ($0, .oldest) }))
                }
                return consumer.owned.count == 6
            })
        try consumer.commit([
            2: KafkaCommit(offset: 17, note: "state 4, 3 parts"), 5: KafkaCommit(offset: 9),
        ])
        let found = try consumer.committed([0, 2, 5])
        #expect(
            found == [
                2: KafkaCommit(offset: 17, note: "state 4, 3 parts"), 5: KafkaCommit(offset: 9),
            ])
    }

    /// librdkafka's own cluster in the process: the broker from the package registry never finishes
    /// a cooperative rebalance.
    @Test func `gives up only what moves when the brokers can do that`() throws {
        let brokers = try MockBrokers()
        var settings = KafkaSettings(brokers: brokers.address)
        settings.assignment = .cooperative
        settings.group = "g"
        try brokers.makeTopic(settings.topics.trades, partitions: 6)
        func member() throws -> KafkaConsumer {
            try KafkaConsumer(
                settings, topic: settings.topics.trades, membership: .group("g"), logger: .quiet)
        }
        let first = try member()
        var events: [KafkaConsumerEvent] = []
        func serve(_ consumer: KafkaConsumer, keeping: Bool) throws {
            guard let event = consumer.poll(wait: .milliseconds(10)) else { return }
            if keeping { events.append(event) }
            switch event {
            case .assigned(let given):
                try consumer.begin(Dictionary(uniqueKeysWithValues: given.map { ($0, .oldest) }))
            case .revoked(let given), .lost(let given): try consumer.release(given)
            default: break
            }
        }
        #expect(
            try eventually {
                try serve(first, keeping: true)
                return first.owned.count == 6
            })
        let second = try member()
        #expect(
            try eventually(within: .seconds(30)) {
                try serve(first, keeping: true)
                try serve(second, keeping: false)
                return first.owned.count == 3 && second.owned.count == 3
            })
        let revoked = events.compactMap { event -> [Int32]? in
            if case .revoked(let given) = event { given } else { nil }
        }
        #expect(revoked == [second.owned])
    }
}
