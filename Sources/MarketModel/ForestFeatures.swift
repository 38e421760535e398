/// The six figures that a forest sees of one trade, in single precision.
///
/// The order is that of analytics.md; lanes 6 and 7 are 0.
public struct ForestFeatures: Equatable, BitwiseCopyable, Sendable {
    public static let count = 6
    /// Of the trade's size.
    public static let size = 1

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
