import CRdKafka

/// One partition's queue at the consumer, and the messages taken from it but not handed over yet.
///
/// On the consumer's thread only.
final class PartitionQueue {
    /// Messages taken from librdkafka at a time.
    private static let batchMax = 512

    let queue: OpaquePointer
    private let partition: Int32
    private let batch: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var first = 0
    private var count = 0
    /// The next record's offset; `nil` until the first has come, when the start was no offset.
    private(set) var next: Int64?
    private var isDiscarded = false

    /// `nil` when there is no such partition.
    init?(_ handle: KafkaHandle, _ topic: String, _ partition: Int32, _ start: KafkaStart) {
        guard let queue = rd_kafka_queue_get_partition(handle.client, topic, partition) else {
            return nil
        }
        self.queue = queue
        self.partition = partition
        if case .offset(let offset) = start { next = offset }
        batch = .allocate(capacity: PartitionQueue.batchMax)
        // Its messages no longer go to the consumer's common queue. Holds for as long as the client
        // knows the partition.
        rd_kafka_queue_forward(queue, nil)
    }

    deinit {
        discard()
        batch.deallocate()
    }

    func drain(
        countMax: Int, expectsEveryOffset: Bool, topic: String,
        _ body: (borrowing KafkaMessage) -> Bool
    ) throws(KafkaTrouble) -> Int {
        var handed = 0
        while handed < countMax {
            if first == count, !refill(countMax - handed) { break }
            guard let message = batch[first] else { break }
            let code = message.pointee.err
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                let trouble = trouble(code, message, topic)
                destroyFirst()
                throw trouble
            }
            let offset = message.pointee.offset
            if expectsEveryOffset, let expected = next, offset != expected {
                next = offset
                throw .offsetGap(partition: partition, expected: expected, received: offset)
            }
            next = offset + 1
            handed += 1
            let goesOn = body(KafkaMessage(raw: message))
            destroyFirst()
            if !goesOn { break }
        }
        return handed
    }

    /// Lets go of the queue and of what was taken but not handed over. Twice is the same as once.
    func discard() {
        guard !isDiscarded else { return }
        isDiscarded = true
        while first < count { destroyFirst() }
        rd_kafka_queue_destroy(queue)
    }

    private func refill(_ wanted: Int) -> Bool {
        first = 0
        count = rd_kafka_consume_batch_queue(queue, 0, batch, min(wanted, PartitionQueue.batchMax))
        if count < 0 { count = 0 }
        return count > 0
    }

    private func destroyFirst() {
        if let message = batch[first] { rd_kafka_message_destroy(message) }
        batch[first] = nil
        first += 1
    }

    private func trouble(
        _ code: rd_kafka_resp_err_t, _ message: UnsafeMutablePointer<rd_kafka_message_t>,
        _ topic: String
    ) -> KafkaTrouble {
        switch code {
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            return .offsetOutOfRange(partition: partition, offset: next ?? message.pointee.offset)
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            return .unknownTopic(topic)
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            return .authentication(reason: String(cString: rd_kafka_err2str(code)))
        default:
            return .partition(
                partition,
                reason: "\(String(cString: rd_kafka_err2str(code))) (\(KafkaHandle.name(code)))")
        }
    }
}
