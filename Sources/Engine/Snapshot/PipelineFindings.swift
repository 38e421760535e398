import MarketModel

/// What the engine has found and how fast it was, counted since the program started: for
/// monitoring, no part of the state.
public struct PipelineFindings: Equatable, Sendable {
    /// Fields beyond this many are counted together as `other`.
    static let fieldsMax = 64

    /// By kind.
    public internal(set) var episodesOpened: [AnomalyKind: Int64] = [:]
    public internal(set) var articlesScored: Int64 = 0
    /// Refused events by the field at fault; `none` where no single field was.
    public internal(set) var refusals: [String: Int64] = [:]
    /// Where the effects counted last ended, by partition; of a log without any, under -1.
    var countedTo: [Int32: LogPosition] = [:]
    public var receiveToApplied = SpanCounts()

    public init() {}

    public mutating func count(_ effects: EffectBatch) {
        // An episode is sent out once with its first hit alone, when it opens.
        for episode in effects.episodes where episode.isOpen && episode.hits == 1 {
            episodesOpened[episode.kind, default: 0] += 1
        }
        // An article comes again when its correlation changes.
        let partition = effects.partition ?? -1
        let start = countedTo[partition] ?? .start
        let scored = effects.articles.filter { $0.sentiment != nil && $0.position >= start }
        articlesScored += Int64(Set(scored.map(\.position)).count)
        countedTo[partition] = effects.through
        for letter in effects.deadLetters {
            let field = letter.refusal.field.isEmpty ? "none" : letter.refusal.field
            let isKnown = refusals[field] != nil || refusals.count < PipelineFindings.fieldsMax
            refusals[isKnown ? field : "other", default: 0] += 1
        }
    }
}
