import CRdKafka
import Foundation
import Logging
import MarketModel
import Synchronization

/// What became of a message handed to `KafkaProducer.send`.
public enum KafkaSending: Equatable, Sendable {
    /// Will be delivered, or reported as failed.
    case taken
    /// The bounded queue has no room: nothing was taken. The brokers are away or slower than the
    /// feed.
    case full
    /// Longer than a message may be: nothing was taken.
    case tooLarge(bytes: Int)
    /// Another refusal, such as a partition that is not there: nothing was taken.
    case refused(KafkaError)
}

/// A message that has left the producer's queue; lent for the length of a call.
public struct KafkaDelivery: ~Copyable {
    let raw: UnsafePointer<rd_kafka_message_t>

    /// What `send` was given.
    public var token: UInt { UInt(bitPattern: raw.pointee._private) }
    public var partition: Int32 { raw.pointee.partition }
    /// -1 when it failed.
    public var offset: Int64 {
        raw.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR ? raw.pointee.offset : -1
    }
    /// `nil` when the message is in the log; else librdkafka's name of the error.
    public var failure: String? {
        raw.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaHandle.name(raw.pointee.err)
    }
    public var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: raw.pointee.payload, count: raw.pointee.len)
    }
    public var key: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: raw.pointee.key, count: raw.pointee.key_len)
    }
}

/// A producer's running counts: taken = queued + delivered + failed.
public struct KafkaProducerFigures: Equatable, Sendable {
    public var taken: Int64 = 0
    public var delivered: Int64 = 0
    public var failed: Int64 = 0
    /// How often the queue had no room.
    public var full: Int64 = 0
    public var refused: Int64 = 0
    /// `nil` while the brokers answer.
    public var trouble: KafkaTrouble?

    public init() {}

    public var queued: Int64 { taken - delivered - failed }
}

/// Sends messages, each into its log once and in order per partition (idempotent, acks=all).
///
/// `send` may be called from any thread; a thread of the producer's own takes the reports.
public final class KafkaProducer: Sendable {
    private let handle: KafkaHandle
    private let topics = Mutex<[String: KafkaTopicHandle]>([:])
    private let reporter: DeliveryReporter

    /// `onDelivery` is called on the producer's thread for each message, in order per partition.
    public init(
        _ settings: KafkaSettings, logger: Logger,
        onDelivery: (@Sendable (borrowing KafkaDelivery) -> Void)? = nil
    ) throws(KafkaError) {
        handle = try KafkaHandle(
            settings, .producer,
            events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS, logger: logger)
        reporter = DeliveryReporter(handle, onDelivery: onDelivery)
        reporter.start()
    }

    deinit { reporter.stop() }

    public var figures: KafkaProducerFigures { reporter.figures }

    /// Hands a message over; the bytes are copied. Without a partition the key decides, and without
    /// a key chance does.
    ///
    /// `token` comes back in the delivery.
    public func send(
        topic: String, partition: Int32? = nil, key: UnsafeRawBufferPointer? = nil,
        payload: UnsafeRawBufferPointer?, headers: KafkaHeaders = KafkaHeaders(), token: UInt = 0
    ) -> KafkaSending {
        let code: rd_kafka_resp_err_t
        do {
            let target = try topicHandle(topic)
            code = handle.produce(
                to: target, partition: partition, key: key, payload: payload, headers: headers,
                token: token)
        } catch {
            reporter.count(refused: 1)
            return .refused(error)
        }
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            reporter.count(taken: 1)
            return .taken
        case RD_KAFKA_RESP_ERR__QUEUE_FULL:
            reporter.count(full: 1)
            return .full
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            reporter.count(refused: 1)
            return .tooLarge(bytes: payload?.count ?? 0)
        default:
            reporter.count(refused: 1)
            return .refused(handle.failure("send to \(topic)", code))
        }
    }

    /// Waits until everything taken has been delivered or failed. False when time ran out.
    @discardableResult
    public func flush(timeout: Duration) -> Bool {
        rd_kafka_flush(handle.client, timeout.milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Gives up what is still queued: each message comes back as a failed delivery (`_PURGE_QUEUE`;
    /// `_PURGE_INFLIGHT` for what may have arrived all the same).
    public func purge() {
        rd_kafka_purge(handle.client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        flush(timeout: .seconds(5))
    }

    private func topicHandle(_ name: String) throws(KafkaError) -> KafkaTopicHandle {
        let found: Result<KafkaTopicHandle, KafkaError> = topics.withLock { topics in
            if let known = topics[name] { return .success(known) }
            guard let made = KafkaTopicHandle(name, of: handle) else {
                let code = rd_kafka_last_error()
                return .failure(handle.failure("topic \(name)", code))
            }
            topics[name] = made
            return .success(made)
        }
        return try found.get()
    }
}

/// Owns a topic of a producer's.
final class KafkaTopicHandle: @unchecked Sendable {
    // Unchecked: the pointer never changes, and librdkafka locks what it points to.
    let topic: OpaquePointer
    private let owner: KafkaHandle

    init?(_ name: String, of handle: KafkaHandle) {
        guard let topic = rd_kafka_topic_new(handle.client, name, nil) else { return nil }
        self.topic = topic
        owner = handle
    }

    deinit { rd_kafka_topic_destroy(topic) }
}

extension Duration {
    /// Whole milliseconds, rounded up, as C calls want them.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let rounded = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: rounded)
    }
}
