/// That a rule fired, with the figures that fired it: flat, so that a hit costs no memory until a
/// person reads it.
public struct RuleHit: Equatable, BitwiseCopyable, Sendable {
    public var kind: AnomalyKind
    public var severity: Severity
    /// The rule's figure in its own unit: percent, a multiple, seconds, or a count of trades.
    /// Signed where it has a direction; the larger magnitude is the worse.
    public var score: Double
    /// What the score had to pass, in the same unit.
    public var threshold: Double
    /// Price units, size units, trade ids, or a headline's compound score in ten-thousandths and
    /// its time in nanoseconds: what `score` was made from, in the order the explanation names
    /// them. A volume beyond `Int64` is its largest number here.
    public var amount: Int64
    public var reference: Int64
    /// How many bars or minutes the reference is the mean of.
    public var count: Int64
    /// Of a forest's hit: what moved its score.
    public var deviations: FeatureDeviations?

    public init(
        kind: AnomalyKind, severity: Severity, score: Double, threshold: Double, amount: Int64,
        reference: Int64, count: Int64 = 0
    ) {
        self.kind = kind
        self.severity = severity
        self.score = score
        self.threshold = threshold
        self.amount = amount
        self.reference = reference
        self.count = count
    }

    public func isWorse(than other: RuleHit) -> Bool {
        distance > other.distance || severity > other.severity
    }

    /// How far the score lies from what is usual.
    private var distance: Double { kind == .rsiExtreme ? abs(score - 50) : abs(score) }

    /// One line: the figures that fired the rule against their threshold.
    public var explanation: String {
        let limit = RuleHit.decimal(threshold)
        let size = RuleHit.decimal(abs(score))
        switch kind {
        case .priceSpike:
            let side = score < 0 ? "below" : "above"
            return "price \(RuleHit.price(amount)) is \(size) % \(side) the mean "
                + "\(RuleHit.price(reference)) of the last \(count) one-minute closes"
                + " (threshold \(limit) %)"
        case .volumeSpike:
            return "volume \(RuleHit.volume(amount)) of the last 60 s is \(size) times the mean "
                + "\(RuleHit.volume(reference)) of the last \(count) minutes (threshold \(limit))"
        case .velocity:
            return "price moved \(size) % \(score < 0 ? "down" : "up") within 5 s, from "
                + "\(RuleHit.price(amount)) to \(RuleHit.price(reference)) (threshold \(limit) %)"
        case .crossedMarket:
            return
                "bid \(RuleHit.price(amount)) above ask \(RuleHit.price(reference)) for \(size) s"
                + " (threshold \(limit) s)"
        case .sequenceGap:
            let ids =
                amount == reference ? "trade id \(amount)" : "trade ids \(amount) to \(reference)"
            return "\(ids) missing where the feed promises none"
        case .newsCorrelation:
            return "headline of \(Timestamp(nanoseconds: reference)) scores "
                + "\(Decimal64.text(amount, places: 4)), with a volume z-score of \(size)"
                + " within 60 s of it (threshold \(limit))"
        case .isolationForest:
            return "score \(RuleHit.decimal(score)) (limit \(limit)): "
                + (deviations?.explanation ?? "no feature stands out")
        case .rsiExtreme:
            let side = score > threshold ? "above" : "below"
            return "RSI(\(count)) of one-minute bars is \(size), \(side) \(limit), at close "
                + RuleHit.price(amount)
        case .staleFeed, .latency:
            preconditionFailure("operational rules explain themselves")
        }
    }

    /// At most two decimals; trailing zeros dropped.
    public static func decimal(_ value: Double) -> String {
        guard abs(value) < 1e15 else { return String(value) }
        return Decimal64.text(Int64((value * 100).rounded()), places: 2)
    }

    private static func price(_ units: Int64) -> String {
        let cents = abs(units) >= Price.scale
        return Decimal64.text(units, places: Price.decimalPlaces, shown: cents ? 2 : 6)
    }

    private static func volume(_ units: Int64) -> String {
        guard units < .max else { return "of more than \(units / Size.scale)" }
        let whole = abs(units) >= 1000 * Size.scale
        return Decimal64.text(units, places: Size.decimalPlaces, shown: whole ? 0 : 4)
    }
}
