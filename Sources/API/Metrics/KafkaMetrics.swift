import Engine
import MarketModel

/// The consumption's figures for Prometheus: one label, the partition.
enum KafkaMetrics {
    static func write(_ status: KafkaStatus, to text: inout PrometheusText) {
        text.metric(
            "kafka_consumer_lag", .gauge, "Records in the log that are not taken yet.",
            status.partitions.compactMap { one in
                one.lag.map { ([("partition", String(one.partition))], Double($0)) }
            })
        text.metric(
            "kafka_partition_stopped", .gauge,
            "1 for a partition that does not go on before somebody has done something.",
            status.partitions.map { one in
                let isStopped = status.stopped.contains(one)
                return ([("partition", String(one.partition))], isStopped ? 1 : 0)
            })
        text.gauge(
            "kafka_partitions", "Partitions that are ours.", Double(status.partitions.count))
        text.gauge("kafka_up", "1 while the brokers answer.", status.state == .live ? 1 : 0)
        text.counter(
            "kafka_rebalances_total", "Times the group gave or took partitions.",
            Int64(status.rebalances))
        let (seconds, attoseconds) = status.restedFor.components
        text.metric(
            "kafka_paused_seconds_total", .counter, "Time in which consumption rested.",
            [([], Double(seconds) + Double(attoseconds) / 1e18)])
        text.counter(
            "kafka_repeats_total", "Records that came a second time and were left out.",
            status.repeats)
        text.counter(
            "kafka_missing_total", "Records that their producers counted and that never came.",
            status.missing)
        text.counter(
            "kafka_foreign_total", "Messages that were no record of ours.", status.foreign)
        if let oldest = status.partitions.compactMap(\.copiedAt).min() {
            text.gauge(
                "kafka_state_copied_time_seconds",
                "When the partition's state that is oldest on disk was copied, in Unix time.",
                Double(oldest.milliseconds) / 1000)
        }
    }
}
