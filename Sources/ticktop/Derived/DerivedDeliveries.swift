import Kafka
import MarketModel
import Synchronization

/// How far the stretches of the log have been told. Any thread.
final class DerivedDeliveries: Sendable {
    fileprivate struct Stretch {
        var partition: Int32?
        var through: LogPosition
        /// `nil` before its messages are known; kept until they are delivered.
        var messages: [DerivedMessage]?
        var waiting = 0
        var hasFailed = false
    }

    fileprivate struct Content {
        var stretches: [UInt: Stretch] = [:]
        /// By partition; -1 for a log without.
        var delivered: [Int32: LogPosition] = [:]
        var first: UInt = 1
    }

    private let content = Mutex(Content())

    var isEmpty: Bool { content.withLock { $0.stretches.isEmpty } }

    func begin(_ number: UInt, partition: Int32?, through: LogPosition) {
        content.withLock {
            $0.stretches[number] = Stretch(partition: partition, through: through)
        }
    }

    func expect(_ messages: [DerivedMessage], in number: UInt) {
        content.withLock { content in
            content.stretches[number]?.messages = messages
            content.stretches[number]?.waiting = messages.count
            content.settle()
        }
    }

    /// Called on the producer's thread.
    func note(_ delivery: borrowing KafkaDelivery) {
        let number = delivery.token
        let hasFailed = delivery.failure != nil
        content.withLock { content in
            content.stretches[number]?.waiting -= 1
            if hasFailed { content.stretches[number]?.hasFailed = true }
            content.settle()
        }
    }

    /// One message of it will never be delivered.
    func giveUp(in number: UInt) {
        content.withLock { content in
            content.stretches[number]?.waiting -= 1
            content.settle()
        }
    }

    func reaches(_ position: LogPosition, of partition: Int32?) -> Bool {
        content.withLock { content in
            let isWaiting = content.stretches.values.contains { $0.partition == partition }
            return !isWaiting || (content.delivered[partition ?? -1] ?? .start) >= position
        }
    }

    /// Stretches of which a message failed and none is under way, to be sent once more.
    func takeFailed() -> [(number: UInt, messages: [DerivedMessage])] {
        content.withLock { content in
            let failed = content.stretches.filter { $0.value.hasFailed && $0.value.waiting <= 0 }
                .keys.sorted()
            var again: [(number: UInt, messages: [DerivedMessage])] = []
            for number in failed {
                let messages = content.stretches[number]?.messages ?? []
                content.stretches[number]?.hasFailed = false
                content.stretches[number]?.waiting = messages.count
                again.append((number: number, messages: messages))
            }
            return again
        }
    }
}

extension DerivedDeliveries.Content {
    /// Lets go of the oldest stretches that have been told whole.
    fileprivate mutating func settle() {
        while let stretch = stretches[first], stretch.messages != nil, stretch.waiting <= 0,
            !stretch.hasFailed
        {
            delivered[stretch.partition ?? -1] = stretch.through
            stretches[first] = nil
            first += 1
        }
    }
}
