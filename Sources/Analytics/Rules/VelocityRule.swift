import MarketModel

/// `velocity`: the price has moved by more than the threshold within the last five one-second slots.
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

    /// `nil` while high and low of the last five slots lie close together.
    public func hit(in windows: borrowing TickerWindows) -> RuleHit? {
        let (high, low) = windows.velocityExtremes
        if high.units &- low.units < limit { return nil }
        return figures(high.units, low.units, windows.velocityPercent)
    }

    @inline(never)
    private func figures(_ high: Int64, _ low: Int64, _ percent: Double?) -> RuleHit? {
        guard let percent, abs(percent) >= threshold, high > low else { return nil }
        return RuleHit(
            kind: .velocity, severity: abs(percent) >= 2 * threshold ? .critical : .high,
            score: percent, threshold: threshold, amount: percent < 0 ? high : low,
            reference: percent < 0 ? low : high)
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
