import Feeds
import Kafka
import MarketModel
import Synchronization

/// What the brokers have said of what was sent. Any thread.
final class Deliveries: Sendable {
    /// What a message is, carried through librdkafka as its token.
    enum Token: UInt {
        /// On another topic than the trades.
        case aside = 0
        /// A record of ticktop's own: clock, connection, reference data and the like.
        case own = 1
        /// A part of what a provider sent.
        case event = 2
    }

    struct Content {
        /// By partition of the trades: delivered.
        var finished: [Int64]
        var published: Int64 = 0
        var failed: Int64 = 0
        var failure: String?
    }

    private let content: Mutex<Content>

    init(partitionCount: Int) {
        content = Mutex(Content(finished: Array(repeating: 0, count: partitionCount)))
    }

    var now: Content { content.withLock { $0 } }

    /// Called on the producer's thread.
    func note(_ delivery: borrowing KafkaDelivery) {
        let token = Token(rawValue: delivery.token) ?? .aside
        let failure = delivery.failure
        let partition = Int(delivery.partition)
        // What was given up at the end is still in the journal.
        if let failure, failure.contains("PURGE") { return }
        content.withLock { content in
            if let failure {
                content.failure = failure
                if token == .event { content.failed += 1 }
                // Not finished: the mark must not pass it.
                return
            }
            if token == .event { content.published += 1 }
            if token != .aside, content.finished.indices.contains(partition) {
                content.finished[partition] += 1
            }
        }
    }

    /// Refused before it was sent, for a reason that may pass.
    func noteRefused(_ reason: String) { content.withLock { $0.failure = reason } }

    /// Longer than any message may be: given up.
    func noteTooLarge() { content.withLock { $0.failed += 1 } }
}

/// Sends records to Kafka, each cut into parts that go to their tickers' partitions under numbers
/// of their own. One thread.
final class RecordPublisher {
    /// One message of the record at hand.
    private struct Message {
        var partition: Int32
        var symbol: Symbol?
        var content: RecordPart.Content
        var token: Deliveries.Token
    }

    private let producer: KafkaProducer
    private let deliveries: Deliveries
    private let topics: KafkaTopics
    private let partitionCount: Int
    private var splitter = RecordSplitter()
    private var parts: [RecordPart] = []
    private var messages: [Message] = []
    private var next = 0
    private var headers = KafkaHeaders()

    private(set) var producerID: UInt64
    /// The next number in each partition.
    private(set) var sequences: [Int64]
    /// Sent to each partition since the publisher was made.
    private(set) var sent: [Int64]

    init(
        _ producer: KafkaProducer, _ settings: KafkaSettings, deliveries: Deliveries,
        producerID: UInt64, sequences: [Int64]
    ) {
        self.producer = producer
        self.deliveries = deliveries
        self.producerID = producerID
        self.sequences = sequences
        topics = settings.topics
        partitionCount = settings.partitionCount
        sent = deliveries.now.finished
    }

    /// Another producer's count begins.
    func begin(producer id: UInt64) {
        producerID = id
        sequences = Array(repeating: 0, count: partitionCount)
    }

    /// Parts of a record that a provider sent, in all of its messages on the trades' topic.
    func eventCount(of record: LogRecord) -> Int64 {
        if next == messages.count { prepare(record) }
        return Int64(messages.count { $0.token == .event })
    }

    /// Hands a record over; false when the producer has no room. The same record is then to be
    /// sent again later, and goes on where it stopped.
    func send(_ record: LogRecord) -> Bool {
        if next == messages.count { prepare(record) }
        while next < messages.count {
            let message = messages[next]
            switch send(message, of: record) {
            case .taken:
                if message.token != .aside {
                    sequences[Int(message.partition)] += 1
                    sent[Int(message.partition)] += 1
                }
            case .full: return false
            case .tooLarge: deliveries.noteTooLarge()
            case .refused(let error):
                // Comes again with everything behind the mark.
                deliveries.noteRefused("\(error)")
                return false
            }
            next += 1
        }
        messages.removeAll(keepingCapacity: true)
        next = 0
        return true
    }

    private func prepare(_ record: LogRecord) {
        parts.removeAll(keepingCapacity: true)
        messages.removeAll(keepingCapacity: true)
        next = 0
        splitter.split(record, into: &parts)
        for part in parts {
            switch part.place {
            case .ticker(let symbol):
                let partition = symbol.withBytes {
                    KafkaPartitioner.partition(of: $0, among: partitionCount)
                }
                messages.append(
                    Message(
                        partition: partition, symbol: symbol, content: part.content,
                        token: record.isFeeds ? .event : .own)
                )
                guard record.kind == .article else { continue }
                messages.append(
                    Message(
                        partition: -1, symbol: symbol, content: part.content, token: .aside))
            case .anywhere:
                messages.append(
                    Message(
                        partition: 0, content: part.content,
                        token: record.isFeeds ? .event : .own))
            case .everywhere:
                for partition in 0..<Int32(partitionCount) {
                    messages.append(
                        Message(partition: partition, content: part.content, token: .own))
                }
            }
        }
    }

    private func send(_ message: Message, of record: LogRecord) -> KafkaSending {
        let isAside = message.token == .aside
        KafkaRecordHead(
            kind: record.kind, source: record.source, receivedAt: record.receivedAt,
            producer: producerID,
            sequence: isAside ? 0 : sequences[Int(message.partition)]
        ).write(to: &headers)
        func hand(_ key: UnsafeRawBufferPointer?) -> KafkaSending {
            let part = RecordPart(place: .anywhere, content: message.content)
            return part.withBytes(of: record) { payload in
                producer.send(
                    topic: isAside ? topics.news : topics.trades,
                    partition: isAside ? nil : message.partition, key: key, payload: payload,
                    headers: headers, token: message.token.rawValue)
            }
        }
        guard let symbol = message.symbol else { return hand(nil) }
        return symbol.withBytes { hand($0) }
    }
}

extension LogRecord {
    /// A provider sent it, rather than ticktop itself said it.
    fileprivate var isFeeds: Bool { kind == .frame || kind == .article }
}

extension Symbol {
    /// Lends its characters.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let words = (head.bigEndian, tail.bigEndian)
        return withUnsafeBytes(of: words) { bytes in
            let count = bytes.firstIndex(of: 0) ?? bytes.count
            return body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }
}
