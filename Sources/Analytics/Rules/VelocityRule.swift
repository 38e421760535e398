import MarketModel

/// `velocity`: the price has moved by more than the threshold within the last five one-second
/// slots.
public struct VelocityRule: Equatable, BitwiseCopyable, Sendable {
    /// High minus low, in price units, from which it fires.
    private var limit = Int64.max
    private var threshold = 0.0
    /// What `limit` was worked out from.
    private var reference: Price?

    /// A limit beyond every difference of two prices, with room for rounding.
    private static let limitMax = 9e18

    public init() {}

    /// `reference` is what `change` is measured against; silent without one. Settings that change
    /// begin with a new rule.
    @inline(__always)
    public mutating func follow(_ reference: Price?, thresholdPercent: Double) {
        if reference != self.reference { update(reference, thresholdPercent) }
    }

    @inline(never)
    private mutating func update(_ reference: Price?, _ thresholdPercent: Double) {
        self = VelocityRule()
        guard let reference, reference.units > 0, thresholdPercent > 0 else { return }
        self.reference = reference
        threshold = thresholdPercent
        let distance = (Double(reference.units) * (thresholdPercent / 100)).rounded(.up)
        limit = Int64(min(max(1, distance), VelocityRule.limitMax))
    }

    /// Whether high and low of the last five slots lie too close together for a hit.
    @inline(__always)
    public func isQuiet(high: Price, low: Price) -> Bool {
        high.units &- low.units < limit
    }

    /// `velocity` is the signed percentage of the same slots; `nil` when it does not reach the
    /// threshold.
    public func hit(high: Price, low: Price, velocity: Double?) -> RuleHit? {
        guard let velocity, abs(velocity) >= threshold, high > low else { return nil }
        let (from, to) = velocity < 0 ? (high, low) : (low, high)
        return RuleHit(
            kind: .velocity, severity: abs(velocity) >= 2 * threshold ? .critical : .high,
            score: velocity, threshold: threshold, amount: from.units, reference: to.units)
    }

    public func encode(into writer: inout StateWriter) {
        writer.write(limit)
        writer.write(threshold)
        writer.writeOptional(reference) { writer, price in writer.write(price) }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        limit = try reader.read()
        threshold = try reader.readDouble()
        reference = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readPrice()
        }
    }
}
