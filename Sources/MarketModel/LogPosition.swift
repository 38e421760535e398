/// Where in the one ordered log something happened: which record, and which event of that record.
///
/// Ordered as the log is. A record's own position has index 0; the events decoded from it count on
/// from there.
public struct LogPosition: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let start = LogPosition(epoch: 0, offset: 0, index: 0)

    /// Rises when a journal ended before the committed position, and a new one began above it. Of a
    /// log in partitions, as in Kafka, the partition: positions of two partitions have no order.
    public var epoch: Int32
    /// Which event of the record.
    public var index: Int32
    /// Byte offset of the record in its epoch (a journal, or a file of frames), or a Kafka offset.
    public var offset: Int64

    @inlinable public init(epoch: Int32, offset: Int64, index: Int32 = 0) {
        self.epoch = epoch
        self.offset = offset
        self.index = index
    }

    @inlinable public static func < (left: LogPosition, right: LogPosition) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.offset != right.offset { return left.offset < right.offset }
        return left.index < right.index
    }
}

extension LogPosition: CustomStringConvertible {
    /// `epoch.offset.index`
    public var description: String { "\(epoch).\(offset).\(index)" }

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let epoch = Int32(parts[0]), let offset = Int64(parts[1]),
            let index = Int32(parts[2])
        else { return nil }
        self.init(epoch: epoch, offset: offset, index: index)
    }
}
