/// The newest record of a partition: enough to recognise it when it is read again, and to tell a
/// repeat or a loss of whatever follows it.
public struct RecordMark: Equatable, Sendable {
    /// Its own offset, not that of the record behind it.
    public var offset: Int64
    /// Of what the record holds; the same in every run and every build.
    public var hash: UInt64
    /// Who wrote it, and its place in that producer's own count; 0 and -1 for what is no record of
    /// ours.
    public var producer: UInt64
    public var sequence: Int64
    public var receivedAt: Timestamp
    /// How far each producer's own count has come in this partition, the newest producer first.
    public var producers: [ProducerMark]

    public init(
        offset: Int64, hash: UInt64, producer: UInt64, sequence: Int64, receivedAt: Timestamp,
        producers: [ProducerMark] = []
    ) {
        self.offset = offset
        self.hash = hash
        self.producer = producer
        self.sequence = sequence
        self.receivedAt = receivedAt
        self.producers = producers
    }
}

/// How far a producer's own count of its records has come in one partition.
public struct ProducerMark: Equatable, Sendable {
    /// Of one producer; a count begins anew with another.
    public var id: UInt64
    /// Of its newest record.
    public var sequence: Int64

    public init(id: UInt64, sequence: Int64) {
        self.id = id
        self.sequence = sequence
    }
}
