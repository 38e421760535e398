import MarketModel

/// How the consumption of a log in Kafka stands: operational, no part of the engine's state.
public struct KafkaStatus: Equatable, Sendable {
    public var topic: String
    /// `nil` without a group.
    public var group: String?
    /// `live` while the brokers answer and partitions are ours, `starting` while none is.
    public var state = FeedState.starting
    /// Those that are ours, in order.
    public var partitions: [KafkaPartitionStatus] = []
    /// How often the group gave or took partitions.
    public var rebalances = 0
    /// Consumption rests, because the store is behind.
    public var isResting = false
    /// How often it has rested, and for how long in all.
    public var rests = 0
    public var restedFor = Duration.zero
    /// Records that came a second time and were left out.
    public var repeats: Int64 = 0
    /// Records that their producers counted and that never came.
    public var missing: Int64 = 0
    /// Messages that were no record of ours: dead letters.
    public var foreign: Int64 = 0

    public init(topic: String, group: String?) {
        self.topic = topic
        self.group = group
    }

    /// Records in the log that are not taken yet, of all partitions whose lag is known; `nil` when
    /// none is.
    public var lag: Int64? {
        let known = partitions.compactMap(\.lag)
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    /// Partitions that do not go on before somebody has done something.
    public var stopped: [KafkaPartitionStatus] {
        partitions.filter { if case .stopped = $0.state { true } else { false } }
    }

    /// The age of the oldest copy of a partition's state; `nil` while there is none.
    public func copyAge(now: Timestamp) -> Duration? {
        partitions.compactMap(\.copiedAt).min().map { now.duration(since: $0) }
    }
}

/// One partition of the log that is ours.
public struct KafkaPartitionStatus: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        /// Looks whether the log is the one that the store's rows came from.
        case checking
        case reading
        /// Nothing of it is taken any more. `remedy` says what a person can do.
        case stopped(reason: String, remedy: String)
    }

    public var partition: Int32
    public var state = State.checking
    /// The next record's offset.
    public var offset: Int64
    /// `nil` before the brokers have said how far the log reaches.
    public var lag: Int64?
    /// When its state was copied last.
    public var copiedAt: Timestamp?

    public init(partition: Int32, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }
}
