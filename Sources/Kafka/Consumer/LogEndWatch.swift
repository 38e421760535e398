import CRdKafka
import Foundation
import Synchronization

/// Asks the brokers once a second where the logs of some partitions end.
///
/// librdkafka learns that from what it fetches only, so of a partition that is not drained it would
/// tell the old end, and its lag would not grow.
final class LogEndWatch: Sendable {
    private struct State {
        var partitions: [Int32] = []
        var ends: [Int32: Int64] = [:]
    }

    private let handle: KafkaHandle
    private let topic: String
    private let state = Mutex(State())
    private let stopping = DispatchSemaphore(value: 0)

    init(_ handle: KafkaHandle, topic: String) {
        self.handle = handle
        self.topic = topic
    }

    /// By partition; absent before the first answer.
    var ends: [Int32: Int64] { state.withLock { $0.ends } }

    /// From now on, these.
    func watch(_ partitions: [Int32]) {
        state.withLock {
            $0.partitions = partitions
            $0.ends = $0.ends.filter { partitions.contains($0.key) }
        }
    }

    /// On a thread of its own. Once only.
    func start() {
        let thread = Thread { [self] in
            while stopping.wait(timeout: .now() + .seconds(1)) == .timedOut { ask() }
        }
        thread.name = "kafka log ends"
        thread.start()
    }

    /// Returns at once; a question under way ends by itself.
    func stop() { stopping.signal() }

    private func ask() {
        let asked = state.withLock { $0.partitions }
        guard !asked.isEmpty else { return }
        let list = rd_kafka_topic_partition_list_new(Int32(asked.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in asked {
            // In place of a time: the end of the log.
            rd_kafka_topic_partition_list_add(list, topic, partition)?.pointee.offset = -1
        }
        let code = rd_kafka_offsets_for_times(handle.client, list, 2000)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return }
        state.withLock { state in
            for index in 0..<Int(list.pointee.cnt) {
                let element = list.pointee.elems[index]
                guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR, element.offset >= 0,
                    state.partitions.contains(element.partition)
                else { continue }
                state.ends[element.partition] = element.offset
            }
        }
    }
}
