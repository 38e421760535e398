import AllocationCount
import Analytics
import Engine
import Feeds
import MarketModel

/// How often the heap is asked for memory while a market goes on: by minute of the file's time,
/// and with more and more of the engine on.
///
/// An allocation is a call of `malloc` or one of its kin, from any code on the engine's thread:
/// decoding, the engine, the rows that it hands out. The memory for tickers is taken from the
/// system in pieces of two megabytes, so that each of those is one.
enum AllocationsBenchmark {
    struct Findings: Encodable {
        /// Of windows alone, of all but forests, and of everything.
        var windows: [Minute]
        var all_but_forests: [Minute]
        var everything: [Minute]
    }

    struct Minute: Encodable {
        var events = 0
        var allocations: UInt64 = 0
        /// Bars, rows of features, signals and episodes sent.
        var bars = 0
        var signals = 0
        var episodes = 0
    }

    static func measure(_ path: String) throws -> Findings {
        Findings(
            windows: try run(path, .windowsAlone),
            all_but_forests: try run(path, .withoutForests),
            everything: try run(path, AnalyticsSettings()))
    }

    private static func run(_ path: String, _ settings: AnalyticsSettings) throws -> [Minute] {
        let file = try LineFile(path: path)
        var decoder = FrameFileDecoder()
        var state = EngineState(settings: settings)
        var batch = EventBatch()
        var effects = EffectBatch()
        var minutes: [Minute] = []
        minutes.reserveCapacity(1000)
        var first: Timestamp?
        var minute = Minute()
        var before = allocation_count()
        while case let piece = try file.read(into: &batch), !piece.isEmpty {
            WindowsBenchmark.decode(piece, at: file.offset, by: &decoder, into: &batch)
            try state.apply(batch, into: &effects)
            minute.events += batch.events.count
            minute.bars += effects.bars.count
            minute.signals += effects.signals.count
            minute.episodes += effects.episodes.count
            effects.empty()
            guard let time = state.engineTime else { continue }
            let start = first ?? time
            first = start
            guard time.nanosecondsSince(start) >= Int64(minutes.count + 1) * 60_000_000_000 else {
                continue
            }
            minute.allocations = allocation_count() - before
            minutes.append(minute)
            minute = Minute()
            before = allocation_count()
        }
        return minutes
    }
}
