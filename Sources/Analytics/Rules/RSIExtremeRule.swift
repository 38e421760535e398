import MarketModel

/// `rsi_extreme`: RSI of the closed one-minute bars lies beyond a threshold.
public enum RSIExtremeRule {
    /// One hit for each closed bar that is beyond. `rsi` is `nil` while there is none, or while it
    /// says nothing because the last closes are equal; `close` is that of the bar.
    public static func hit(
        rsi: Double?, close: Price, period: Int, upper: Double, lower: Double
    ) -> RuleHit? {
        guard let rsi, RuleHit.exceeds(rsi, upper) || RuleHit.exceeds(lower, rsi) else {
            return nil
        }
        return RuleHit(
            kind: .rsiExtreme, severity: .low, score: rsi, threshold: rsi > upper ? upper : lower,
            amount: close.units, reference: 0, count: Int64(period))
    }
}
