import MarketModel

/// What a trade may update, by its sale conditions (analytics.md, section 1).
public struct TradeFlags: OptionSet, BitwiseCopyable, Sendable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Volume, VWAP and trade counts.
    @inlinable public static var updatesVolume: TradeFlags { TradeFlags(rawValue: 1) }
    /// The last price, and a bar's open and close.
    @inlinable public static var updatesOpenClose: TradeFlags { TradeFlags(rawValue: 2) }
    @inlinable public static var updatesHighLow: TradeFlags { TradeFlags(rawValue: 4) }
    /// The open and close of an intraday bar, where condition 12 (extended hours) does not count.
    @inlinable public static var updatesIntradayOpenClose: TradeFlags { TradeFlags(rawValue: 8) }
    /// The high and low of an intraday bar, where condition 12 does not count.
    @inlinable public static var updatesIntradayHighLow: TradeFlags { TradeFlags(rawValue: 16) }
    /// Carries condition 12 or 13, whatever the clock says.
    @inlinable public static var isExtended: TradeFlags { TradeFlags(rawValue: 32) }
    /// Carries a condition that the table does not know.
    @inlinable public static var hasUnknown: TradeFlags { TradeFlags(rawValue: 64) }

    /// A sale without conditions: may update everything.
    @inlinable public static var regular: TradeFlags { TradeFlags(rawValue: 31) }

    /// May set the price that momentum, velocity, averages and rules see.
    @inlinable public var isEligiblePrice: Bool { rawValue & 3 == 3 }
}
