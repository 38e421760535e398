import CRdKafka
import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Sleeps until one of several librdkafka queues is no longer empty: each writes a byte into one
/// pipe when its first message or event arrives.
final class Wakeup {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws(KafkaError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .client(reason: "no pipe: \(String(cString: strerror(errno)))")
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func watch(_ queue: OpaquePointer) { rd_kafka_queue_io_event_enable(queue, writeEnd, "1", 1) }

    /// To be called before the queue goes.
    func forget(_ queue: OpaquePointer) { rd_kafka_queue_io_event_enable(queue, -1, nil, 0) }

    /// True when a queue has become non-empty since the last call; false when time ran out.
    func wait(_ limit: Duration) -> Bool {
        var asked = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&asked, 1, limit.milliseconds) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(readEnd, &bytes, bytes.count) == bytes.count {}
        return true
    }
}
