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
    public var fate = Fate.open
    /// How often it has been taken up again.
    public var retries = 0
    /// When it was taken up last.
    public var retriedAt: Timestamp?

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

    /// What has become of a letter.
    public enum Fate: String, CaseIterable, BitwiseCopyable, Sendable {
        /// Waits to be taken up again, or put aside.
        case open
        /// Taken up again, and all that is in it has passed.
        case resolved
        /// Put aside: written to a file of the store's, no longer listed.
        case archived
    }

    /// So many bytes that some may have been cut off: what is left cannot be taken up again.
    public var mayBeCut: Bool { raw.count >= DeadLetter.rawBytesMax }
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
