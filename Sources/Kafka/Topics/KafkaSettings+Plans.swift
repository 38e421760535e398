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
            // A copy is needed until the next one is complete, which is a matter of seconds.
            plan(topics.states, long.merging(["retention.ms": "21600000"]) { $1 }),
        ]
    }
}
