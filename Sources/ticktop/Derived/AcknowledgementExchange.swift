import Dispatch
import Engine
import Foundation
import Kafka
import MarketModel
import Storage
import Synchronization

/// Acknowledgements of all nodes: what is acknowledged here is told on the compacted topic, and
/// what others tell there is taken into the store. The topic's order decides.
final class AcknowledgementExchange: @unchecked Sendable {
    // Unchecked: `consumer` and `askedAt` are used by the thread alone; the rest never changes.
    private let settings: KafkaSettings
    private let history: StoredHistory
    private let clock: any MarketClock
    private let board: SnapshotBoard
    private let producer: KafkaProducer
    private var consumer: KafkaConsumer?
    private var askedAt: Int64 = 0
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    private static let rest = Duration.milliseconds(20)
    private static let askEvery: Int64 = 1_000_000_000

    init(
        _ settings: KafkaSettings, history: StoredHistory, clock: any MarketClock,
        board: SnapshotBoard
    ) throws {
        self.settings = settings
        self.history = history
        self.clock = clock
        self.board = board
        producer = try KafkaProducer(settings, logger: KafkaSettings.silence)
    }

    /// Any thread: an episode has been acknowledged here, or that was taken back.
    func tell(_ reading: EpisodeReading) {
        let message = AcknowledgementMessage(
            episodeID: reading.episode.id, acknowledgement: reading.acknowledgement)
        let key = Array(message.episodeID.utf8)
        let sending = key.withUnsafeBytes { key in
            guard let bytes = message.bytes else {
                return producer.send(
                    topic: settings.topics.acknowledgements, key: key, payload: nil)
            }
            return bytes.withUnsafeBytes {
                producer.send(topic: settings.topics.acknowledgements, key: key, payload: $0)
            }
        }
        guard sending != .taken else { return }
        board.update { $0.warn("an acknowledgement was not told to others: \(sending)") }
    }

    func start() {
        let thread = Thread { [self] in
            while !isStopping.load(ordering: .relaxed) {
                if !turn() { SystemClock.sleepThread(AcknowledgementExchange.rest) }
            }
            consumer?.close()
            ended.signal()
        }
        thread.name = "ticktop.acknowledgements"
        thread.start()
    }

    /// Delivers what has been told, for a while.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        ended.wait()
        _ = producer.flush(timeout: .seconds(2))
    }

    // MARK: The exchange's thread

    private func turn() -> Bool {
        guard let consumer = open() else { return false }
        while consumer.poll(wait: .zero) != nil {}
        var hasRead = false
        for partition in consumer.owned {
            do {
                try consumer.drain(partition, countMax: 256) { message in
                    hasRead = true
                    take(message)
                    return true
                }
            } catch {
                board.update { $0.warn("acknowledgements: \(error)") }
                consumer.close()
                self.consumer = nil
                return false
            }
        }
        return hasRead
    }

    private func take(_ message: borrowing KafkaMessage) {
        do {
            let told = try AcknowledgementMessage(
                key: message.key, value: message.isTombstone ? nil : Array(message.payload))
            try history.take(told.acknowledgement, of: told.episodeID, now: clock.now)
        } catch {
            board.update { $0.warn("an acknowledgement of another node: \(error)") }
        }
    }

    private func open() -> KafkaConsumer? {
        if let consumer { return consumer }
        let now = SystemClock.monotonicNanoseconds
        guard now - askedAt >= AcknowledgementExchange.askEvery else { return nil }
        defer { askedAt = SystemClock.monotonicNanoseconds }
        let name = settings.topics.acknowledgements
        do {
            try TopicAdmin(settings, logger: KafkaSettings.silence)
                .ensure(settings.topicPlans.filter { $0.name == name }, timeout: .seconds(2))
            let made = try KafkaConsumer(
                settings, topic: name, membership: .alone, expectsEveryOffset: false,
                logger: KafkaSettings.silence)
            let starts = (0..<Int32(settings.partitionCount)).map { ($0, KafkaStart.oldest) }
            try made.begin(Dictionary(uniqueKeysWithValues: starts))
            consumer = made
        } catch {
            board.update { $0.warn("acknowledgements of other nodes: \(error)") }
        }
        return consumer
    }
}

/// Tells of acknowledgements once there is somebody to tell: the store is opened before.
final class AcknowledgementOutlet: Sendable {
    private let exchange = Mutex<AcknowledgementExchange?>(nil)

    func note(_ reading: EpisodeReading) { exchange.withLock { $0 }?.tell(reading) }
    func connect(_ exchange: AcknowledgementExchange) { self.exchange.withLock { $0 = exchange } }
}
