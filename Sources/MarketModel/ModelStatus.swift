/// What a ticker's isolation forest is doing, as of a moment of the log.
public struct ModelStatus: Equatable, Sendable {
    /// Complete vectors so far. The first training takes `vectorsNeeded`.
    public var vectorCount: Int64 = 0
    public var vectorsNeeded: Int64 = 1000
    /// Trainings so far: what feature vectors and episodes call the model's version. `nil` while
    /// warming up, as are the rest.
    public var version: Int64?
    /// Engine time of the newest training.
    public var trainedAt: Timestamp?
    public var treeCount = 0
    /// Scores below it are flagged.
    public var threshold: Double?
    /// Of the newest complete vector, by the forest now in force; in (-1, 0).
    public var lastScore: Double?
    /// Since the forest's beginning.
    public var scoredCount: Int64 = 0
    public var flaggedCount: Int64 = 0
    public var hitCount: Int64 = 0

    public var isWarmingUp: Bool { version == nil }

    public init() {}
}
