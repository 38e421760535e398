import MarketModel

/// `price_spike`: the price lies further from the mean of the last one-minute closes than the
/// threshold allows.
///
/// The two prices beyond which it fires are worked out when the mean changes; a trade costs two
/// comparisons.
public struct PriceSpikeRule: Equatable, BitwiseCopyable, Sendable {
    /// Fewer closes than this are no mean to measure against.
    public static let closesMin = 5
    public static let closesMax = 20

    private var lower = Int64.min
    private var upper = Int64.max
    /// In price units.
    private var mean = 0.0
    private var count: Int64 = 0
    private var threshold = 0.0

    public init() {}

    /// Measures against the mean (in price units) of `count` closes; silent while there are fewer
    /// than five.
    public mutating func update(meanUnits: Double, count: Int, thresholdPercent: Double) {
        guard count >= PriceSpikeRule.closesMin, meanUnits > 0, meanUnits < 4e18 else {
            self = PriceSpikeRule()
            return
        }
        mean = meanUnits
        self.count = Int64(count)
        threshold = thresholdPercent
        let distance = meanUnits * (thresholdPercent / 100)
        upper = Int64(min(meanUnits + distance, 9e18).rounded(.down))
        lower = Int64(max(meanUnits - distance, -9e18).rounded(.up))
    }

    /// `nil` while the price is within bounds.
    @inlinable public func hit(_ price: Price) -> RuleHit? {
        isWithin(price) ? nil : figures(price)
    }

    @usableFromInline func isWithin(_ price: Price) -> Bool {
        price.units <= upper && price.units >= lower
    }

    @usableFromInline func figures(_ price: Price) -> RuleHit? {
        let score = 100 * (Double(price.units) - mean) / mean
        guard RuleHit.exceeds(abs(score), threshold) else { return nil }
        return RuleHit(
            kind: .priceSpike,
            severity: RuleHit.reaches(abs(score), 2 * threshold) ? .critical : .high,
            score: score, threshold: threshold, amount: price.units,
            reference: Int64(mean.rounded()), count: count)
    }

    public func encode(into writer: inout StateWriter) {
        writer.write(lower)
        writer.write(upper)
        writer.write(mean)
        writer.write(count)
        writer.write(threshold)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        lower = try reader.read()
        upper = try reader.read()
        mean = try reader.readDouble()
        count = try reader.read()
        threshold = try reader.readDouble()
    }
}
