import Engine
import MarketModel

/// The pipeline's figures for Prometheus. Only what is measured; no label per ticker.
enum PipelineMetrics {
    static func write(
        _ snapshot: MarketSnapshot, _ status: PipelineStatus, to text: inout PrometheusText
    ) {
        writeCounts(snapshot, to: &text)
        writeFindings(status.findings, to: &text)
        writeFeed(status, to: &text)
        if let kafka = status.kafka { KafkaMetrics.write(kafka, to: &text) }
        writeStore(status, to: &text)
        writeLatencies(status, to: &text)
    }

    private static func writeCounts(_ snapshot: MarketSnapshot, to text: inout PrometheusText) {
        text.metric(
            "tick_messages_received_total", .counter, "Market events received, by source.",
            snapshot.counts.map { ([("source", $0.source.name)], Double($0.counts.received)) })
        let classes: [(String, KeyPath<SourceCounts, Int64>)] = [
            ("applied", \.applied), ("duplicate", \.duplicate), ("late", \.late),
            ("dead_lettered", \.deadLettered), ("shed", \.shed),
        ]
        text.metric(
            "tick_messages_total", .counter, "Market events by source and what became of them.",
            snapshot.counts.flatMap { tally in
                classes.map { name, path in
                    (
                        [("source", tally.source.name), ("class", name)],
                        Double(tally.counts[keyPath: path])
                    )
                }
            })
        text.metric(
            "messages_ignored_total", .counter, "Well-formed messages of types not received.",
            snapshot.ignored.map { ([("type", $0.type)], Double($0.count)) })
        text.counter(
            "dead_letters_total", "Events refused.", snapshot.countsTotal.deadLettered)
        text.gauge("tickers", "Tickers the feed has named.", Double(snapshot.tickers.count))
    }

    private static func writeFindings(
        _ findings: PipelineFindings, to text: inout PrometheusText
    ) {
        text.metric(
            "anomalies_detected_total", .counter, "Anomalies opened, by kind.",
            AnomalyKind.allCases.map {
                ([("kind", $0.rawValue)], Double(findings.episodesOpened[$0] ?? 0))
            })
        text.counter(
            "sentiment_analyzed_total", "News articles scored.", findings.articlesScored)
        text.metric(
            "validation_failures_total", .counter, "Events refused, by the field at fault.",
            findings.refusals.sorted { $0.key < $1.key }.map {
                ([("field", $0.key)], Double($0.value))
            })
        text.histogram(
            "processing_latency_seconds", "Receive to applied.",
            [([], findings.receiveToApplied)])
    }

    private static func writeFeed(_ status: PipelineStatus, to text: inout PrometheusText) {
        text.gauge(
            "messages_per_second", "Market events received a second.", status.receivedPerSecond)
        text.gauge("feed_up", "1 while the feed is live.", status.feed == .live ? 1 : 0)
        text.counter(
            "websocket_reconnects_total", "Feed reconnects.", Int64(status.reconnects))
        text.counter(
            "backpressure_activations_total",
            "Times the engine waited for the store, or let Kafka wait for it.",
            Int64(status.backpressureCount + (status.kafka?.rests ?? 0)))
        text.gauge("queue_bytes", "Frames waiting for the engine.", Double(status.queueBytes))
        text.gauge("queue_bytes_max", "Room for frames.", Double(status.queueBytesMax))
        if let startedAt = status.startedAt {
            text.gauge(
                "start_time_seconds", "When the program started, in Unix time.",
                Double(startedAt.milliseconds) / 1000)
        }
    }

    private static func writeStore(_ status: PipelineStatus, to text: inout PrometheusText) {
        text.gauge(
            "store_writable", "1 while the store can be written.", status.store == .ok ? 1 : 0)
        text.histogram(
            "storage_write_latency_seconds", "Commits, the journal's sync included.",
            [([], status.commits)])
        text.gauge("store_bytes", "Size of the database file.", Double(status.storeBytes))
        text.gauge("store_wal_bytes", "Size of the write-ahead log.", Double(status.walBytes))
        text.gauge("journal_bytes", "Size of the journal.", Double(status.journalBytes))
        text.gauge(
            "dead_letter_depth", "Dead letters in the store.", Double(status.deadLetterDepth))
    }

    /// Percentiles over the last ten seconds: gauges, for nothing adds them up.
    private static func writeLatencies(_ status: PipelineStatus, to text: inout PrometheusText) {
        let latencies = [
            (
                "processing_latency_quantile_seconds", "Receive to applied, over ten seconds.",
                status.receiveToApplied
            ),
            (
                "durable_latency_quantile_seconds", "Receive to durable, over ten seconds.",
                status.receiveToDurable
            ),
            (
                "event_to_applied_latency_quantile_seconds",
                "From the time an event bears to applied, over ten seconds.",
                status.applied.happened
            ),
            (
                "event_to_durable_latency_quantile_seconds",
                "From the time an event bears to durable, over ten seconds.",
                status.durable.happened
            ),
            (
                "storage_write_latency_quantile_seconds", "Commits, over ten seconds.",
                status.commitLatency
            ),
        ]
        for (name, help, latency) in latencies where latency.count > 0 {
            let quantiles = [
                ("0.5", latency.p50), ("0.99", latency.p99), ("0.999", latency.p999),
                ("1", latency.max),
            ]
            text.metric(
                name, .gauge, help,
                quantiles.map { ([("quantile", $0.0)], $0.1.secondsAsDouble) })
        }
    }
}
