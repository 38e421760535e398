import Engine
import Kafka
import MarketModel

/// Partitions come and go, and brokers with them.
extension KafkaLog {
    func take(_ event: KafkaConsumerEvent) throws {
        switch event {
        case .assigned(let given): try begin(given)
        case .revoked(let given), .lost(let given): try release(given)
        case .trouble(let trouble): try take(trouble)
        case .recovered:
            tell(readings.isEmpty ? .starting : .live)
            try checkContinuity()
        }
        status.rebalances = consumer?.rebalanceCount ?? 0
        tellStatus()
    }

    /// Opens partitions where their states end, and where the store's rows do.
    func begin(_ given: [Int32]) throws {
        guard let consumer, let loop else { return }
        var starts: [Int32: KafkaStart] = [:]
        for partition in given where loop.position(of: partition) == nil {
            let extent = try extent(of: partition)
            let opened = try keeper.open(partition, oldest: extent?.low ?? 0)
            let stored = opened.stored
            let oldest = extent?.low ?? 0
            var known = [opened.newestRecord].compactMap { $0 }
            if let last = stored?.newestRecord, last.offset != known.first?.offset {
                known.append(last)
            }
            var reading = PartitionReading(
                partition, applyFrom: opened.applyFrom ?? oldest, newest: opened.newestRecord,
                known: known.filter { $0.offset >= oldest })
            starts[partition] = .offset(reading.offset)
            if let extent, let stored {
                let end = StoredLogPosition(
                    next: stored.position.offset, last: stored.newestRecord?.fingerprint)
                let verdict = LogContinuity.judge(
                    end, extent: extent, previous: end.last, first: nil)
                if verdict != .continuous {
                    reading.stop("\(verdict)", remedy: verdict.remedy)
                    starts[partition] = .offset(extent.high)
                }
            }
            readings[partition] = reading
            loop.open(partition, state: opened.state, newestRecord: opened.newestRecord)
        }
        try consumer.begin(starts)
        order = readings.keys.sorted()
        tell(.live)
    }

    /// Stores what has been taken of partitions, copies their states, and lets them go.
    func release(_ given: [Int32]) throws {
        for partition in given {
            if let checkpoint = try loop?.close(partition), readings[partition]?.isStopped == false
            {
                keeper.takeNow(checkpoint)
            }
            readings[partition] = nil
            committedOffsets[partition] = nil
        }
        order = readings.keys.sorted()
        try consumer?.release(given)
        if readings.isEmpty { tell(.starting) }
    }

    func take(_ trouble: KafkaTrouble) throws {
        switch trouble {
        case .brokerAway: tell(.disconnected(reason: "\(trouble)", retryAt: nil))
        case .authentication:
            tell(.refused(reason: "\(trouble)", remedy: "check [kafka] and its password"))
        case .unknownTopic(let topic):
            stop(Array(readings.keys), "the topic \(topic) is gone", LogContinuity.recreated.remedy)
        case .offsetOutOfRange(let partition, let offset):
            try judge(partition, at: offset)
        case .offsetGap(let partition, let expected, let received):
            readings[partition]?.noteJump(received - expected)
            board.update { $0.warn("Kafka: \(trouble)") }
        case .group, .partition: board.update { $0.warn("Kafka: \(trouble)") }
        case .fatal(let reason): throw KafkaError.client(reason: reason)
        }
        tellStatus()
    }

    /// The brokers have no record at the offset: says why, and stops the partition.
    private func judge(_ partition: Int32, at offset: Int64) throws {
        guard let extent = try extent(of: partition) else { return }
        let end = StoredLogPosition(next: offset, last: readings[partition]?.newest?.fingerprint)
        let verdict = LogContinuity.judge(
            end, extent: extent, previous: end.last, first: nil)
        if verdict == .continuous {
            stop([partition], "the log does not hold offset \(offset)", verdict.remedy)
        } else {
            stop([partition], "\(verdict)", verdict.remedy)
        }
    }

