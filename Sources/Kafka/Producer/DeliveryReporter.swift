import CRdKafka
import Foundation
import Synchronization

/// Takes a producer's reports on a thread of its own, and counts.
final class DeliveryReporter: Sendable {
    private let handle: KafkaHandle
    private let onDelivery: (@Sendable (borrowing KafkaDelivery) -> Void)?
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)
    private let taken = Atomic<Int64>(0)
    private let delivered = Atomic<Int64>(0)
    private let failed = Atomic<Int64>(0)
    private let full = Atomic<Int64>(0)
    private let refused = Atomic<Int64>(0)
    private let connection = Mutex(ConnectionWatch())

    init(_ handle: KafkaHandle, onDelivery: (@Sendable (borrowing KafkaDelivery) -> Void)?) {
        self.handle = handle
        self.onDelivery = onDelivery
    }

    var figures: KafkaProducerFigures {
        var figures = KafkaProducerFigures()
        // Read in this order, what is queued is never counted below zero.
        figures.delivered = delivered.load(ordering: .acquiring)
        figures.failed = failed.load(ordering: .acquiring)
        figures.taken = max(
            taken.load(ordering: .acquiring), figures.delivered + figures.failed)
        figures.full = full.load(ordering: .relaxed)
        figures.refused = refused.load(ordering: .relaxed)
        figures.trouble = connection.withLock { $0.trouble }
        return figures
    }

    func count(taken: Int64 = 0, full: Int64 = 0, refused: Int64 = 0) {
        if taken > 0 { self.taken.add(taken, ordering: .releasing) }
        if full > 0 { self.full.add(full, ordering: .relaxed) }
        if refused > 0 { self.refused.add(refused, ordering: .relaxed) }
    }

    func start() {
        let thread = Thread { [self] in
            let queue = rd_kafka_queue_get_main(handle.client)
            while !isStopping.load(ordering: .acquiring) {
                guard let event = rd_kafka_queue_poll(queue, 100) else { continue }
                take(event)
                rd_kafka_event_destroy(event)
            }
            rd_kafka_queue_destroy(queue)
            ended.signal()
        }
        thread.name = "kafka producer"
        thread.start()
    }

    /// Ends the thread; what is queued is no longer reported.
    func stop() {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        ended.wait()
    }

    private func take(_ event: OpaquePointer) {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR: takeDeliveries(event)
        case RD_KAFKA_EVENT_ERROR:
            let reason = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
            let code = rd_kafka_event_error(event)
            connection.withLock { $0.note(code, reason: handle.redacting(reason)) }
        case RD_KAFKA_EVENT_STATS:
            guard let text = rd_kafka_event_stats(event) else { return }
            connection.withLock { $0.note(statistics: String(cString: text)) }
        default: break
        }
    }

    private func takeDeliveries(_ event: OpaquePointer) {
        var good: Int64 = 0
        var bad: Int64 = 0
        while let message = rd_kafka_event_message_next(event) {
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { good += 1 } else { bad += 1 }
            onDelivery?(KafkaDelivery(raw: message))
        }
        delivered.add(good, ordering: .releasing)
        failed.add(bad, ordering: .releasing)
        if good > 0 { connection.withLock { $0.noteProgress() } }
    }
}
