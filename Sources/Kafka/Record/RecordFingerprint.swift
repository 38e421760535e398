import MarketModel

/// Tells one record from another at the same offset.
///
/// Stored with a partition's position, of the record before it: so a log that was cut, replaced or
/// made anew is noticed.
public struct RecordFingerprint: Hashable, BitwiseCopyable, Sendable {
    /// Of key, payload and headers.
    public var hash: UInt64
    /// 0 for what is no record of ours.
    public var producer: UInt64
    /// The ingesting process's own count in the partition; -1 for what is no record of ours.
    public var sequence: Int64
    public var receivedAt: Timestamp

    public init(hash: UInt64, producer: UInt64, sequence: Int64, receivedAt: Timestamp) {
        self.hash = hash
        self.producer = producer
        self.sequence = sequence
        self.receivedAt = receivedAt
    }
}
