/// What a consumer tells its owner between messages.
public enum KafkaConsumerEvent: Equatable, Sendable {
    /// These partitions are ours. Nothing of them comes before `begin` has been told where.
    case assigned([Int32])
    /// These are to be given up: store what has been taken of them, then `release`.
    case revoked([Int32])
    /// These are another's already, because the group took us for dead: what has been taken of them
    /// but not stored is to be thrown away. Then `release`.
    case lost([Int32])
    /// Something is in the way; the client goes on trying unless it is `fatal`.
    case trouble(KafkaTrouble)
    /// The brokers answer again after `brokerAway` or `authentication`. The logs may have changed
    /// in the meantime: check their continuity.
    case recovered
}

/// Where to begin in a partition.
public enum KafkaStart: Equatable, Sendable {
    /// The next record to be consumed.
    case offset(Int64)
    /// The oldest record there is.
    case oldest
    /// What comes after now.
    case newest

    /// As librdkafka counts.
    var rawOffset: Int64 {
        switch self {
        case .offset(let offset): offset
        case .oldest: -2
        case .newest: -1
        }
    }
}

/// Whether partitions come from a group or are taken by hand.
public enum KafkaMembership: Equatable, Sendable {
    /// The partitions are shared with the group's other members; `poll` tells which are ours.
    case group(String)
    /// No group: `begin` takes what it is given.
    case alone
}

/// What a group keeps for a partition.
public struct KafkaCommit: Equatable, Sendable {
    /// The next record's offset.
    public var offset: Int64
    /// A short text of ours that goes with it; empty for none.
    public var note: String

    public init(offset: Int64, note: String = "") {
        self.offset = offset
        self.note = note
    }
}
