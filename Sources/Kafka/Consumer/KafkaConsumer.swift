import CRdKafka
import Logging
import MarketModel

/// Consumes the partitions of one topic, each through a queue of its own.
///
/// Back-pressure is not to `drain`: at most `queued.max.messages.kbytes` of a partition then wait
/// here, the rest in the log. `poll` is to be called all the same, several times a second: it
/// serves rebalances. Everything on one thread, the owner's.
///
/// librdkafka before 2.1 may lose messages of a batch around pause, resume, seek and rebalances on
/// another thread. So none of these is used: where to begin is in the list that is assigned, and
/// rebalances are served by `poll`.
public final class KafkaConsumer {
    public let topic: String
    public let membership: KafkaMembership
    /// Whether each offset is a record: a jump is then a loss. Not so for compacted topics.
    public let expectsEveryOffset: Bool

    let handle: KafkaHandle
    private let events: OpaquePointer
    private let wakeup: Wakeup
    let logEnds: LogEndWatch
    var partitions: [Int32: PartitionQueue] = [:]
    private var connection = ConnectionWatch()
    private var waiting: [KafkaConsumerEvent] = []
    private var isClosed = false
    /// How often the group gave or took partitions.
    public private(set) var rebalanceCount = 0

    public init(
        _ settings: KafkaSettings, topic: String, membership: KafkaMembership,
        expectsEveryOffset: Bool = true, logger: Logger
    ) throws(KafkaError) {
        self.topic = topic
        self.membership = membership
        self.expectsEveryOffset = expectsEveryOffset
        _ = KafkaLibrary.keepsMemory
        let group: String? = if case .group(let name) = membership { name } else { nil }
        handle = try KafkaHandle(
            settings, .consumer(group: group),
            events: RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS,
            logger: logger)
        wakeup = try Wakeup()
        logEnds = LogEndWatch(handle, topic: topic)
        // Log lines and client errors come to the same queue as rebalances.
        let code = rd_kafka_poll_set_consumer(handle.client)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR,
            let queue = rd_kafka_queue_get_consumer(handle.client)
        else { throw handle.failure("consumer of \(topic)", code) }
        events = queue
        wakeup.watch(events)
        logEnds.start()
        if group != nil { try subscribe() }
    }

    deinit { close() }

    /// The next event, or `nil`: after `wait`, or as soon as new messages have arrived anywhere.
    ///
    /// Messages that arrived before and are not drained end no wait.
    public func poll(wait: Duration) -> KafkaConsumerEvent? {
        if let event = nextEvent() { return event }
        guard wait > .zero, wakeup.wait(wait) else { return nil }
        return nextEvent()
    }

