import Analytics
import MarketModel

/// A log in partitions, each with a state of its own, that come and go while the loop runs.
extension EngineLoop {
    /// Begins a partition with its state, whose newest record is given when there is one.
    ///
    /// On the engine's thread only, from inside the source's `fill`, and before the first event of
    /// the partition. Positions in `state` have the partition as their epoch.
    public func open(
        _ partition: Int32, state: consuming EngineState, newestRecord: RecordMark? = nil
    ) {
        precondition(isPartitioned, "the log of this engine has no partitions")
        precondition(engine(of: partition) == nil, "partition \(partition) is open already")
        add(PartitionEngine(partition, state, newestRecord: newestRecord))
    }

    /// Ends a partition: its effects are handed on, and its state is no longer kept here. Returns
    /// the state, or `nil` when the partition is not open or its state is still behind the store.
    ///
    /// On the engine's thread only, from inside the source's `fill`.
    public func close(_ partition: Int32) throws -> EngineCheckpoint? {
        guard let engine = engine(of: partition) else { return nil }
        try flush(engine)
        remove(partition)
        return engine.state.isCatchingUp ? nil : engine.checkpoint()
    }

    /// Where an open partition goes on; `nil` for one that is not open. On the engine's thread
    /// only.
    public func position(of partition: Int32) -> LogPosition? {
        engine(of: partition)?.state.position
    }
}

extension MarketSnapshot {
    /// What several partitions of one log show together: their tickers side by side, their counts
    /// added up.
    init(union parts: [MarketSnapshot], takenAt: Timestamp, position: LogPosition) {
        self.init(takenAt: takenAt, position: position)
        tickers = parts.flatMap(\.tickers).sorted { $0.symbol < $1.symbol }
        var sums: [FeedSource: SourceCounts] = [:]
        var types: [(type: String, count: Int64)] = []
        for part in parts {
            for tally in part.counts {
                sums[tally.source] = (sums[tally.source] ?? SourceCounts()) + tally.counts
            }
            for tally in part.ignored {
                if let index = types.firstIndex(where: { $0.type == tally.type }) {
                    types[index].count += tally.count
                } else {
                    types.append((tally.type, tally.count))
                }
            }
        }
        counts = FeedSource.allCases.compactMap { source in
            sums[source].map { SourceTally(source: source, counts: $0) }
        }
        ignored = types.map { IgnoredTally(type: $0.type, count: $0.count) }
        episodes = parts.flatMap(\.episodes).sorted { left, right in
            left.lastAt == right.lastAt ? left.id < right.id : left.lastAt > right.lastAt
        }
        articles = parts.flatMap(\.articles).sorted { left, right in
            left.receivedAt == right.receivedAt
                ? left.position > right.position : left.receivedAt > right.receivedAt
        }
    }
}
