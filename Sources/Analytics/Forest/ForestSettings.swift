/// How the isolation forests of analytics.md section 5 are grown and read.
public struct ForestSettings: Codable, Equatable, Sendable {
    public var isOn = true
    /// Trees of a forest.
    public var trees = 100
    /// Rows that each tree is grown from, drawn without replacement.
    public var samples = 256
    /// The share of the training rows that counts as unusual.
    public var contamination = 0.01
    /// A score must be below this, too, for a trade to be flagged.
    public var scoreMax = -0.5
    // With the next three off, false and 0, the rule is analytics.md's to the letter;
    // docs/architecture.md says why the defaults are not.
    /// Whether the level of flags follows what the forest says of the trades it has not seen.
    public var isCalibrated = true
    /// How far a feature other than the size has to be from its usual, in standard deviations of
    /// the training rows, for a flagged trade to count for a hit.
    public var hitDeviations = 6.0
    /// For how long, from an episode's first hit on, its trades neither train nor calibrate.
    public var setAsideSeconds = 120.0
    /// Trades with a complete vector between two trainings.
    public var trainEvery = 500
    /// Engine time between two trainings.
    public var secondsBetween = 5.0
    /// Tickers that may have a forest; beyond it the least active go without.
    public var tickersMax = 500

    /// Complete vectors that a training takes.
    public static let rowsCount = 1000
    /// Where those are looked for first.
    public static let window = Duration.seconds(600)

    static let treesRange = 1...1000
    static let samplesRange = 2...256

    public init() {}

    var nanosecondsBetween: Int64 { Int64((secondsBetween * 1e9).rounded()) }
    var setAsideNanoseconds: Int64 { Int64((setAsideSeconds * 1e9).rounded()) }
}
