import Kafka
import Logging
import MarketModel
import Storage

/// The way of a log into Kafka: records in log order, and a durable mark of how far they have been
/// delivered. What is behind the mark is sent again after a crash, under the numbers it had, so
/// that a consumer knows it. One thread.
final class IngestOutlet {
    private let settings: KafkaSettings
    private let logger: Logger
    private let file: DeliveryMarkFile
    private var mark: DeliveryMark
    private var ledger = DeliveryLedger()
    private var deliveries: Deliveries
    private var producer: KafkaProducer
    private var publisher: RecordPublisher
    private var hasTopics = false
    /// Everything before it has been sent.
    private(set) var position: LogPosition
    private var fencedAt: Int64 = 0
    private var askedAt: Int64 = 0
    /// Counted records end here: what comes before it is sent once more.
    private var countedTo: LogPosition
    private var counts = IngestCounts()
    /// Of deliveries of producers that are no more.
    private var before = IngestCounts()

    private var markTrouble: String?

    private static let fenceEvery: Int64 = 250_000_000
    private static let askEvery: Int64 = 1_000_000_000

    /// `mark` is where a life before this one came to. `countFrom`: what comes before it was
    /// counted then.
    init(
        _ settings: KafkaSettings, logger: Logger, file: DeliveryMarkFile, mark: DeliveryMark,
        countFrom: LogPosition
    ) throws {
        self.settings = settings
        self.logger = logger
        self.file = file
        self.mark = mark
        countedTo = countFrom
        position = mark.position
        (deliveries, producer, publisher) = try IngestOutlet.connect(
            settings, logger: logger, from: mark)
        try file.write(mark)
    }

    /// A producer that counts on from the mark, with what keeps its reports.
    private static func connect(_ settings: KafkaSettings, logger: Logger, from mark: DeliveryMark)
        throws -> (Deliveries, KafkaProducer, RecordPublisher)
    {
        let deliveries = Deliveries(partitionCount: settings.partitionCount)
        let producer = try KafkaProducer(settings, logger: logger) { deliveries.note($0) }
        let publisher = RecordPublisher(
            producer, settings, deliveries: deliveries, producerID: mark.producer,
            sequences: mark.sequences)
        return (deliveries, producer, publisher)
    }

    var delivered: LogPosition { mark.position }
    var trouble: KafkaTrouble? { producer.figures.trouble }

    var figures: IngestCounts {
        var figures = counts
        let content = deliveries.now
        figures.published = before.published + content.published
        figures.failed = before.failed + content.failed
        return figures
    }

    /// Asks whether the topics are there, and makes them, at most once a second; true once they
    /// are.
    func isReady() throws -> Bool {
        if hasTopics { return true }
        let now = SystemClock.monotonicNanoseconds
        guard now - askedAt >= IngestOutlet.askEvery else { return false }
        do {
            let admin = try TopicAdmin(settings, logger: logger)
            try admin.ensure(settings.ingestTopics, timeout: .seconds(2))
            hasTopics = true
        } catch KafkaError.timedOut {
            hasTopics = false
        } catch KafkaError.operation(_, code: "_TRANSPORT", reason: _) {
            hasTopics = false
        }
        askedAt = SystemClock.monotonicNanoseconds
        return hasTopics
    }

    /// Sends the record at a position of the log; the log goes on at `end`. False when there is no
    /// room: the same record comes again later.
    func send(_ record: LogRecord, at place: LogPosition, end: LogPosition, isSpilled: Bool) -> Bool
    {
        if let life = mark.lives.last(where: { $0.position <= place }),
            life.producer != publisher.producerID
        {
            setFence()
            publisher.begin(producer: life.producer)
        }
        let events = publisher.eventCount(of: record)
        guard publisher.send(record) else { return false }
        position = end
        if place >= countedTo {
            counts.received += events
            if isSpilled { counts.spilled += events }
            countedTo = end
        } else {
            counts.resent += events
        }
        return true
    }

    /// Moves the mark; several times a second. True when it has moved.
    func turn() throws -> Bool {
        let now = SystemClock.monotonicNanoseconds
        guard now - fencedAt >= IngestOutlet.fenceEvery else { return false }
        fencedAt = now
        setFence()
        return try moveMark()
    }

    /// What the disk has said against the mark since the last call.
    func takeMarkTrouble() -> String? {
        defer { markTrouble = nil }
        return markTrouble
    }

    /// Why sending cannot go on with this producer; `nil` while it can.
    var failure: String? {
        if case .fatal(let reason) = producer.figures.trouble { return reason }
        return deliveries.now.failure
    }

    /// Sends again from the mark with a new producer. A delivery that failed is tried anew by that.
    func restart() throws {
        let content = deliveries.now
        before.published += content.published
        before.failed += content.failed
        producer.purge()
        (deliveries, producer, publisher) = try IngestOutlet.connect(
            settings, logger: logger, from: mark)
        ledger.removeAll()
        position = mark.position
        hasTopics = false
    }

    /// Waits for what has been sent; false when not all of it was delivered in time.
    func finish(timeout: Duration) throws -> Bool {
        setFence()
        let isWhole = producer.flush(timeout: timeout)
        // Reports come on the producer's thread.
        for _ in 0..<50 where mark.position < position {
            if try moveMark(), mark.position >= position { break }
            guard isWhole else { break }
            SystemClock.sleepThread(.milliseconds(10))
        }
        if !isWhole { producer.purge() }
        return mark.position >= position
    }

    private func setFence() {
        ledger.set(
            DeliveryLedger.Fence(
                position: position, sent: publisher.sent, producer: publisher.producerID,
                sequences: publisher.sequences))
    }

    private func moveMark() throws -> Bool {
        guard failure == nil, let fence = ledger.passed(delivered: deliveries.now.finished),
            fence.position > mark.position
        else { return false }
        mark.position = fence.position
        mark.producer = fence.producer
        mark.sequences = fence.sequences
        mark.lives.removeAll { $0.producer == fence.producer || $0.position < fence.position }
        do {
            try file.write(mark)
        } catch {
            // An older mark on disk means more repeats after a crash, and no loss.
            markTrouble = markTrouble ?? "how far the brokers have it all is not kept: \(error)"
        }
        return true
    }
}

/// What became of what a feed sent: parts of frames and articles, not clock records and the like.
struct IngestCounts: Equatable, Sendable {
    var received: Int64 = 0
    /// Sent once more, because an earlier life or producer had not heard of its delivery. What the
    /// brokers have twice of it, a consumer knows by its number.
    var resent: Int64 = 0
    var published: Int64 = 0
    /// Of the received: gone through the journal on disk.
    var spilled: Int64 = 0
    /// Deliveries that failed; all but what is too long is sent again.
    var failed: Int64 = 0
}

extension KafkaSettings {
    /// What ingest writes to.
    fileprivate var ingestTopics: [KafkaTopicPlan] {
        topicPlans.filter { [topics.trades, topics.news].contains($0.name) }
    }
}
