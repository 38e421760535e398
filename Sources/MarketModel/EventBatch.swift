/// Decoded events in log order, with the bytes they came from. Reused from turn to turn:
/// `removeAll` keeps capacity.
public struct EventBatch: Sendable {
    /// The payloads of this batch's records, end to end.
    public var bytes: [UInt8] = []
    public var events: [LoggedEvent] = []
    public var refusals: [Refusal] = []
    public var articles: [NewsArticle] = []
    public var notices: [Notice] = []
    public var retries: [RetriedLetter] = []
    /// Types of well-formed objects that are not received, such as `status` or an unknown `ev`.
    public var ignored: [String] = []
    /// Where the log goes on: everything before it is in this batch or an earlier one. A record
    /// edge.
    public var end = LogPosition.start
    /// Of a log in partitions: the newest record in here, all of whose records are of the partition
    /// that `end.epoch` names.
    public var newestRecord: RecordMark?
    /// Off for files of frames without receive times (analytics.md, section 1).
    public var checksEventTime = true

    public init() {}

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        refusals.removeAll(keepingCapacity: true)
        articles.removeAll(keepingCapacity: true)
        notices.removeAll(keepingCapacity: true)
        retries.removeAll(keepingCapacity: true)
        ignored.removeAll(keepingCapacity: true)
        newestRecord = nil
    }

    /// The bytes an event came from, at most 64 KiB of them: what a dead letter keeps.
    public func rawBytes(of event: LoggedEvent) -> [UInt8] {
        let start = Int(event.rawStart)
        let count = min(Int(event.rawCount), DeadLetter.rawBytesMax)
        guard start >= 0, count > 0, start + count <= bytes.count else { return [] }
        return Array(bytes[start..<start + count])
    }
}
