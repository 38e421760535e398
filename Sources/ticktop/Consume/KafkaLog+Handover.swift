import Engine
import Kafka
import MarketModel

/// Partitions' states on their way from one process of a group to the next, through a topic of
/// their own.
extension KafkaLog {
    /// Only a group hands partitions on.
    func beginHandover() throws {
        guard case .group = membership, handover == nil else { return }
        let states = settings.topicPlans.filter { $0.name == settings.topics.states }
        try TopicAdmin(settings, logger: logger).ensure(states)
        handover = try PartitionHandover(
            settings, layout: PartitionCopy.layout, logger: logger,
            drawIdentity: { .random(in: 1 ... .max) })
    }

    /// The states that owners before left; none while they cannot be had: then the log is read
    /// again.
    func statesHandedOver(_ given: [Int32]) -> [Int32: CompleteState] {
        guard let handover, let consumer else { return [:] }
        do {
            return try handover.open(given, commits: try consumer.committed(given))
        } catch {
            board.update { $0.warn("Kafka: no state was handed over: \(error)") }
            handover.openWithout(given)
            return [:]
        }
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
        let stored = keeper.stored
        for partition in order {
            guard let next = stored[partition]?.position.offset else { continue }
            handover.resultsAreDurable(partition, before: next)
        }
        handover.serve(consumer)
    }

    /// Everything the next owner needs, while the partitions are still ours.
    func handOver(_ checkpoints: [EngineCheckpoint]) {
        for checkpoint in checkpoints {
            keeper.takeNow(checkpoint)
            guard let partition = checkpoint.partition, let handover else { continue }
            handover.copy(
                partition, state: PartitionCopy(checkpoint).encoded(),
                next: checkpoint.position.offset)
            handover.resultsAreDurable(partition, before: checkpoint.position.offset)
        }
        guard let handover, let consumer, !checkpoints.isEmpty else { return }
        handover.finish(consumer)
    }
}
