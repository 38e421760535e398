import MarketModel

/// `crossed_market`: the bid has stood above the ask for longer than the threshold. At most one hit
/// a second.
public struct CrossedMarketRule: Equatable, BitwiseCopyable, Sendable {
    private var crossedSince: Timestamp?
    private var hitSecond = Int64.min

    public init() {}

    /// The current quote is another one; `quote.quotedAt` is when the market crossed or uncrossed.
    @inlinable public mutating func apply(_ quote: Quote, thresholdSeconds: Double) -> RuleHit? {
        if !quote.isCrossed, !isWatching { return nil }
        return note(quote, at: quote.quotedAt, thresholdSeconds: thresholdSeconds)
    }

    /// Time has passed over the standing quote.
    @inlinable public mutating func turnSecond(
        to time: Timestamp, quote: Quote?, thresholdSeconds: Double
    ) -> RuleHit? {
        guard isWatching, let quote else { return nil }
        return note(quote, at: time, thresholdSeconds: thresholdSeconds)
    }

    /// The market stands crossed, so that time alone may make a hit.
    public var isWatching: Bool { crossedSince != nil }

    @usableFromInline mutating func note(
        _ quote: Quote, at time: Timestamp, thresholdSeconds: Double
    ) -> RuleHit? {
        guard quote.isCrossed else {
            crossedSince = nil
            return nil
        }
        guard let since = crossedSince else {
            crossedSince = time
            return nil
        }
        let seconds = Double(time.nanosecondsSince(since)) / 1e9
        guard seconds > thresholdSeconds, time.secondsFloor > hitSecond else { return nil }
        hitSecond = time.secondsFloor
        return RuleHit(
            kind: .crossedMarket, severity: .medium, score: seconds, threshold: thresholdSeconds,
            amount: quote.bid.units, reference: quote.ask.units)
    }

    public func encode(into writer: inout StateWriter) {
        writer.writeOptional(crossedSince) { writer, time in writer.write(time) }
        writer.write(hitSecond)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        crossedSince = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readTimestamp()
        }
        hitSecond = try reader.read()
    }
}
