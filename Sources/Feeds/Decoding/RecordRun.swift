import MarketModel

/// Records that come one at a time, decoded together once all their bytes lie in the batch.
///
/// Plain trades and quotes are read fast only where the batch's bytes go on behind them
/// (`PlainMassive`): decoded one by one as they come, each would be the last.
public struct RecordRun: Sendable {
    private struct Record: BitwiseCopyable {
        var kind: LogRecordKind
        var source: FeedSource
        var receivedAt: Timestamp
        var position: LogPosition
        /// Of its payload in the batch.
        var start: Int
    }

    private var records: [Record] = []
    /// Where the newest record's payload ends.
    private var end = 0

    public init() {}

    /// Takes a record: its payload goes to the end of `batch.bytes`, where nothing else may come
    /// until the run has been decoded.
    public mutating func append(
        kind: LogRecordKind, source: FeedSource, receivedAt: Timestamp, position: LogPosition,
        payload: UnsafeRawBufferPointer, to batch: inout EventBatch
    ) {
        precondition(records.isEmpty || end == batch.bytes.count, "a gap between two records")
        records.append(
            Record(
                kind: kind, source: source, receivedAt: receivedAt, position: position,
                start: batch.bytes.count))
        batch.bytes.append(contentsOf: payload)
        end = batch.bytes.count
    }

    /// Appends the events of all records taken, in order. The run is empty then.
    public mutating func decode(by decoder: inout RecordDecoder, into batch: inout EventBatch) {
        for (index, record) in records.enumerated() {
            let next = index + 1 < records.count ? records[index + 1].start : end
            decoder.decode(
                kind: record.kind, source: record.source, receivedAt: record.receivedAt,
                position: record.position, payload: record.start..<next, into: &batch)
        }
        records.removeAll(keepingCapacity: true)
    }
}