    /// After the brokers were away: whether they still have what was read.
    private func checkContinuity() throws {
        var asked: [Int32: Int64] = [:]
        for (partition, reading) in readings where !reading.isStopped {
            guard let newest = reading.newest, let extent = try extent(of: partition) else {
                continue
            }
            if newest.offset >= extent.high {
                let end = StoredLogPosition(next: newest.offset + 1, last: newest.fingerprint)
                let verdict = LogContinuity.judge(
                    end, extent: extent, previous: nil, first: nil)
                stop([partition], "\(verdict)", verdict.remedy)
            } else if newest.offset >= extent.low {
                asked[partition] = newest.offset
            }
        }
        let found = try LogProbe(settings: settings, logger: logger).records(at: asked)
        for (partition, record) in found {
            guard let newest = readings[partition]?.newest, !record.isSame(as: newest) else {
                continue
            }
            stop([partition], "\(LogContinuity.replaced)", LogContinuity.replaced.remedy)
        }
    }

    private func stop(_ given: [Int32], _ reason: String, _ remedy: String) {
        for partition in given { readings[partition]?.stop(reason, remedy: remedy) }
        board.update { $0.warn("Kafka: \(reason): \(remedy)") }
    }

    /// `nil` when the brokers do not answer.
    private func extent(of partition: Int32) throws -> LogExtent? {
        do {
            return try TopicAdmin(settings, logger: logger)
                .extent(of: settings.topics.trades, partition: partition, timeout: .seconds(5))
        } catch KafkaError.timedOut, KafkaError.operation, KafkaError.unknownTopic {
            return nil
        }
    }

    // MARK: Figures

    /// Four times a second: lags, copies, and what the group is to keep.
    func tellFigures() throws {
        let now = SystemClock.monotonicNanoseconds
        guard now - figuresAt >= 250_000_000 else { return }
        figuresAt = now
        tellStatus()
        guard case .group = membership, status.state == .live else { return }
        let copied = keeper.newest.filter { partition, saved in
            readings[partition].map { !$0.isStopped } ?? false
                && committedOffsets[partition] != saved.offset
        }
        guard !copied.isEmpty else { return }
        do {
            try consumer?.commit(copied.mapValues { KafkaCommit(offset: $0.offset) })
        } catch {
            // The store holds the position that counts; the group's is for others to see.
            board.update { $0.warn("Kafka: the group did not take a position: \(error)") }
        }
        for (partition, saved) in copied { committedOffsets[partition] = saved.offset }
    }

    func tell(_ state: FeedState) {
        status.state = state
        tellStatus()
    }

    func tellStatus() {
        let lags = consumer?.lag ?? [:]
        let copies = keeper.newest
        status.partitions = order.compactMap { partition in
            guard let reading = readings[partition] else { return nil }
            var one = KafkaPartitionStatus(partition: partition, offset: reading.offset)
            one.state = reading.state
            one.lag = lags[partition]
            one.copiedAt = copies[partition]?.at
            return one
        }
        status.repeats = readings.values.reduce(0) { $0 + $1.repeats }
        status.missing = readings.values.reduce(0) { $0 + $1.missing }
        status.foreign = readings.values.reduce(0) { $0 + $1.foreign }
        let shown = status
        board.update { pipeline in
            pipeline.kafka = shown
            pipeline.feed = shown.state
        }
    }

    /// On the engine's thread, last of all: keeps the states and leaves the group.
    func finish(_ checkpoints: [EngineCheckpoint]) {
        for checkpoint in checkpoints {
            guard let partition = checkpoint.partition, readings[partition]?.isStopped == false
            else { continue }
            keeper.takeNow(checkpoint)
        }
        figuresAt = 0
        do { try tellFigures() } catch { board.update { $0.warn("Kafka: \(error)") } }
        consumer?.close()
        tell(.ended)
    }
}
