import MarketModel

/// Open, high, low and close of a bar in which all four are set, in price units.
public struct Candle: Equatable, BitwiseCopyable, Sendable {
    public var open: Int64
    public var high: Int64
    public var low: Int64
    public var close: Int64

    public init(open: Int64, high: Int64, low: Int64, close: Int64) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
    }

    /// `nil` for a bar in which no trade may set one of the prices.
    @inlinable public init?(_ bar: Bar) {
        guard let open = bar.open, let high = bar.high, let low = bar.low, let close = bar.close
        else { return nil }
        self.init(open: open.units, high: high.units, low: low.units, close: close.units)
    }

    var figures: CandleFigures {
        CandleFigures(
            open: Candle.price(open), high: Candle.price(high), low: Candle.price(low),
            close: Candle.price(close))
    }

    /// The nearest binary number of a price: what a reference reads from the decimal.
    @inline(__always)
    static func price(_ units: Int64) -> Double { Double(units) / 1e9 }
}

/// A candle's prices as binary numbers.
struct CandleFigures: BitwiseCopyable {
    var open: Double
    var high: Double
    var low: Double
    var close: Double

    var body: Double { abs(close - open) }
    var range: Double { high - low }
    var bodyTop: Double { close >= open ? close : open }
    var bodyBottom: Double { close >= open ? open : close }
    /// TA-Lib's colour: an unchanged price counts as rising.
    var isRising: Bool { close >= open }
}
