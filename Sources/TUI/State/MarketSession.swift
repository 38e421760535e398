import MarketModel

/// How a market's day stands, as the wiring reads it from the trading calendar.
public struct MarketSession: Equatable, Sendable {
    /// `NYSE OPEN`, `PRE-MARKET`, `24h`.
    public var label: String
    /// Quotes can be stale only in an open session.
    public var isOpen: Bool
    /// When the session began, for the VWAP line; `nil` before the first.
    public var startedAt: Timestamp?
    /// `closes` or `opens`, and when; `nil` for a market that never closes.
    public var change: (verb: String, at: Timestamp)?

    public init(
        label: String, isOpen: Bool, startedAt: Timestamp? = nil,
        change: (verb: String, at: Timestamp)? = nil
    ) {
        self.label = label
        self.isOpen = isOpen
        self.startedAt = startedAt
        self.change = change
    }

    public static func == (left: MarketSession, right: MarketSession) -> Bool {
        left.label == right.label && left.isOpen == right.isOpen
            && left.startedAt == right.startedAt && left.change?.verb == right.change?.verb
            && left.change?.at == right.change?.at
    }
}
