import Logging
import MarketModel

/// Asks the brokers whether the logs are still those that stored results came from: re-reads the
/// record before each stored position, and the first of the log where it differs.
///
/// Waits for the brokers; for the consuming thread, before it begins with partitions and after the
/// brokers were away.
public final class LogContinuityCheck {
    private let settings: KafkaSettings
    private let topic: String
    private let logger: Logger

    public init(_ settings: KafkaSettings, topic: String, logger: Logger) {
        self.settings = settings
        self.topic = topic
        self.logger = logger
    }

    /// By partition. Throws when the brokers do not answer within the time.
    public func findings(
        _ stored: [Int32: StoredLogPosition], timeout: Duration = .seconds(10)
    ) throws(KafkaError) -> [Int32: LogContinuity] {
        let admin = try TopicAdmin(settings, logger: logger)
        let reader = try RecordReader(settings, topic: topic, logger: logger)
        let deadline = SystemClock.monotonicNanoseconds + Int64(timeout.milliseconds) * 1_000_000
        var extents: [Int32: LogExtent] = [:]
        for partition in stored.keys.sorted() {
            extents[partition] = try admin.extent(
                of: topic, partition: partition, timeout: timeout)
        }
        let previous = try reader.read(
            stored.compactMapValues { $0.last == nil ? nil : $0.next - 1 }, within: extents,
            until: deadline)
        let doubtful = stored.filter { partition, position in
            position.last.map { previous[partition] != $0 } ?? false
        }
        let first = try reader.read(
            doubtful.compactMapValues { _ in 0 }, within: extents, until: deadline)
        var findings: [Int32: LogContinuity] = [:]
        for (partition, position) in stored {
            guard let extent = extents[partition] else { continue }
            findings[partition] = .judge(
                position, extent: extent, previous: previous[partition], first: first[partition])
        }
        return findings
    }
}

/// Reads single records of a topic.
private final class RecordReader {
    private let consumer: KafkaConsumer

    init(_ settings: KafkaSettings, topic: String, logger: Logger) throws(KafkaError) {
        consumer = try KafkaConsumer(
            settings, topic: topic, membership: .alone, expectsEveryOffset: false, logger: logger)
    }

    /// The fingerprints of the records at those offsets; absent for what the logs do not hold.
    func read(_ offsets: [Int32: Int64], within extents: [Int32: LogExtent], until deadline: Int64)
        throws(KafkaError) -> [Int32: RecordFingerprint]
    {
        let held = offsets.filter { partition, offset in
            extents[partition].map { $0.low <= offset && offset < $0.high } ?? false
        }
        guard !held.isEmpty else { return [:] }
        try consumer.begin(held.mapValues { .offset($0) })
        var found: [Int32: RecordFingerprint] = [:]
        var isAsked = Set(held.keys)
        while !isAsked.isEmpty {
            guard SystemClock.monotonicNanoseconds < deadline else {
                throw .timedOut(operation: "read a record of \(consumer.topic)")
            }
            if case .trouble(.fatal(let reason)) = consumer.poll(wait: .milliseconds(20)) {
                throw .client(reason: reason)
            }
            for partition in isAsked {
                do {
                    try consumer.drain(partition, countMax: 1) { message in
                        if message.offset == held[partition] {
                            found[partition] = message.fingerprint()
                        }
                        isAsked.remove(partition)
                        return false
                    }
                } catch {
                    // Gone in the meantime: as absent as if it had never been there.
                    isAsked.remove(partition)
                }
            }
        }
        try consumer.release(Array(held.keys))
        return found
    }
}
