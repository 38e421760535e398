import Engine
import Kafka
import MarketModel

/// Whether the brokers that come back still have what was read of them.
extension KafkaLog {
    /// Nothing more is taken of logs whose brokers are away until they have been compared: what
    /// stands behind the newest record then may belong to another log.
    func holdLogs() {
        for (partition, reading) in readings
        where !reading.isStopped && uncompared[partition] == nil {
            uncompared[partition] = reading.newest
        }
    }

    /// Compares what is to be compared, once a second until the brokers have answered.
    func compareAgain() throws {
        guard !uncompared.isEmpty, status.state == .live else { return }
        guard SystemClock.monotonicNanoseconds - comparedAt >= KafkaLog.askEvery else { return }
        try compareLogs()
    }

    /// Asks the brokers for the newest record before each position.
    func compareLogs() throws {
        defer { comparedAt = SystemClock.monotonicNanoseconds }
        var asked: [Int32: Int64] = [:]
        for (partition, newest) in uncompared {
            do {
                guard let extent = try extents(of: [partition])[partition] else { continue }
                if newest.offset >= extent.high {
                    let stored = StoredLogPosition(
                        next: newest.offset + 1, last: newest.fingerprint)
                    end(partition, .judge(stored, extent: extent, previous: nil, first: nil))
                } else if newest.offset < extent.low {
                    end(partition, .continuous)
                } else {
                    asked[partition] = newest.offset
                }
            } catch KafkaError.unknownTopic {
                end(partition, .recreated)
            } catch is KafkaError {
                continue  // No answer: they are asked again.
            }
        }
        let probe = LogProbe(settings: settings, logger: logger)
        for (partition, record) in try probe.records(at: asked) {
            guard let newest = uncompared[partition] else { continue }
            end(partition, record.isSame(as: newest) ? .continuous : .replaced)
        }
        tellStatus()
    }

    private func end(_ partition: Int32, _ verdict: LogContinuity) {
        uncompared[partition] = nil
        if verdict != .continuous { stop([partition], "\(verdict)", verdict.remedy) }
    }
}
