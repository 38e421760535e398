import Engine
import Feeds
import MarketModel

/// Parse, validate and everything the engine makes of an event, as the product runs it: windows,
/// bars, rules, and a forest's judgement of every eligible trade, trainings included.
///
/// Only what comes after the first `warmUpEvents` is timed: before a minute has passed no vector is
/// complete, so no forest would have anything to do.
enum EverythingBenchmark {
    struct Findings: Encodable {
        /// Of the timed part.
        var events: Int
        var seconds: Double
        /// Of all trades of the timed part that a forest judged.
        var judged_share: Double
        var trainings: Int64
        var figuresMade: Int
    }

    /// 80 s of the file's time.
    private static let warmUpEvents = 1_200_000

    static func measure(_ path: String) throws -> Findings {
        let file = try LineFile(path: path)
        var decoder = FrameFileDecoder()
        var state = EngineState()
        var batch = EventBatch()
        var effects = EffectBatch()
        var seen = 0
        var findings = Findings(
            events: 0, seconds: 0, judged_share: 0, trainings: 0, figuresMade: 0)
        var trades = 0
        var before = (judged: Int64(0), trainings: Int64(0))
        var began: Int64?
        while case let piece = try file.read(into: &batch), !piece.isEmpty {
            if began == nil, seen >= warmUpEvents {
                before = work(of: state)
                began = SystemClock.monotonicNanoseconds
            }
            WindowsBenchmark.decode(piece, at: file.offset, by: &decoder, into: &batch)
            try state.apply(batch, into: &effects)
            seen += batch.events.count
            if began != nil {
                findings.events += batch.events.count
                trades += effects.trades.count
                findings.figuresMade &+= effects.features.count
            }
            effects.empty()
        }
        guard let began else { throw BenchmarkError.tooShort(path: path, events: seen) }
        findings.seconds = Double(SystemClock.monotonicNanoseconds - began) / 1e9
        let after = work(of: state)
        findings.judged_share = Double(after.judged - before.judged) / Double(max(1, trades))
        findings.trainings = after.trainings - before.trainings
        return findings
    }

    private static func work(of state: borrowing EngineState) -> (judged: Int64, trainings: Int64) {
        var sum = (judged: Int64(0), trainings: Int64(0))
        for ticker in state.snapshot(takenAt: .distantPast).tickers {
            sum.judged += ticker.model?.scoredCount ?? 0
            sum.trainings += ticker.model?.version ?? 0
        }
        return sum
    }
}
