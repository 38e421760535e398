import MarketModel

/// The hits of one kind on one ticker so far: flat, as is what is sent out of it.
public struct OpenEpisode: Equatable, BitwiseCopyable, Sendable {
    /// Hits no further apart than this, in engine time, join one episode; it closes when this has
    /// passed without one.
    public static let quietMax = Duration.seconds(60)
    /// It closes at this age in any case.
    public static let ageMax = Duration.seconds(15 * 60)

    public let firstPosition: LogPosition
    public let firstAt: Timestamp
    public private(set) var lastAt: Timestamp
    public private(set) var hits: Int64 = 1
    public private(set) var severity: Severity
    public private(set) var worst: RuleHit
    /// At the worst moment.
    public private(set) var features: FeatureVector?
    /// Of the last hit.
    public private(set) var position: LogPosition
    /// Has changed since it was last sent out.
    var isUnsent = false

    public var kind: AnomalyKind { worst.kind }

    init(_ hit: RuleHit, at time: Timestamp, position: LogPosition, features: FeatureVector?) {
        firstPosition = position
        firstAt = time
        lastAt = time
        severity = hit.severity
        worst = hit
        self.features = features
        self.position = position
    }

    /// Whether it is over at this moment of engine time.
    func isOver(at time: Timestamp) -> Bool {
        time.nanosecondsSince(lastAt) > OpenEpisode.quietNanoseconds
            || time.nanosecondsSince(firstAt) >= OpenEpisode.ageNanoseconds
    }

    /// Takes in one more hit; true when it made the severity rise.
    mutating func add(
        _ hit: RuleHit, at time: Timestamp, position: LogPosition, features: () -> FeatureVector?
    ) -> Bool {
        hits += 1
        lastAt = max(lastAt, time)
        self.position = position
        isUnsent = true
        if hit.isWorse(than: worst) {
            worst = hit
            self.features = features()
        }
        guard hit.severity > severity else { return false }
        severity = hit.severity
        return true
    }

    /// As it is sent out, open.
    func sent(of symbol: Symbol) -> Episode {
        Episode(
            worst: worst, of: symbol, from: firstPosition, severity: severity, firstAt: firstAt,
            lastAt: lastAt, hits: hits, features: features, isOpen: true, position: position)
    }

    private static let quietNanoseconds: Int64 = 60_000_000_000
    private static let ageNanoseconds: Int64 = 900_000_000_000
}

/// What is written of an episode, kept while it stays the same: it is shown far more often than
/// its worst moment changes.
struct EpisodeTexts: Sendable {
    private let id: String
    private var explanation: String
    private var explained: RuleHit

    init(_ episode: Episode, worst: RuleHit) {
        id = episode.id
        explained = worst
        explanation = worst.explanation
    }

    /// The episode with its texts; explains the worst moment if another has become it.
    mutating func written(_ episode: Episode, worst: RuleHit) -> Episode {
        if explained != worst {
            explained = worst
            explanation = worst.explanation
        }
        return episode.written(id: id, explanation: explanation)
    }
}

extension OpenEpisode {
    public func encode(into writer: inout StateWriter) {
        writer.write(firstPosition)
        writer.write(firstAt)
        writer.write(lastAt)
        writer.write(hits)
        writer.write(Int64(severity.rawValue))
        worst.encode(into: &writer)
        writer.writeOptional(features) { writer, vector in vector.encode(into: &writer) }
        writer.write(position)
        writer.write(isUnsent)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        firstPosition = try reader.readPosition()
        firstAt = try reader.readTimestamp()
        lastAt = try reader.readTimestamp()
        hits = try reader.read()
        let level: Int64 = try reader.read()
        guard let severity = Severity(rawValue: Int(level)) else {
            throw StateCodecError.malformed(field: "severity", byteOffset: reader.offset)
        }
        self.severity = severity
        worst = try RuleHit(from: &reader)
        features = try reader.readOptional { reader throws(StateCodecError) in
            try FeatureVector(from: &reader)
        }
        position = try reader.readPosition()
        isUnsent = try reader.readBool()
    }
}
