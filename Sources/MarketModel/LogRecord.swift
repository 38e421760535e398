/// What a log record's payload is. The raw value is stored: never reuse one.
public enum LogRecordKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// One provider frame, as received.
    case frame = 1
    /// One news article: the provider's JSON object.
    case article = 2
    /// A reading of the receiving side's clock, one a second; the payload is empty.
    case clock = 3
    /// Reference data (previous close, provider bars, conditions, calendar exceptions), as our own
    /// JSON.
    case reference = 4
    /// The analytics settings in force from here on, as our own JSON.
    case settings = 5
    /// A connection went up or down, as our own JSON.
    case connection = 6
    /// Events given up before the log because a live socket could not wait, as our own JSON counts.
    case shed = 7
    /// A dead letter taken up again: the raw bytes of the refused event.
    case retry = 8
}

/// One record of the ordered log, the only thing that can change state.
public struct LogRecord: Equatable, Sendable {
    public var kind: LogRecordKind
    public var source: FeedSource
    public var receivedAt: Timestamp
    public var payload: [UInt8]

    public init(
        kind: LogRecordKind, source: FeedSource, receivedAt: Timestamp, payload: [UInt8] = []
    ) {
        self.kind = kind
        self.source = source
        self.receivedAt = receivedAt
        self.payload = payload
    }
}
