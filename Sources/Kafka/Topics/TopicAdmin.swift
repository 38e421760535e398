import CRdKafka
import Logging
import MarketModel

/// What a topic should be like when it has to be made.
public struct KafkaTopicPlan: Equatable, Sendable {
    public var name: String
    public var partitionCount: Int
    public var replicationFactor: Int
    /// Kafka's topic settings by name, such as `cleanup.policy`.
    public var settings: [String: String]

    public init(
        _ name: String, partitionCount: Int, replicationFactor: Int = 1,
        settings: [String: String] = [:]
    ) {
        self.name = name
        self.partitionCount = partitionCount
        self.replicationFactor = replicationFactor
        self.settings = settings
    }
}

/// Makes topics and asks about them. Every call waits for the brokers: for a thread that may.
public final class TopicAdmin: Sendable {
    let handle: KafkaHandle
    private let replicationFactor: Int

    public init(_ settings: KafkaSettings, logger: Logger) throws(KafkaError) {
        handle = try KafkaHandle(settings, .admin, events: 0, logger: logger)
        replicationFactor = settings.replicationFactor
    }

    /// The partition counts of all topics by name.
    public func topics(timeout: Duration = .seconds(10)) throws(KafkaError) -> [String: Int] {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle.client, 1, nil, &metadata, timeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw handle.failure("list topics", code)
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        var counts: [String: Int] = [:]
        for index in 0..<Int(metadata.pointee.topic_cnt) {
            let topic = metadata.pointee.topics[index]
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
            counts[String(cString: name)] = Int(topic.partition_cnt)
        }
        return counts
    }

    /// Makes the topics that are missing. True for those that were.
    ///
    /// Throws `partitionCount` when one is there with another number of partitions.
    @discardableResult
    public func ensure(_ plans: [KafkaTopicPlan], timeout: Duration = .seconds(10))
        throws(KafkaError) -> [String: Bool]
    {
        let found = try topics(timeout: timeout)
        var made: [String: Bool] = [:]
        for plan in plans {
            if let count = found[plan.name] {
                guard count == plan.partitionCount else {
                    throw .partitionCount(
                        topic: plan.name, expected: plan.partitionCount, found: count)
                }
                made[plan.name] = false
            } else {
                made[plan.name] = try create(plan, timeout: timeout)
            }
        }
        return made
    }

    /// How far a partition's log reaches.
    public func extent(of topic: String, partition: Int32, timeout: Duration = .seconds(10))
        throws(KafkaError) -> LogExtent
    {
        let low = try end(.oldest, of: topic, partition, timeout)
        return LogExtent(low: low, high: max(low, try end(.newest, of: topic, partition, timeout)))
    }

    /// What is asked for in place of a time.
    private enum LogEnd: Int64 { case newest = -1, oldest = -2 }

    /// `rd_kafka_query_watermark_offsets` keeps to no time-out before librdkafka 2.3 (its pull
    /// request 4460); this call does.
    private func end(_ end: LogEnd, of topic: String, _ partition: Int32, _ timeout: Duration)
        throws(KafkaError) -> Int64
    {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        let element = rd_kafka_topic_partition_list_add(list, topic, partition)
        element?.pointee.offset = end.rawValue
        var code = rd_kafka_offsets_for_times(handle.client, list, timeout.milliseconds)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR, let told = element?.pointee.err { code = told }
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return element?.pointee.offset ?? 0
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            throw .unknownTopic(topic)
        default: throw handle.failure("extent of \(topic)", code)
        }
    }

    /// Deletes a topic with everything in it.
    public func delete(_ topic: String, timeout: Duration = .seconds(10)) throws(KafkaError) {
        let deletion = rd_kafka_DeleteTopic_new(topic)
        defer { rd_kafka_DeleteTopic_destroy(deletion) }
        var requests = [deletion]
        try request("delete \(topic)", timeout) { options, queue in
            rd_kafka_DeleteTopics(handle.client, &requests, 1, options, queue)
        } read: { event in
            var count = 0
            guard let result = rd_kafka_event_DeleteTopics_result(event),
                let topics = rd_kafka_DeleteTopics_result_topics(result, &count), count == 1
            else { return nil }
            return topics[0]
        }
    }
}
