/// One thing that happened, decoded: flat, so that a batch of them is one run of memory.
///
/// What needs more room (texts, lists) lies beside the events in the batch; the case holds its
/// index there.
public enum MarketEvent: BitwiseCopyable, Sendable {
    case trade(Trade)
    case quote(Quote)
    case bar(ProviderBar)
    case band(PriceBand)
    /// The receiving side's clock read `receivedAt`.
    case clock
    /// `EventBatch.refusals[index]`: received, but no market event could be made of it.
    case refused(index: Int32)
    /// `EventBatch.articles[index]`
    case article(index: Int32)
    /// `EventBatch.notices[index]`: reference data, settings, connection changes, shed counts.
    case notice(index: Int32)
    /// A well-formed object of a type that is not received; `EventBatch.ignored[index]` names it.
    case ignored(index: Int32)
    /// `EventBatch.retries[index]`: a dead letter taken up again, with the events in it.
    case retry(index: Int32)
}

/// An event with its place in the log.
public struct LoggedEvent: BitwiseCopyable, Sendable {
    public var event: MarketEvent
    public var receivedAt: Timestamp
    public var position: LogPosition
    public var source: FeedSource
    /// Where the event's own bytes lie in `EventBatch.bytes`; empty when it has none.
    public var rawStart: Int32
    public var rawCount: Int32

    @inlinable public init(
        event: MarketEvent, receivedAt: Timestamp, position: LogPosition, source: FeedSource,
        rawStart: Int32 = 0, rawCount: Int32 = 0
    ) {
        self.event = event
        self.receivedAt = receivedAt
        self.position = position
        self.source = source
        self.rawStart = rawStart
        self.rawCount = rawCount
    }
}

/// Why a received event was refused.
public struct Refusal: Equatable, Sendable {
    public var reason: RefusalReason
    /// The provider's name of the offending field (`p`, `bp`), or empty when the whole frame is at
    /// fault.
    public var field: String
    public var symbol: Symbol?

    public init(reason: RefusalReason, field: String, symbol: Symbol? = nil) {
        self.reason = reason
        self.field = field
        self.symbol = symbol
    }
}

/// The classes of refusal; the raw value is stored and shown.
public enum RefusalReason: String, CaseIterable, BitwiseCopyable, Sendable {
    /// Not JSON, or not of the shape the provider's protocol has.
    case malformed
    case missingField = "missing_field"
    case symbol
    case price
    case size
    /// More digits or a larger value than fixed point holds.
    case range
    case time
    /// Dated more than 5 s after, or 24 h before, its receive time.
    case eventTime = "event_time"
    /// A negative price or size in a quote.
    case quote
    /// One distinct symbol more than the engine keeps.
    case tooManySymbols = "too_many_symbols"
    case tooLarge = "too_large"
}

/// Reference data and other rare records that change state.
public enum Notice: Equatable, Sendable {
    case previousClose(Symbol, Price, tradingDate: CivilDate)
    /// A bar of the provider's history, for charts and for the change basis; `interval` is 1m or
    /// 1d.
    case historicalBar(ProviderBar, interval: BarInterval)
    case connected(FeedSource)
    case disconnected(FeedSource, reason: String)
    /// Given up before the log: quotes, and, when that was not enough, trades.
    case shed(FeedSource, trades: Int64, quotes: Int64, other: Int64)
    /// The journal lost its tail, or the process was away: nothing was received in between.
    case outage(FeedSource, from: Timestamp, to: Timestamp)
    /// Analytics settings as a JSON text; what they mean is the engine's business.
    case settings(json: String)
    /// Replaces what was known of the ticker's company.
    case listing(Listing)
    /// Replaces what was known of that quarter.
    case earnings(EarningsReport)
}
