import MarketModel

/// `velocity`: the price has moved by more than the threshold within the last five one-second
/// slots.
public struct VelocityRule: Equatable, BitwiseCopyable, Sendable {
    /// High minus low, in price units, from which it fires.
    private var limit = Int64.max
    private var threshold = 0.0

    public init() {}

    /// `reference` is what `change` is measured against; silent without one.
    public mutating func update(reference: Price?, thresholdPercent: Double) {
        guard let reference, reference.units > 0, thresholdPercent > 0 else {
            self = VelocityRule()
            return
        }
        threshold = thresholdPercent
        limit = Int64(max(1, (Double(reference.units) * (thresholdPercent / 100)).rounded(.up)))
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
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        limit = try reader.read()
        threshold = try reader.readDouble()
    }
}
