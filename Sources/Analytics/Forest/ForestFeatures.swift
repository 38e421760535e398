import MarketModel

/// The six figures that a forest sees of one trade, in single precision.
///
/// The order is that of analytics.md; lanes 6 and 7 are 0.
public struct ForestFeatures: Equatable, BitwiseCopyable, Sendable {
    public static let count = 6
    /// Of the trade's size.
    static let size = 1

    public var values: SIMD8<Float>

    public init(_ values: SIMD8<Float>) { self.values = values }

    @inlinable public init(
        price: Double, size: Double, volumeZScore: Double, priceMomentum: Double,
        vwapDeviation: Double, tradeFrequency: Double
    ) {
        let wide = SIMD8<Double>(
            price, size, volumeZScore, priceMomentum, vwapDeviation, tradeFrequency, 0, 0)
        values = SIMD8<Float>(wide)
    }

    /// As a person calls them.
    static func name(of feature: Int) -> String {
        switch feature {
        case 0: "price"
        case 1: "trade size"
        case 2: "volume z-score"
        case 3: "momentum %"
        case 4: "distance from VWAP"
        default: "trades a minute"
        }
    }
}

extension TickerWindows {
    /// What a forest sees right after a trade of this size has been applied; `nil` while a figure
    /// is missing.
    @inline(__always)
    public mutating func forestFeatures(size: Size) -> ForestFeatures? {
        let window = fiveMinutes + current
        guard let price, let momentum = priceMomentum, window.volume > 0,
            let score = volumeZScoreKept()
        else { return nil }
        // A millionth of a price step is nothing to a forest, so the mean price is not made exact.
        let mean = wideAsDouble(window.notional) / wideAsDouble(window.volume)
        return ForestFeatures(
            price: Double(price.units) / Double(Price.scale),
            size: Double(size.units) / Double(Size.scale), volumeZScore: score,
            priceMomentum: momentum,
            vwapDeviation: (Double(price.units) - mean) / Double(Price.scale),
            tradeFrequency: tradeFrequency)
    }
}