    /// Begins with partitions: those of an `assigned` event, all at once, or, when alone, any.
    public func begin(_ starts: [Int32: KafkaStart]) throws(KafkaError) {
        let list = rd_kafka_topic_partition_list_new(Int32(starts.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, start) in starts.sorted(by: { $0.key < $1.key }) {
            guard let queue = PartitionQueue(handle, topic, partition, start) else {
                throw .unknownTopic(topic)
            }
            wakeup.watch(queue.queue)
            partitions[partition] = queue
            rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset =
                start.rawOffset
        }
        if isEager {
            try check("assign", rd_kafka_assign(handle.client, list))
        } else {
            try check("assign", rd_kafka_incremental_assign(handle.client, list))
        }
        logEnds.watch(owned)
    }

    /// Gives partitions up: the answer to `revoked` and `lost`.
    public func release(_ given: [Int32]) throws(KafkaError) {
        let list = rd_kafka_topic_partition_list_new(Int32(given.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in given {
            // Those that were not begun are none that librdkafka knows of.
            guard let queue = partitions.removeValue(forKey: partition) else { continue }
            wakeup.forget(queue.queue)
            queue.discard()
            rd_kafka_topic_partition_list_add(list, topic, partition)
        }
        if isEager {
            try check("unassign", rd_kafka_assign(handle.client, nil))
        } else {
            try check("unassign", rd_kafka_incremental_unassign(handle.client, list))
        }
        logEnds.watch(owned)
    }

    /// Hands over at most `countMax` messages of a partition, in order; returns how many.
    ///
    /// Stops early when `body` returns false; that message has been taken, the next comes first in
    /// the next call. Throws what stands in the way *before* the message behind it is handed over:
    /// messages handed over earlier in the call have been taken, and the next call goes on. Zero
    /// for a partition that is not ours.
    @discardableResult
    public func drain(
        _ partition: Int32, countMax: Int, _ body: (borrowing KafkaMessage) -> Bool
    ) throws(KafkaTrouble) -> Int {
        guard let queue = partitions[partition] else { return 0 }
        return try queue.drain(
            countMax: countMax, expectsEveryOffset: expectsEveryOffset, topic: topic, body)
    }

    /// The partitions that have been begun and not released, in order.
    public var owned: [Int32] { partitions.keys.sorted() }

    /// Leaves the group, giving everything up without further events; what is not drained stays in
    /// the log. False when the brokers did not answer in time: the group notices by itself.
    @discardableResult
    public func close(timeout: Duration = .seconds(4)) -> Bool {
        guard !isClosed else { return true }
        isClosed = true
        logEnds.stop()
        for queue in partitions.values {
            wakeup.forget(queue.queue)
            queue.discard()
        }
        partitions.removeAll()
        let isInOrder = leave(timeout: timeout)
        wakeup.forget(events)
        rd_kafka_queue_destroy(events)
        return isInOrder
    }

    // MARK: Events

    private var isEager: Bool {
        guard let name = rd_kafka_rebalance_protocol(handle.client) else { return false }
        return String(cString: name) == "EAGER"
    }

    private func subscribe() throws(KafkaError) {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, -1)
        try check("subscribe to \(topic)", rd_kafka_subscribe(handle.client, list))
    }

    private func nextEvent() -> KafkaConsumerEvent? {
        while waiting.isEmpty {
            guard let event = rd_kafka_queue_poll(events, 0) else { return nil }
            take(event)
            rd_kafka_event_destroy(event)
        }
        return waiting.removeFirst()
    }

    private func take(_ event: OpaquePointer) {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_REBALANCE: takeRebalance(event)
        case RD_KAFKA_EVENT_ERROR:
            let reason = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
            takeError(rd_kafka_event_error(event), reason: handle.redacting(reason))
        case RD_KAFKA_EVENT_STATS:
            guard let text = rd_kafka_event_stats(event) else { return }
            let before = connection.trouble
            connection.note(statistics: String(cString: text))
            if before != nil, connection.trouble == nil { waiting.append(.recovered) }
        default: break
        }
    }

    private func takeRebalance(_ event: OpaquePointer) {
        rebalanceCount += 1
        var given: [Int32] = []
        if let list = rd_kafka_event_topic_partition_list(event) {
            given = (0..<Int(list.pointee.cnt)).map { list.pointee.elems[$0].partition }.sorted()
        }
        switch rd_kafka_event_error(event) {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: waiting.append(.assigned(given))
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            let isLost = rd_kafka_assignment_lost(handle.client) != 0
            waiting.append(isLost ? .lost(given) : .revoked(given))
        default:
            let reason = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
            waiting.append(.trouble(.group(reason: handle.redacting(reason))))
            // The assignment has to be brought in step after an error of the rebalance itself.
            waiting.append(.lost(owned))
        }
    }

    private func takeError(_ code: rd_kafka_resp_err_t, reason: String) {
        switch code {
        case RD_KAFKA_RESP_ERR__FATAL: waiting.append(.trouble(.fatal(reason: reason)))
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            waiting.append(.trouble(.unknownTopic(topic)))
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
            RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED:
            waiting.append(.trouble(.group(reason: reason)))
        default:
            let before = connection.trouble
            connection.note(code, reason: reason)
            if let trouble = connection.trouble, trouble != before {
                waiting.append(.trouble(trouble))
            }
        }
    }

    /// librdkafka 2.0 may never finish leaving when a partition was lost: so not for ever.
    private func leave(timeout: Duration) -> Bool {
        guard case .group = membership else {
            rd_kafka_assign(handle.client, nil)
            return true
        }
        let deadline = SystemClock.monotonicNanoseconds + Int64(timeout.milliseconds) * 1_000_000
        if let error = rd_kafka_consumer_close_queue(handle.client, events) {
            rd_kafka_error_destroy(error)
            return true
        }
        while rd_kafka_consumer_closed(handle.client) == 0,
            SystemClock.monotonicNanoseconds < deadline
        {
            guard let event = rd_kafka_queue_poll(events, 50) else { continue }
            if rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE {
                rd_kafka_assign(handle.client, nil)
            }
            rd_kafka_event_destroy(event)
        }
        return rd_kafka_consumer_closed(handle.client) != 0
    }

    func check(_ operation: String, _ code: rd_kafka_resp_err_t) throws(KafkaError) {
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw handle.failure(operation, code) }
    }

    private func check(_ operation: String, _ error: OpaquePointer?) throws(KafkaError) {
        guard let error else { return }
        defer { rd_kafka_error_destroy(error) }
        throw handle.failure(operation, rd_kafka_error_code(error))
    }
}
