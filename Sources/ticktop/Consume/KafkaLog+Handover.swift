import Engine
import Kafka
import MarketModel

/// Partitions' states on their way from one process of a group to the next, through a topic of
/// their own.
extension KafkaLog {
    /// Only a group hands partitions on.
    func beginHandover() throws {
        guard case .group = membership, handover == nil else { return }
        try makeStatesTopic()
        handover = try PartitionHandover(
            settings, layout: PartitionCopy.layout, logger: logger,
            drawIdentity: { .random(in: 1 ... .max) })
    }

    private func makeStatesTopic() throws {
        let states = settings.topicPlans.filter { $0.name == settings.topics.states }
        try TopicAdmin(settings, logger: logger).ensure(states)
    }

    /// The partitions are ours, and begin as soon as it is known how far their logs reach and what
    /// owners before left of them: to begin without would be to count again, or from the middle.
    ///
    /// The group is answered at once all the same: it would wait with its next change.
    func open(_ given: [Int32], answersGroup: Bool) throws {
        statesAskedAt = SystemClock.monotonicNanoseconds
        let given = Set(given + awaited).sorted()
        var states: [Int32: CompleteState] = [:]
        var extents: [Int32: LogExtent] = [:]
        do {
            // More members than partitions: some have none, and say so at once.
            if !given.isEmpty {
                states = try statesHandedOver(given)
                extents = try self.extents(of: given)
            }
        } catch let error as KafkaError {
            awaited = given
            if answersGroup { try consumer?.begin([:]) }
            tell(.disconnected(reason: "partitions cannot begin yet: \(error)", retryAt: nil))
            return
        }
        awaited = []
        try begin(given, with: states, extents)
    }

    /// Once a second.
    func openAwaited() throws {
        let now = SystemClock.monotonicNanoseconds
        guard !awaited.isEmpty, now - statesAskedAt >= KafkaLog.askEvery else { return }
        try open(awaited, answersGroup: false)
    }

    private func statesHandedOver(_ given: [Int32]) throws -> [Int32: CompleteState] {
        guard let handover, let consumer else { return [:] }
        if !awaited.isEmpty { try makeStatesTopic() }
        return try handover.open(
            given, commits: try consumer.committed(given), timeout: .seconds(10))
    }

    /// A copy of a partition's state: onto the disk, and on its way to the next owner. On the
    /// engine's thread.
    func offer(_ checkpoint: EngineCheckpoint) {
        keeper.take(checkpoint)
        guard let partition = checkpoint.partition, let handover,
            handover.isReadyToCopy(partition)
        else { return }
        handover.copy(
            partition, state: PartitionCopy(checkpoint).encoded(), next: checkpoint.position.offset)
    }

    /// Sends copies whose results are stored, and moves the group's offset behind complete ones.
    func serveHandover() {
        guard let handover, let consumer, status.state == .live else { return }
        for partition in order {
            guard let next = handover.awaitedResults(partition),
                keeper.isDurable(partition, before: next)
            else { continue }
            handover.resultsAreDurable(partition, before: next)
        }
        handover.serve(consumer)
    }

    /// Everything the next owner needs, while the partitions are still ours.
    func handOver(_ checkpoints: [EngineCheckpoint]) {
        for checkpoint in checkpoints {
            let isDurable = keeper.takeNow(checkpoint)
            guard isDurable, let partition = checkpoint.partition, let handover else { continue }
            handover.copy(
                partition, state: PartitionCopy(checkpoint).encoded(),
                next: checkpoint.position.offset)
            handover.resultsAreDurable(partition, before: checkpoint.position.offset)
        }
        guard let handover, let consumer, !checkpoints.isEmpty else { return }
        handover.finish(consumer)
    }
}
