import MarketModel

extension LogRecord {
    /// The record that carries a notice of ours through the log.
    public init(notice: Notice, source: FeedSource, receivedAt: Timestamp) {
        self.init(
            kind: RecordPayload.kind(of: notice), source: source, receivedAt: receivedAt,
            payload: RecordPayload.encode(notice))
    }
}
