/// What was refused, and why, with enough to try again.
public struct DeadLetter: Equatable, Sendable {
    /// Raw bytes beyond this are cut off.
    public static let rawBytesMax = 65_536

    /// Also its identity when it is retried.
    public var position: LogPosition
    public var source: FeedSource
    public var receivedAt: Timestamp
    public var refusal: Refusal
    public var raw: [UInt8]

    public init(
        position: LogPosition, source: FeedSource, receivedAt: Timestamp, refusal: Refusal,
        raw: [UInt8]
    ) {
        self.position = position
        self.source = source
        self.receivedAt = receivedAt
        self.refusal = refusal
        self.raw = raw
    }
}

/// received = applied + duplicate + late + deadLettered + shed, at every moment, per source.
public struct SourceCounts: Equatable, BitwiseCopyable, Sendable {
    public var received: Int64 = 0
    public var applied: Int64 = 0
    public var duplicate: Int64 = 0
    public var late: Int64 = 0
    public var deadLettered: Int64 = 0
    public var shed: Int64 = 0

    public init() {}

    public var isConserved: Bool {
        received == applied + duplicate + late + deadLettered + shed
    }

    public static func + (left: SourceCounts, right: SourceCounts) -> SourceCounts {
        var sum = left
        sum.received += right.received
        sum.applied += right.applied
        sum.duplicate += right.duplicate
        sum.late += right.late
        sum.deadLettered += right.deadLettered
        sum.shed += right.shed
        return sum
    }
}
