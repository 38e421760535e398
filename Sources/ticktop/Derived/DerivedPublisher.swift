import Dispatch
import Engine
import Foundation
import Kafka
import Logging
import MarketModel
import Storage
import Synchronization

/// Tells other readers what the store has taken: the sink beside the store's.
///
/// Effects go to the store first. Once they are committed, their messages are sent to the derived
/// topics, in log order, by a thread of its own; how far they have been delivered decides which
/// copies of the state are kept, so that after a crash everything undelivered is made, and sent,
/// once more: with the same ids and the same bytes. Waits when too much is not delivered yet.
final class DerivedPublisher: EventSink, @unchecked Sendable {
    // Unchecked: `queue`, `deliveries` and `taken` protect themselves; the rest never changes.
    private let writer: StoreWriter
    private let settings: KafkaSettings
    private let producer: KafkaProducer
    private let board: SnapshotBoard
    private let queue = WaitingQueue<Stretch>(weightMax: DerivedPublisher.messagesMax)
    private let deliveries: DerivedDeliveries
    private let ended = DispatchSemaphore(value: 0)
    private let isStopping = Atomic(false)

    /// Messages not delivered yet, at most about.
    private static let messagesMax = 65_536
    private static let step = Duration.milliseconds(2)

    /// What is to be told of a stretch of the log.
    private struct Stretch: Sendable {
        var effects: EffectBatch
        var number: UInt
    }

    private let taken = Mutex<UInt>(0)

    init(_ settings: KafkaSettings, writer: StoreWriter, board: SnapshotBoard) throws {
        self.writer = writer
        self.board = board
        self.settings = settings
        let deliveries = DerivedDeliveries()
        self.deliveries = deliveries
        producer = try KafkaProducer(settings, logger: KafkaSettings.silence) {
            deliveries.note($0)
        }
        let thread = Thread { [self] in run() }
        thread.name = "ticktop.derived"
        thread.start()
    }

    func perform(_ effects: consuming EffectBatch) throws {
        let batch = effects
        var told = EffectBatch()
        told.aggregates = batch.aggregates
        told.quotes = batch.quotes
        told.bars = batch.bars
        told.episodes = batch.episodes
        told.articles = batch.articles
        told.partition = batch.partition
        told.through = batch.through
        try writer.perform(batch)
        let number = taken.withLock { count in
            count += 1
            return count
        }
        deliveries.begin(number, partition: told.partition, through: told.through)
        let weight =
            told.aggregates.count + told.quotes.count + told.bars.count + told.episodes.count
            + told.articles.count
        _ = queue.push(Stretch(effects: told, number: number), weight: max(1, weight))
    }

    func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition? {
        try writer.storedPosition(of: trade, source: source)
    }

    /// Waits until everything before a position has been delivered; false when it takes too long.
    func waitUntilDelivered(_ position: LogPosition, of partition: Int32?, within span: Duration)
        -> Bool
    {
        let deadline = SystemClock.monotonicNanoseconds + Int64(span / .nanoseconds(1))
        while !deliveries.reaches(position, of: partition) {
            guard SystemClock.monotonicNanoseconds < deadline, !isStopping.load(ordering: .relaxed)
            else { return deliveries.reaches(position, of: partition) }
            SystemClock.sleepThread(DerivedPublisher.step)
        }
        return true
    }

    /// Whether everything before a position that was given to `perform` has been delivered.
    func hasDelivered(_ position: LogPosition, of partition: Int32?) -> Bool {
        deliveries.reaches(position, of: partition)
    }

    /// Sends what has been taken, waits a while for its delivery, and ends the thread.
    func stop() {
        queue.close()
        let isWhole = ended.wait(timeout: .now() + .seconds(10)) == .success
        isStopping.store(true, ordering: .relaxed)
        if !isWhole {
            ended.wait()
            board.update { $0.warn("derived topics: not all of it was delivered") }
        }
        _ = producer.flush(timeout: .seconds(2))
    }

    // MARK: The publisher's thread

    /// Makes the topics that are missing, as soon as a broker answers.
    private func makeTopics() {
        let names = Set(DerivedTopic.allCases.map { $0.name(settings.topics) })
        let plans = settings.topicPlans.filter { names.contains($0.name) }
        while !isStopping.load(ordering: .relaxed) {
            do {
                let admin = try TopicAdmin(settings, logger: KafkaSettings.silence)
                try admin.ensure(plans, timeout: .seconds(2))
                return
            } catch {
                board.update { $0.warn("derived topics: \(error)") }
                SystemClock.sleepThread(.seconds(1))
            }
        }
    }

    private func run() {
        makeTopics()
        while true {
            guard let stretch = queue.pop(wait: .milliseconds(200)) else {
                if queue.isFinished || isStopping.load(ordering: .relaxed) { break }
                resendFailed()
                continue
            }
            tell(stretch)
            resendFailed()
        }
        while !deliveries.isEmpty, !isStopping.load(ordering: .relaxed) {
            SystemClock.sleepThread(DerivedPublisher.step)
            resendFailed()
        }
        ended.signal()
    }

    private func tell(_ stretch: Stretch) {
        while !isStored(stretch.effects) {
            if isStopping.load(ordering: .relaxed) { return }
            SystemClock.sleepThread(DerivedPublisher.step)
        }
        let messages = DerivedMessage.all(of: stretch.effects)
        deliveries.expect(messages, in: stretch.number)
        for message in messages { send(message, in: stretch.number) }
    }

    private func isStored(_ effects: EffectBatch) -> Bool {
        let mark = writer.status.mark
        guard let partition = effects.partition else { return mark.position >= effects.through }
        return mark.partitions[partition].map { $0.position >= effects.through } ?? false
    }

    private func send(_ message: DerivedMessage, in number: UInt) {
        var headers = KafkaHeaders()
        headers.append("id", message.id)
        while !isStopping.load(ordering: .relaxed) {
            let key = Array(message.key.utf8)
            let sending = key.withUnsafeBytes { key in
                message.bytes.withUnsafeBytes { payload in
                    producer.send(
                        topic: message.topic.name(settings.topics), key: key, payload: payload,
                        headers: headers, token: number)
                }
            }
            switch sending {
            case .taken: return
            case .full: SystemClock.sleepThread(DerivedPublisher.step)
            case .tooLarge(let bytes):
                board.update { $0.warn("\(message.id): \(bytes) bytes are too many to be told") }
                return deliveries.giveUp(in: number)
            case .refused(let error):
                board.update { $0.warn("derived topics: \(error)") }
                SystemClock.sleepThread(.milliseconds(500))
            }
        }
    }

    /// What a broker did not take is sent again, with all of its stretch.
    private func resendFailed() {
        for (number, messages) in deliveries.takeFailed() {
            board.update { $0.warn("derived topics: a delivery failed and is tried again") }
            for message in messages { send(message, in: number) }
        }
    }
}
