import Kafka
import Logging
import MarketModel

/// Reads single records beside the consumption: whether the log still holds what was read of it.
struct LogProbe {
    let settings: KafkaSettings
    let logger: Logger

    /// The records at the offsets, by partition; absent where none came within the time.
    func records(at offsets: [Int32: Int64], wait: Duration = .seconds(3)) throws
        -> [Int32: RecordMark]
    {
        guard !offsets.isEmpty else { return [:] }
        let consumer = try KafkaConsumer(
            settings, topic: settings.topics.trades, membership: .alone, logger: logger)
        defer { consumer.close(timeout: .seconds(1)) }
        try consumer.begin(offsets.mapValues { .offset($0) })
        var found: [Int32: RecordMark] = [:]
        let deadline = SystemClock.monotonicNanoseconds + wait.nanosecondsInAll
        while found.count < offsets.count, SystemClock.monotonicNanoseconds < deadline {
            _ = consumer.poll(wait: .milliseconds(20))
            for partition in offsets.keys where found[partition] == nil {
                do {
                    try consumer.drain(partition, countMax: 1) { message in
                        found[partition] = PartitionReading.mark(of: message)
                        return false
                    }
                } catch {
                    // No such offset: the caller knows from the log's extent what that means.
                    continue
                }
            }
        }
        return found
    }
}

extension Duration {
    var nanosecondsInAll: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
