import MarketModel

extension RuleHit {
    /// Beside a threshold, relative: a mean of twenty is rounded in its sixteenth digit, and a
    /// price exactly on the threshold must not fall to either side for that.
    private static let rounding = 1e-12

    /// Whether a score lies beyond a threshold, by more than rounding.
    static func exceeds(_ score: Double, _ threshold: Double) -> Bool {
        score > threshold * (1 + rounding)
    }

    /// Whether a score is a threshold's, or beyond it.
    static func reaches(_ score: Double, _ threshold: Double) -> Bool {
        score >= threshold * (1 - rounding)
    }
}
