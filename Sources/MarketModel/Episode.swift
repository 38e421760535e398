/// What kind of anomaly. The raw value is stored, served and part of an episode's id.
public enum AnomalyKind: String, CaseIterable, BitwiseCopyable, Sendable {
    case priceSpike = "price_spike"
    case volumeSpike = "volume_spike"
    case velocity
    case crossedMarket = "crossed_market"
    case sequenceGap = "sequence_gap"
    case newsCorrelation = "news_correlation"
    case isolationForest = "isolation_forest"
    case rsiExtreme = "rsi_extreme"
    /// Operational: observed beside the engine, no part of its state.
    case staleFeed = "stale_feed"
    /// Operational: observed beside the engine, no part of its state.
    case latency

    /// Observed beside the log, by each process for itself.
    public var isOperational: Bool { self == .staleFeed || self == .latency }
}

public enum Severity: Int, CaseIterable, Comparable, BitwiseCopyable, Sendable {
    case low = 1
    case medium = 2
    case high = 3
    case critical = 4

    public var name: String { String(describing: self) }

    public init?(name: some StringProtocol) {
        guard let match = Severity.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    public static func < (left: Severity, right: Severity) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The hits of one kind on one ticker that belong together: what a person sees and acknowledges.
public struct Episode: Equatable, Sendable {
    /// `kind-ticker-epoch.offset.index` of the first hit; operational ones end in their first time
    /// instead.
    public var id: String
    public var kind: AnomalyKind
    /// `nil` for an operational episode of a whole feed.
    public var symbol: Symbol?
    /// The worst so far.
    public var severity: Severity
    public var firstAt: Timestamp
    public var lastAt: Timestamp
    public var hits: Int64
    /// The rule's figure at the worst moment, in the rule's own unit.
    public var worstScore: Double
    /// The feature vector at the worst moment.
    public var features: FeatureVector?
    /// One line: the figures that fired it against their threshold.
    public var explanation: String
    public var isOpen: Bool
    /// Of the last hit or the closing: where the log stood when this version was made.
    public var position: LogPosition

    public init(
        id: String, kind: AnomalyKind, symbol: Symbol?, severity: Severity, firstAt: Timestamp,
        lastAt: Timestamp, hits: Int64, worstScore: Double, features: FeatureVector?,
        explanation: String, isOpen: Bool, position: LogPosition
    ) {
        self.id = id
        self.kind = kind
        self.symbol = symbol
        self.severity = severity
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.hits = hits
        self.worstScore = worstScore
        self.features = features
        self.explanation = explanation
        self.isOpen = isOpen
        self.position = position
    }
}

/// That somebody has seen an episode, and how bad it was then. Undo removes it; its history is
/// kept.
public struct Acknowledgement: Equatable, Sendable {
    public var episodeID: String
    /// The OS user or the token's name.
    public var by: String
    public var at: Timestamp
    public var note: String
    public var severity: Severity

    public init(episodeID: String, by: String, at: Timestamp, note: String, severity: Severity) {
        self.episodeID = episodeID
        self.by = by
        self.at = at
        self.note = note
        self.severity = severity
    }
}

/// An episode as read: joined with its acknowledgement.
public struct EpisodeReading: Equatable, Sendable {
    public var episode: Episode
    public var acknowledgement: Acknowledgement?

    public init(episode: Episode, acknowledgement: Acknowledgement?) {
        self.episode = episode
        self.acknowledgement = acknowledgement
    }

    /// False once the episode has become worse than what was acknowledged.
    public var isAcknowledged: Bool {
        acknowledgement.map { $0.severity >= episode.severity } ?? false
    }
}
