import MarketModel

/// How far a log has been delivered through, when each partition's messages are delivered in the
/// order in which they were sent.
///
/// A fence notes how many messages had gone to each partition when the log stood at a position; it
/// is passed once as many have been delivered in each.
public struct DeliveryLedger: Sendable {
    public struct Fence: Equatable, Sendable {
        /// Everything of the log before it has been sent.
        public var position: LogPosition
        /// Sent so far, by partition.
        public var sent: [Int64]
        /// Whose count `sequences` are.
        public var producer: UInt64
        /// The next number of the producer's own count, by partition.
        public var sequences: [Int64]

        public init(
            position: LogPosition, sent: [Int64], producer: UInt64, sequences: [Int64]
        ) {
            self.position = position
            self.sent = sent
            self.producer = producer
            self.sequences = sequences
        }
    }

    private var fences: [Fence] = []
    /// More fences than this are not kept: the newest takes its predecessor's place.
    private static let fencesMax = 64

    public init() {}

    public mutating func set(_ fence: Fence) {
        if fences.count == DeliveryLedger.fencesMax { fences.removeLast() }
        fences.append(fence)
    }

    /// The newest fence that all deliveries have passed, once; `nil` when there is none.
    public mutating func passed(delivered: [Int64]) -> Fence? {
        let count = fences.prefix { fence in
            zip(fence.sent, delivered).allSatisfy { $0 <= $1 }
        }.count
        guard count > 0 else { return nil }
        let newest = fences[count - 1]
        fences.removeFirst(count)
        return newest
    }

    public mutating func removeAll() { fences.removeAll() }
}
