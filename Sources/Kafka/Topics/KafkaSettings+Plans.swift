extension KafkaSettings {
    /// The topics of a set-up as they are to be made. All those with a ticker's records have the
    /// same number of partitions.
    public var topicPlans: [KafkaTopicPlan] {
        func plan(_ name: String, _ topicSettings: [String: String] = [:]) -> KafkaTopicPlan {
            KafkaTopicPlan(
                name, partitionCount: partitionCount, replicationFactor: replicationFactor,
                settings: topicSettings)
        }
        let long = ["max.message.bytes": String(KafkaOptions.messageBytesMax + (64 << 10))]
        return [
            plan(topics.trades, long), plan(topics.news, long), plan(topics.deadLetters, long),
            plan(topics.aggregations), plan(topics.bars), plan(topics.anomalies),
            plan(topics.sentiment),
            plan(topics.acknowledgements, ["cleanup.policy": "compact"]),
            plan(topics.states, long.merging(KafkaSettings.keepsNewest) { $1 }),
        ]
    }

    /// Of the copies of states: a copy is needed until the next one is complete, and that may be
    /// after a weekend. So their size bounds them, not their age.
    private static let keepsNewest = [
        "retention.ms": "-1", "retention.bytes": String(2 << 30),
        "segment.bytes": String(128 << 20),
    ]
}
