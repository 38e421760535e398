import Kafka
import MarketModel
import TestSupport
import Testing

/// What a consumer says when its log is not what it was.
@Suite(.serialized) struct `A consumer whose log changes` {
    /// Sends records of one partition, each a second later than the one before.
    private func send(_ count: Int, from second: Int, producer life: UInt64, _ rig: BrokerRig)
        throws
    {
        let producer = try rig.producer()
        var headers = KafkaHeaders()
        for number in 0..<count {
            KafkaRecordHead(
                kind: .frame, source: .demo,
                receivedAt: TestMorning.open.advanced(
                    byNanoseconds: Int64(second + number) * 1_000_000_000),
                producer: life, sequence: Int64(number)
            ).write(to: &headers)
            _ = producer.sendWaiting(
                "\(life).\(number)", key: "AAPL", partition: 0, headers: headers)
        }
        #expect(producer.flush(timeout: .seconds(5)))
    }

    /// Where results would end after that many records.
    private func position(after count: Int, _ rig: BrokerRig) throws -> StoredLogPosition {
        let consumer = try rig.consumer()
        try consumer.begin([0: .oldest])
        var stored = StoredLogPosition(next: 0, last: nil)
        _ = try eventually {
            _ = consumer.poll(wait: .milliseconds(20))
            try consumer.drain(0, countMax: count - Int(stored.next)) {
                stored = StoredLogPosition(next: $0.offset + 1, last: $0.fingerprint())
                return true
            }
            return stored.next == count
        }
        return stored
    }

    private func finding(_ stored: StoredLogPosition, _ rig: BrokerRig) throws -> LogContinuity? {
        let check = LogContinuityCheck(
            rig.settings, topic: rig.settings.topics.trades, logger: .quiet)
        return try check.findings([0: stored])[0]
    }

    @Test func `finds the log that it left`() throws {
        let rig = try BrokerRig(partitions: 1)
        try send(100, from: 0, producer: 1, rig)
        let stored = try position(after: 60, rig)
        #expect(stored.next == 60 && stored.last?.sequence == 59)
        #expect(try finding(stored, rig) == .continuous)
        try rig.broker.stop()
        try rig.broker.start()
        #expect(try finding(stored, rig) == .continuous)
        #expect(try finding(StoredLogPosition(next: 0, last: nil), rig) == .continuous)
    }

    @Test func `notices a topic made anew, empty or not`() throws {
        let rig = try BrokerRig(partitions: 1)
        try send(100, from: 0, producer: 1, rig)
        let stored = try position(after: 60, rig)
        try TopicAdmin(rig.settings, logger: .quiet).delete(rig.settings.topics.trades)
        try rig.makeTrades()
        #expect(try finding(stored, rig) == .recreated)
        try send(30, from: 1000, producer: 2, rig)
        #expect(try finding(stored, rig) == .recreated)
        try send(90, from: 2000, producer: 3, rig)
        #expect(try finding(stored, rig) == .recreated)
    }

    @Test func `notices that a broker came back with acknowledged records missing`() throws {
        let rig = try BrokerRig(partitions: 1)
        try send(20, from: 0, producer: 1, rig)
        try rig.broker.stop()  // These 20 are on the disk.
        try rig.broker.start()
        try send(50, from: 100, producer: 2, rig)
        let stored = try position(after: 70, rig)
        rig.broker.kill()
        try rig.broker.start()
        let extent = try TopicAdmin(rig.settings, logger: .quiet).extent(
            of: rig.settings.topics.trades, partition: 0)
        try #require(extent.high < 70, "the broker lost nothing")
        #expect(try finding(stored, rig) == .truncated(by: 70 - extent.high))
        try send(Int(70 - extent.high) + 5, from: 500, producer: 3, rig)
        #expect(try finding(stored, rig) == (extent.high == 0 ? .recreated : .replaced))
    }

    @Test func `names an offset that the log does not hold`() throws {
        let rig = try BrokerRig(partitions: 1)
        try send(5, from: 0, producer: 1, rig)
        let consumer = try rig.consumer()
        try consumer.begin([0: .offset(99)])
        var trouble: KafkaTrouble?
        _ = eventually {
            _ = consumer.poll(wait: .milliseconds(20))
            do throws(KafkaTrouble) {
                try consumer.drain(0, countMax: 10) { _ in true }
            } catch {
                trouble = error
            }
            return trouble != nil
        }
        #expect(trouble == .offsetOutOfRange(partition: 0, offset: 99))
    }

    @Test func `names a topic that is not there`() throws {
        let rig = try BrokerRig(partitions: 1)
        let consumer = try KafkaConsumer(
            rig.settings, topic: "market.nothing", membership: .group("nobody"), logger: .quiet)
        var troubles: [KafkaTrouble] = []
        _ = eventually {
            if case .trouble(let trouble) = consumer.poll(wait: .milliseconds(50)) {
                troubles.append(trouble)
            }
            return !troubles.isEmpty
        }
        #expect(troubles == [.unknownTopic("market.nothing")])
    }

    @Test func `refuses another number of partitions with the advice of a new topic`() throws {
        let rig = try BrokerRig(partitions: 6)
        var settings = rig.settings
        settings.partitionCount = 12
        let admin = try TopicAdmin(settings, logger: .quiet)
        let refusal = KafkaError.partitionCount(topic: "market.trades", expected: 12, found: 6)
        #expect(throws: refusal) { try admin.ensure(settings.topicPlans) }
        #expect(refusal.description.contains("another number needs a new topic"))
    }
}
