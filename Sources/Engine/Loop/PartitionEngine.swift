import MarketModel

/// The state of one partition of the log, or of a log that is not cut into any, with what has come
/// out of it and is not handed on yet. Used by the engine's thread alone.
final class PartitionEngine {
    /// `nil` for the whole of a log without partitions.
    let partition: Int32?
    var state: EngineState
    var effects = EffectBatch()
    /// Everything before it has been given to the sink, or was stored when the loop began.
    var handedOn: LogPosition
    var checkpointPosition: LogPosition
    /// Of a partition: the newest that has been applied.
    private var newestRecord: RecordMark?

    init(
        _ partition: Int32?, _ state: consuming EngineState, newestRecord: RecordMark? = nil
    ) {
        self.partition = partition
        self.newestRecord = newestRecord
        handedOn = max(state.position, state.committed ?? .start)
        checkpointPosition = state.position
        self.state = state
    }

    func apply(_ batch: EventBatch, sink: any EventSink) throws {
        try state.apply(batch, into: &effects) { trade, source in
            try sink.storedPosition(of: trade, source: source)
        }
        effects.receivedAtLast = batch.latestReceivedAt(effects.receivedAtLast)
        newestRecord = batch.newestRecord ?? newestRecord
    }

    /// What has come out and is not stored, or `nil` when there is nothing to be told: a record
    /// without events moves the position alone, and the store must follow.
    func takeEffects() -> EffectBatch? {
        guard !state.isCatchingUp, state.position != handedOn || !effects.episodes.isEmpty else {
            return nil
        }
        handedOn = state.position
        var fresh = EffectBatch()
        fresh.trades.reserveCapacity(effects.trades.count)
        swap(&fresh, &effects)
        state.stamp(&fresh)
        fresh.partition = partition
        fresh.newestRecord = newestRecord
        return fresh
    }

    func checkpoint() -> EngineCheckpoint {
        var checkpoint = state.checkpoint()
        checkpoint.partition = partition
        checkpoint.newestRecord = newestRecord
        return checkpoint
    }
}

extension EventBatch {
    /// The latest receive time in the batch, at least `other`; clock and feed stamp on threads of
    /// their own, so that the last event need not bear it.
    fileprivate func latestReceivedAt(_ other: Timestamp?) -> Timestamp? {
        let events = events.span
        var latest = other
        for index in 0..<events.count where latest.map({ events[index].receivedAt > $0 }) ?? true {
            latest = events[index].receivedAt
        }
        return latest
    }
}
