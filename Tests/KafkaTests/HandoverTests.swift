import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

@Suite struct `The hand-over of a partition` {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["TICKTOP_PROVE"] != nil }

    @Test func `gives one owner's results with two owners at once, in every order tried`() throws {
        var beginnings = 0
        var zombieResults = 0
        for seed in 0..<UInt64(Self.isFull ? 20_000 : 400) {
            var model = HandoverModel(seed: seed, mutation: .none)
            do {
                try model.run(turns: 500)
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
            beginnings += model.beginnings
            zombieResults += model.zombieResults
        }
        // Else the orders tried would show nothing.
        #expect(beginnings > 1000 && zombieResults > 1000)
    }

    @Test(arguments: HandoverMutation.allCases.filter { $0 != .none })
    func `would not, if a step were left out`(_ mutation: HandoverMutation) {
        let found = (0..<UInt64(400)).contains { seed in
            var model = HandoverModel(seed: seed, mutation: mutation)
            do {
                try model.run(turns: 500)
                return false
            } catch {
                return true
            }
        }
        #expect(found)
    }

    @Test func `passes a state on through the brokers, whole and by the group's offset`() throws {
        let rig = try BrokerRig(partitions: 2)
        try TopicAdmin(rig.settings, logger: .quiet).ensure(rig.settings.topicPlans)
        let producer = try rig.producer()
        for number in 0..<10 { _ = producer.sendWaiting("r\(number)", key: nil, partition: 1) }
        #expect(producer.flush(timeout: .seconds(5)))
        // Three pieces.
        let state = (0..<1_200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

        let first = try member(rig)
        #expect(try begin(first.consumer, first.handover).isEmpty)
        first.handover.copy(1, state: state, next: 7)
        #expect(!first.handover.isReadyToCopy(1))
        first.handover.serve(first.consumer)
        #expect(try first.consumer.committed([1]).isEmpty, "results are not durable yet")
        first.handover.resultsAreDurable(1, before: 7)
        #expect(
            eventually {
                first.handover.serve(first.consumer)
                return first.handover.committed == [1: 7]
            })
        #expect(first.handover.isReadyToCopy(1))
        first.consumer.close()

        let second = try member(rig)
        let taken = try begin(second.consumer, second.handover)
        #expect(taken.keys.sorted() == [1])
        #expect(taken[1]?.next == 7 && taken[1]?.bytes == state)
        #expect(second.handover.failureCount == 0)
    }

    @Test func `lets a newer copy take the place of one that waits for its results`() {
        var term = PartitionTerm(layout: "1")
        #expect(term.assigned(nil) == [.readCopies(from: nil)])
        #expect(term.readEnded() == [.begin(nil)])
        #expect(term.copy([1], next: 5, id: 1) == [.makeResultsDurable(before: 5)])
        #expect(term.copy([2], next: 9, id: 2) == [.makeResultsDurable(before: 9)])
        #expect(term.resultsAreDurable(before: 5).isEmpty)
        let steps = term.resultsAreDurable(before: 9)
        guard case .send(let chunks)? = steps.first else {
            Issue.record("\(steps)")
            return
        }
        #expect(chunks.map(\.bytes) == [[2]] && chunks.allSatisfy(\.isWhole))
        #expect(term.copy([3], next: 12, id: 3).isEmpty, "one is being sent")
    }

    @Test func `asks again where the copies could not be read`() throws {
        let rig = try BrokerRig(partitions: 2)
        try TopicAdmin(rig.settings, logger: .quiet).ensure(rig.settings.topicPlans)
        let owner = try member(rig)
        rig.broker.pause()
        #expect(throws: KafkaError.self) {
            try owner.handover.open([0], commits: [:], timeout: .milliseconds(300))
        }
        #expect(!owner.handover.isReadyToCopy(0))
        rig.broker.resume()
        #expect(try owner.handover.open([0], commits: [:]).isEmpty)
        #expect(owner.handover.isReadyToCopy(0))
    }

    @Test func `does not wait for ever for a broker that does not answer a commit`() throws {
        let rig = try BrokerRig(partitions: 2)
        try TopicAdmin(rig.settings, logger: .quiet).ensure(rig.settings.topicPlans)
        let owner = try member(rig)
        _ = try begin(owner.consumer, owner.handover)
        rig.broker.pause()
        #expect(throws: KafkaError.timedOut(operation: "commit")) {
            try owner.consumer.commit(
                [0: KafkaCommit(offset: 3)], timeout: .milliseconds(300))
        }
        rig.broker.resume()
        #expect(eventually { (try? owner.consumer.committed([0])) != nil })
    }

    private func member(_ rig: BrokerRig) throws -> (
        consumer: KafkaConsumer, handover: PartitionHandover
    ) {
        var identities = SeededRandom(seed: 5)
        return (
            try rig.consumer(.group(rig.settings.group)),
            try PartitionHandover(rig.settings, layout: "1", logger: .quiet) { identities.next() }
        )
    }

    /// Waits for the assignment, and begins with what the states topic holds.
    private func begin(_ consumer: KafkaConsumer, _ handover: PartitionHandover) throws
        -> [Int32: CompleteState]
    {
        var taken: [Int32: CompleteState] = [:]
        let isBegun = try eventually {
            guard case .assigned(let given) = consumer.poll(wait: .milliseconds(20)) else {
                return false
            }
            taken = try handover.open(given, commits: consumer.committed(given))
            try consumer.begin(
                Dictionary(
                    uniqueKeysWithValues: given.map {
                        ($0, taken[$0].map { .offset($0.next) } ?? .oldest)
                    }))
            return true
        }
        #expect(isBegun)
        return taken
    }
}
