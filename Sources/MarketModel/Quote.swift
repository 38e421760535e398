/// A bid and an ask. Massive `Q` and Binance `bookTicker` are the best across venues: the NBBO of
/// the ticker.
public struct Quote: Equatable, BitwiseCopyable, Sendable {
    public var symbol: Symbol
    /// Zero when that side is empty.
    public var bid: Price
    public var ask: Price
    public var bidSize: Size
    public var askSize: Size
    /// The exchange's time; the receive time, for display only, when the feed sends none.
    public var quotedAt: Timestamp
    public var sequence: SequenceNumber
    public var hasExchangeTime: Bool

    @inlinable public init(
        symbol: Symbol, bid: Price, ask: Price, bidSize: Size, askSize: Size, quotedAt: Timestamp,
        sequence: SequenceNumber, hasExchangeTime: Bool = true
    ) {
        self.symbol = symbol
        self.bid = bid
        self.ask = ask
        self.bidSize = bidSize
        self.askSize = askSize
        self.quotedAt = quotedAt
        self.sequence = sequence
        self.hasExchangeTime = hasExchangeTime
    }

    /// Ask minus bid; 0 when locked, negative when crossed, `nil` when a side is empty.
    @inlinable public var spread: Price? {
        guard bid.units > 0, ask.units > 0 else { return nil }
        return Price(units: ask.units - bid.units)
    }

    /// The spread x 10 000 / mid; `nil` when a side is empty.
    @inlinable public var spreadBasisPoints: Double? {
        guard let spread else { return nil }
        return Double(spread.units) * 20_000 / (Double(ask.units) + Double(bid.units))
    }

    @inlinable public var isCrossed: Bool { bid.units > ask.units && ask.units > 0 }
    @inlinable public var isLocked: Bool { bid == ask && ask.units > 0 }
}

/// A provider's own bar (Massive `A`, `AM`, REST aggregates, Binance klines): reference, never
/// counted as trades.
public struct ProviderBar: Equatable, BitwiseCopyable, Sendable {
    public var symbol: Symbol
    public var start: Timestamp
    public var end: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var close: Price
    public var volume: Size
    public var vwap: Price?
    public var tradeCount: Int32?
    /// The official opening price of the day, where the feed sends it.
    public var sessionOpen: Price?

    public init(
        symbol: Symbol, start: Timestamp, end: Timestamp, open: Price, high: Price, low: Price,
        close: Price, volume: Size, vwap: Price? = nil, tradeCount: Int32? = nil,
        sessionOpen: Price? = nil
    ) {
        self.symbol = symbol
        self.start = start
        self.end = end
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.vwap = vwap
        self.tradeCount = tradeCount
        self.sessionOpen = sessionOpen
    }
}

/// Limit up, limit down: outside these prices a US stock may not trade.
public struct PriceBand: Equatable, BitwiseCopyable, Sendable {
    public var symbol: Symbol
    public var upper: Price
    public var lower: Price
    public var at: Timestamp
    public var sequence: SequenceNumber

    public init(
        symbol: Symbol, upper: Price, lower: Price, at: Timestamp, sequence: SequenceNumber
    ) {
        self.symbol = symbol
        self.upper = upper
        self.lower = lower
        self.at = at
        self.sequence = sequence
    }
}
