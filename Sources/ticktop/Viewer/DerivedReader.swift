import Kafka
import MarketModel

/// Derived topics from their oldest message on, all partitions of each. One thread.
///
/// A topic that is not there yet is asked for again every second; one that has moved on beyond what
/// was being read is begun anew at its oldest message.
final class DerivedReader {
    private let settings: KafkaSettings
    private let topics: [DerivedTopic]
    private var consumers: [DerivedTopic: KafkaConsumer] = [:]
    private var askedAt: Int64 = 0
    /// The newest trouble; `nil` while messages come.
    private(set) var trouble: String?
    /// Messages that this build cannot read.
    private(set) var unreadable: Int64 = 0
    /// Where the newest of them is, and why.
    private(set) var unreadableReason = ""

    private static let askEvery: Int64 = 1_000_000_000
    private static let countMax = 2048

    init(_ settings: KafkaSettings, _ topics: [DerivedTopic] = DerivedTopic.allCases) {
        self.settings = settings
        self.topics = topics
    }

    /// Hands over what has come; false when nothing has. A message that `body` throws at is counted
    /// and passed over.
    func read(_ body: (borrowing KafkaMessage) throws -> Void) -> Bool {
        open()
        var hasRead = false
        for topic in topics {
            guard let consumer = consumers[topic] else { continue }
            while let event = consumer.poll(wait: .zero) { take(event) }
            for partition in consumer.owned {
                do {
                    let count = try consumer.drain(
                        partition, countMax: DerivedReader.countMax
                    ) { message in
                        take(message, body)
                        return true
                    }
                    hasRead = hasRead || count > 0
                } catch {
                    trouble = "\(error)"
                    consumer.close()
                    consumers[topic] = nil
                    break
                }
            }
        }
        if hasRead { trouble = nil }
        return hasRead
    }

    func close() { for consumer in consumers.values { consumer.close() } }

    private func take(
        _ message: borrowing KafkaMessage, _ body: (borrowing KafkaMessage) throws -> Void
    ) {
        do {
            try body(message)
        } catch {
            unreadable += 1
            unreadableReason = "\(message.partition).\(message.offset): \(error)"
        }
    }

    private func take(_ event: KafkaConsumerEvent) {
        switch event {
        case .trouble(let found): trouble = "\(found)"
        case .recovered: trouble = nil
        case .assigned, .revoked, .lost: break
        }
    }

    /// Begins with the topics that are there and not begun.
    private func open() {
        guard consumers.count < topics.count else { return }
        let now = SystemClock.monotonicNanoseconds
        guard now - askedAt >= DerivedReader.askEvery else { return }
        defer { askedAt = SystemClock.monotonicNanoseconds }
        do {
            let found = try TopicAdmin(settings, logger: KafkaSettings.silence)
                .topics(timeout: .seconds(2))
            for topic in topics where consumers[topic] == nil {
                let name = topic.name(settings.topics)
                guard let count = found[name] else {
                    trouble = "there is no topic \(name) yet: an engine with kafka.derived makes it"
                    continue
                }
                let consumer = try KafkaConsumer(
                    settings, topic: name, membership: .alone, expectsEveryOffset: false,
                    logger: KafkaSettings.silence)
                let starts = (0..<Int32(count)).map { ($0, KafkaStart.oldest) }
                try consumer.begin(Dictionary(uniqueKeysWithValues: starts))
                consumers[topic] = consumer
            }
        } catch {
            trouble = "\(error)"
        }
    }
}
