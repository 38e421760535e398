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
///
/// As the engine sends it out it is flat, and costs no memory until its texts are read.
public struct Episode: Sendable {
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
    public var isOpen: Bool
    /// Of the last hit or the closing: where the log stood when this version was made.
    public var position: LogPosition
    private var texts: Texts

    private enum Texts: Sendable {
        case written(id: String, explanation: String)
        case unwritten(worst: RuleHit, of: Symbol, from: LogPosition)
    }

    /// `kind-ticker-epoch.offset.index` of the first hit; operational ones end in their first time
    /// instead.
    public var id: String {
        get {
            switch texts {
            case .written(let id, _): id
            case .unwritten(let worst, let symbol, let first):
                "\(worst.kind.rawValue)-\(symbol)-\(first)"
            }
        }
        set { texts = .written(id: newValue, explanation: explanation) }
    }

    /// One line: the figures that fired it against their threshold.
    public var explanation: String {
        get {
            switch texts {
            case .written(_, let explanation): explanation
            case .unwritten(let worst, _, _): worst.explanation
            }
        }
        set { texts = .written(id: id, explanation: newValue) }
    }

    public init(
        id: String, kind: AnomalyKind, symbol: Symbol?, severity: Severity, firstAt: Timestamp,
        lastAt: Timestamp, hits: Int64, worstScore: Double, features: FeatureVector?,
        explanation: String, isOpen: Bool, position: LogPosition
    ) {
        self.kind = kind
        self.symbol = symbol
        self.severity = severity
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.hits = hits
        self.worstScore = worstScore
        self.features = features
        self.isOpen = isOpen
        self.position = position
        texts = .written(id: id, explanation: explanation)
    }

    /// An episode whose texts are made when they are read: of the hit at `from` and its worst one.
    public init(
        worst: RuleHit, of symbol: Symbol, from first: LogPosition, severity: Severity,
        firstAt: Timestamp, lastAt: Timestamp, hits: Int64, features: FeatureVector?,
        isOpen: Bool, position: LogPosition
    ) {
        kind = worst.kind
        self.symbol = symbol
        self.severity = severity
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.hits = hits
        worstScore = worst.score
        self.features = features
        self.isOpen = isOpen
        self.position = position
        texts = .unwritten(worst: worst, of: symbol, from: first)
    }

    /// The same with its texts written, for those who read them often.
    public func written() -> Episode { written(id: id, explanation: explanation) }

    /// The same with these texts, which are its own.
    public func written(id: String, explanation: String) -> Episode {
        var written = self
        written.texts = .written(id: id, explanation: explanation)
        return written
    }
}

extension Episode: Equatable {
    /// Whether its texts are written yet makes no difference.
    public static func == (left: Episode, right: Episode) -> Bool {
        left.kind == right.kind && left.symbol == right.symbol && left.severity == right.severity
            && left.firstAt == right.firstAt && left.lastAt == right.lastAt
            && left.hits == right.hits && left.worstScore == right.worstScore
            && left.features == right.features && left.isOpen == right.isOpen
            && left.position == right.position && left.id == right.id
            && left.explanation == right.explanation
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
