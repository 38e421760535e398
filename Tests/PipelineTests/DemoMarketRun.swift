import Analytics
import Engine
import MarketModel

@testable import Feeds

/// Hours of the demo market through the engine within this process: its tape's frames, decoded and
/// applied as they would be live, with a clock record a second.
final class DemoMarketRun {
    /// What became of one trade that a forest has seen.
    struct Judgement {
        var symbol: Symbol
        var at: Timestamp
        var features: ForestFeatures
        var verdict: TickerForest.Verdict
    }

    let options: DemoMarketOptions
    let start: Timestamp
    private(set) var now: Timestamp
    private(set) var judgements: [Judgement] = []
    /// The newest version of each, in the order of their beginning.
    private(set) var episodes: [Episode] = []
    private var tape: DemoTape
    private var state: EngineState
    private var decoder = RecordDecoder()
    private var batch = EventBatch()
    private var effects = EffectBatch()
    private var offset: Int64 = 0
    private var placeOfEpisode: [String: Int] = [:]

    init(
        _ options: DemoMarketOptions, start: Timestamp,
        settings: AnalyticsSettings = AnalyticsSettings()
    ) {
        self.options = options
        self.start = start
        now = start
        tape = DemoTape(options, start: start)
        state = EngineState(settings: settings)
        state.forestWitness = { [unowned self] _, trade, features, verdict in
            judgements.append(
                Judgement(
                    symbol: trade.symbol, at: trade.executedAt, features: features, verdict: verdict
                ))
        }
    }

    var bursts: [DemoBurst] { tape.plan.bursts(from: start, to: now) }

    func takeJudgements() -> [Judgement] {
        defer { judgements.removeAll(keepingCapacity: true) }
        return judgements
    }

    /// Lets the market trade for so long.
    func run(seconds: Int) throws {
        for _ in 0..<seconds {
            now = now.advanced(by: .seconds(1))
            batch.removeAll()
            for frame in tape.frames(until: now) { append(.frame, frame) }
            append(.clock, [])
            batch.end = LogPosition(epoch: 0, offset: offset)
            try state.apply(batch, into: &effects)
            for episode in effects.episodes { keep(episode) }
            effects = EffectBatch()
        }
    }

    private func append(_ kind: LogRecordKind, _ payload: [UInt8]) {
        let first = batch.bytes.count
        batch.bytes += payload
        decoder.decode(
            kind: kind, source: kind == .clock ? .ticktop : .demo, receivedAt: now,
            position: LogPosition(epoch: 0, offset: offset),
            payload: first..<batch.bytes.count, into: &batch)
        offset += Int64(payload.count) + 1
    }

    private func keep(_ episode: Episode) {
        if let place = placeOfEpisode[episode.id] {
            episodes[place] = episode
        } else {
            placeOfEpisode[episode.id] = episodes.count
            episodes.append(episode)
        }
    }
}
