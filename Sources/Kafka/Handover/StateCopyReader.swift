import Logging
import MarketModel

/// Reads partitions of the states topic as far as they go now.
struct StateCopyReader {
    let settings: KafkaSettings
    let logger: Logger

    /// Hands over every piece from the given offsets (`nil`: the oldest) to where each partition
    /// ended when the call began. Waits for the brokers, and gives up when nothing has come for as
    /// long as `timeout`.
    func read(
        _ starts: [Int32: Int64?], timeout: Duration, _ body: (Int32, StateChunk) -> Void
    ) throws(KafkaError) {
        let topic = settings.topics.states
        let patience = Int64(timeout.milliseconds) * 1_000_000
        var deadline = SystemClock.monotonicNanoseconds + patience
        var reach: [Int32: (from: Int64, to: Int64)] = [:]
        let admin = try TopicAdmin(settings, logger: logger)
        for (partition, start) in starts {
            let extent = try admin.extent(of: topic, partition: partition, timeout: timeout)
            let from = max(start ?? extent.low, extent.low)
            if from < extent.high { reach[partition] = (from: from, to: extent.high) }
        }
        guard !reach.isEmpty else { return }
        // Pieces expire, and a topic of states may be compacted: offsets may jump.
        let consumer = try KafkaConsumer(
            settings, topic: topic, membership: .alone, expectsEveryOffset: false, logger: logger)
        defer { consumer.close(timeout: .seconds(1)) }
        try consumer.begin(reach.mapValues { .offset($0.from) })
        while !reach.isEmpty {
            guard SystemClock.monotonicNanoseconds < deadline else {
                throw .timedOut(operation: "read the states of \(reach.keys.sorted())")
            }
            if case .trouble(.fatal(let reason)) = consumer.poll(wait: .milliseconds(20)) {
                throw .client(reason: reason)
            }
            for (partition, span) in reach {
                do {
                    let count = try consumer.drain(partition, countMax: 100) { message in
                        if let chunk = StateChunk(message) { body(partition, chunk) }
                        return message.offset + 1 < span.to
                    }
                    if count > 0 { deadline = SystemClock.monotonicNanoseconds + patience }
                } catch {
                    throw .operation("read the states", code: "partition", reason: "\(error)")
                }
                if (consumer.position(partition) ?? span.from) >= span.to { reach[partition] = nil }
            }
        }
    }
}
