import Engine
import Kafka
import MarketModel

/// Partitions come and go, and brokers with them.
extension KafkaLog {
    func take(_ event: KafkaConsumerEvent) throws {
        switch event {
        case .assigned(let given): try open(given, answersGroup: true)
        case .revoked(let given): try release(given, isLost: false)
        case .lost(let given): try release(given, isLost: true)
        case .trouble(let trouble): try take(trouble)
        case .recovered:
            tell(readings.isEmpty ? .starting : .live)
            try compareLogs()
        }
        status.rebalances = consumer?.rebalanceCount ?? 0
        tellStatus()
    }

    /// Opens partitions where their states end, and where the store's rows do.
    func begin(
        _ given: [Int32], with handedOver: [Int32: CompleteState], _ extents: [Int32: LogExtent]
    ) throws {
        guard let consumer, let loop else { return }
        var starts: [Int32: KafkaStart] = [:]
        for partition in given where loop.position(of: partition) == nil {
            guard let extent = extents[partition] else { continue }
            let opened = try keeper.open(
                partition, oldest: extent.low, handedOver: handedOver[partition])
            let stored = opened.stored
            let oldest = extent.low
            if opened.applyFrom == nil, oldest > 0 { warnOfEmptyBeginning(partition, at: oldest) }
            var known = [opened.newestRecord].compactMap { $0 }
            // Another owner may have been further than this store.
            if let last = stored?.newestRecord, last.offset > known.first?.offset ?? -1 {
                known.append(last)
            }
            var reading = PartitionReading(
                partition, applyFrom: opened.applyFrom ?? oldest, newest: opened.newestRecord,
                known: known.filter { $0.offset >= oldest })
            starts[partition] = .offset(reading.offset)
            if let last = known.last {
                let end = StoredLogPosition(
                    next: max(stored?.position.offset ?? 0, opened.applyFrom ?? 0),
                    last: last.fingerprint)
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
        tell(readings.isEmpty ? .starting : .live)
    }

    private func warnOfEmptyBeginning(_ partition: Int32, at oldest: Int64) {
        board.update {
            $0.warn(
                "Kafka: partition \(partition) begins empty at record \(oldest): there is no copy "
                    + "of its state, and what was before has expired")
        }
    }

    /// Stores what has been taken of partitions, copies their states, and lets them go. Those that
    /// are lost are another's already.
    func release(_ given: [Int32], isLost: Bool) throws {
        var checkpoints: [EngineCheckpoint] = []
        for partition in given {
            guard let checkpoint = try loop?.close(partition) else { continue }
            if readings[partition]?.isStopped == false { checkpoints.append(checkpoint) }
        }
        if !isLost { handOver(checkpoints) }
        handover?.close(given)
        for partition in given {
            readings[partition] = nil
            uncompared[partition] = nil
        }
        awaited.removeAll { given.contains($0) }
        order = readings.keys.sorted()
        try consumer?.release(given)
        if readings.isEmpty { tell(.starting) }
    }

    func take(_ trouble: KafkaTrouble) throws {
        switch trouble {
        case .brokerAway:
            holdLogs()
            tell(.disconnected(reason: "\(trouble)", retryAt: nil))
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
        let extent: LogExtent
        do {
            guard let found = try extents(of: [partition])[partition] else { return }
            extent = found
        } catch let error as KafkaError {
            return stop([partition], "the log does not hold offset \(offset): \(error)", "")
        }
        let end = StoredLogPosition(next: offset, last: readings[partition]?.newest?.fingerprint)
        let verdict = LogContinuity.judge(
            end, extent: extent, previous: end.last, first: nil)
        if verdict == .continuous {
            stop([partition], "the log does not hold offset \(offset)", verdict.remedy)
        } else {
            stop([partition], "\(verdict)", verdict.remedy)
        }
    }

    func stop(_ given: [Int32], _ reason: String, _ remedy: String) {
        for partition in given { readings[partition]?.stop(reason, remedy: remedy) }
        board.update { $0.warn("Kafka: \(reason): \(remedy)") }
    }

    func extents(of given: [Int32]) throws -> [Int32: LogExtent] {
        let admin = try TopicAdmin(settings, logger: logger)
        var found: [Int32: LogExtent] = [:]
        for partition in given {
            found[partition] = try admin.extent(
                of: settings.topics.trades, partition: partition, timeout: .seconds(5))
        }
        return found
    }

    // MARK: Figures

    /// Four times a second: lags, copies, and what is on its way to the next owner.
    func tellFigures() {
        let now = SystemClock.monotonicNanoseconds
        guard now - figuresAt >= 250_000_000 else { return }
        figuresAt = now
        tellStatus()
        serveHandover()
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
            one.state = uncompared[partition] == nil ? reading.state : .checking
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
        handOver(
            checkpoints.filter { checkpoint in
                checkpoint.partition.flatMap { readings[$0] }?.isStopped == false
            })
        if consumer?.close() == false {
            board.update {
                $0.warn("Kafka: no broker answered the leaving of the group, which will notice")
            }
        }
        tell(.ended)
    }
}
