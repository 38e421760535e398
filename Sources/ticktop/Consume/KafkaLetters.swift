import Feeds
import Kafka
import MarketModel
import Synchronization

/// Dead letters on their ways into Kafka: back into the log to be taken up again, and onto the
/// topic of what was refused, for others to see.
final class KafkaLetters: Sendable {
    private let settings: KafkaSettings
    private let clock: any MarketClock
    private let producer: KafkaProducer
    /// A producer of the log like any other: each partition's records are counted.
    private let producerID = UInt64.random(in: 1 ... .max)
    private let sequences = Mutex<[Int32: Int64]>([:])
    private let hasTopic = Mutex(false)

    private static let patience = Duration.seconds(5)

    init(_ settings: KafkaSettings, clock: any MarketClock) throws {
        self.settings = settings
        self.clock = clock
        producer = try KafkaProducer(settings, logger: KafkaSettings.silence)
    }

    /// Puts retry records into the partitions that the letters are from: their states know what has
    /// passed. Throws when the brokers do not take one; it may be sent again then.
    func retry(_ letters: [DeadLetter]) throws {
        for letter in letters {
            let record = RetryPayload.record(of: letter, at: clock.now)
            try sequences.withLock { sequences in
                let partition = letter.position.epoch
                let sequence = sequences[partition, default: 0]
                var headers = KafkaHeaders()
                KafkaRecordHead(
                    kind: record.kind, source: record.source, receivedAt: record.receivedAt,
                    producer: producerID, sequence: sequence
                ).write(to: &headers)
                try send(
                    to: settings.topics.trades, partition: partition, of: letter,
                    payload: record.payload, headers)
                sequences[partition] = sequence + 1
            }
        }
    }

    /// Tells of letters on their topic; returns once the brokers have them. The value is the
    /// original bytes, everything else is in the headers.
    func tell(_ letters: [DeadLetter]) throws {
        try makeTopic()
        let failedBefore = producer.figures.failed
        for letter in letters {
            var headers = KafkaHeaders()
            headers.append("id", letter.position.description)
            headers.append("topic", settings.topics.trades)
            headers.append("partition", Int64(letter.position.epoch))
            headers.append("offset", letter.position.offset)
            headers.append("index", Int64(letter.position.index))
            headers.append("source", letter.source.name)
            headers.append("reason", letter.refusal.reason.rawValue)
            headers.append("field", letter.refusal.field)
            headers.append("received", letter.receivedAt.nanoseconds)
            headers.append("retries", Int64(letter.retries))
            if let retriedAt = letter.retriedAt { headers.append("retried", retriedAt.nanoseconds) }
            try send(
                to: settings.topics.deadLetters, partition: nil, of: letter, payload: letter.raw,
                headers)
        }
        guard producer.flush(timeout: KafkaLetters.patience) else {
            throw KafkaError.timedOut(operation: "tell of dead letters")
        }
        guard producer.figures.failed == failedBefore else {
            throw KafkaError.client(reason: "dead letters were not delivered")
        }
    }

    private func makeTopic() throws {
        guard !hasTopic.withLock({ $0 }) else { return }
        let plan = settings.topicPlans.filter { $0.name == settings.topics.deadLetters }
        try TopicAdmin(settings, logger: KafkaSettings.silence)
            .ensure(plan, timeout: KafkaLetters.patience)
        hasTopic.withLock { $0 = true }
    }

    private func send(
        to topic: String, partition: Int32?, of letter: DeadLetter, payload: [UInt8],
        _ headers: KafkaHeaders
    ) throws {
        let key = letter.refusal.symbol.map { Array($0.description.utf8) }
        let sending = payload.withUnsafeBytes { payload in
            guard let key else {
                return producer.send(
                    topic: topic, partition: partition, payload: payload, headers: headers)
            }
            return key.withUnsafeBytes {
                producer.send(
                    topic: topic, partition: partition, key: $0, payload: payload,
                    headers: headers)
            }
        }
        switch sending {
        case .taken: return
        case .full: throw KafkaError.client(reason: "no room for dead letter \(letter.position)")
        case .tooLarge(let bytes):
            throw KafkaError.client(reason: "dead letter \(letter.position) has \(bytes) bytes")
        case .refused(let error): throw error
        }
    }
}
