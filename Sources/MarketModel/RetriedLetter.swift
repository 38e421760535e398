/// A dead letter taken up again: what its retry record holds.
public struct RetriedLetter: Sendable {
    /// The letter's position: its identity.
    public var letter: LogPosition
    /// Whose protocol its bytes are in.
    public var source: FeedSource
    /// When the refused event was received at first.
    public var receivedAt: Timestamp
    /// What its bytes hold, in order: of source `retry`, received at first, numbered from 0 in the
    /// retry record.
    public var events: [LoggedEvent]

    public init(
        letter: LogPosition, source: FeedSource, receivedAt: Timestamp, events: [LoggedEvent] = []
    ) {
        self.letter = letter
        self.source = source
        self.receivedAt = receivedAt
        self.events = events
    }
}

/// What became of a dead letter that was taken up again.
public struct RetryOutcome: Equatable, Sendable {
    public var letter: LogPosition
    /// Of the retry record.
    public var position: LogPosition
    public var retriedAt: Timestamp
    /// Why something in it was refused again; `nil` when all of it has passed, now or earlier.
    public var refusal: Refusal?

    public init(
        letter: LogPosition, position: LogPosition, retriedAt: Timestamp, refusal: Refusal?
    ) {
        self.letter = letter
        self.position = position
        self.retriedAt = retriedAt
        self.refusal = refusal
    }
}
