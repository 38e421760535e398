import Engine
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `Health of the consumption` {
    private func kafka(_ change: (inout KafkaStatus) -> Void) -> KafkaStatus {
        var status = KafkaStatus(topic: "market.trades", group: "ticktop")
        status.state = .live
        status.partitions = [0, 1].map { KafkaPartitionStatus(partition: $0, offset: 10) }
        for index in status.partitions.indices { status.partitions[index].state = .reading }
        change(&status)
        return status
    }

    private func health(_ change: (inout KafkaStatus) -> Void) -> ComponentHealth {
        HealthWatch.kafka(kafka(change))
    }

    @Test func `follows the lag of all partitions together`() {
        func lag(_ first: Int64, _ second: Int64) -> HealthStatus {
            health {
                $0.partitions[0].lag = first
                $0.partitions[1].lag = second
            }.status
        }
        #expect(lag(2500, 2500) == .healthy)
        #expect(lag(2500, 2501) == .degraded)
        #expect(lag(10_000, 0) == .degraded)
        #expect(lag(10_000, 1) == .unhealthy)
        #expect(kafka { _ in }.lag == nil)
    }

    @Test func `is unhealthy with the reason and the remedy while a partition stands still`() {
        let found = health {
            $0.partitions[1].state = .stopped(
                reason: "the topic was made anew", remedy: "give another --store")
        }
        #expect(found.status == .unhealthy)
        #expect(
            found.reasons == [
                "partition 1 stands still: the topic was made anew; give another --store"
            ])
    }

    @Test func `is degraded while no broker answers, and by records that never came`() {
        let away = health {
            $0.state = .disconnected(reason: "no Kafka broker answers", retryAt: nil)
        }
        #expect(away.status == .degraded && away.reasons == ["no Kafka broker answers"])
        #expect(health { $0.missing = 3 }.reasons == ["3 records are missing from the log"])
        #expect(health { $0.repeats = 3 }.status == .healthy)
    }

    @Test func `shows in the metrics by partition`() {
        var text = PrometheusText()
        KafkaMetrics.write(
            kafka {
                $0.partitions[0].lag = 7
                $0.rests = 2
                $0.restedFor = .milliseconds(1500)
                $0.missing = 4
            }, to: &text)
        let lines = text.text.split(separator: "\n").map(String.init)
        #expect(lines.contains(#"ticktop_kafka_consumer_lag{partition="0"} 7"#))
        #expect(lines.contains(#"ticktop_kafka_partition_stopped{partition="1"} 0"#))
        #expect(lines.contains("ticktop_kafka_paused_seconds_total 1.5"))
        #expect(lines.contains("ticktop_kafka_missing_total 4"))
    }
}
