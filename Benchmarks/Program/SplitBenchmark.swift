import AllocationCount
import Analytics
import Engine
import Feeds
import MarketModel

/// Where an event's time goes, and what a ticker takes of memory: the same file with more and more
/// of the engine on, as the product runs it, so that no figures are made that nobody asks for.
enum SplitBenchmark {
    struct Findings: Encodable {
        /// By part, in the order of `parts`: what an event costs more with it than without it.
        var nanoseconds_per_event: [String: Double]
        /// What the engine takes for a ticker, at the end of the file.
        var windows_bytes_per_ticker: Int
        var bytes_per_ticker: Int
        var tickers: Int
        /// Of the engine's thread, with everything but forests: a first snapshot, the next one
        /// while nothing happened, and a copy of the state.
        var snapshot_milliseconds: Double
        var snapshot_again_milliseconds: Double
        var copy_milliseconds: Double
        var copy_bytes: Int
    }

    private struct Pass {
        var nanosecondsPerEvent = 0.0
        var bytes = 0
        var tickers = 0
        var snapshot = 0.0
        var snapshotAgain = 0.0
        var copy = 0.0
        var copyBytes = 0
    }

    private static let passes = 3

    static func measure(_ path: String) throws -> Findings {
        var join = AnalyticsSettings.windowsAlone
        join.newsJoinIsOn = true
        let stages: [(part: String, settings: AnalyticsSettings?)] = [
            ("decoding", nil), ("windows", .windowsAlone), ("join", join),
            ("bars, indicators, rules", .withoutForests), ("forests", AnalyticsSettings()),
        ]
        var spent: [[Double]] = []
        var last: [String: Pass] = [:]
        for _ in 0..<passes {
            var before = 0.0
            spent.append(
                try stages.map { stage in
                    let pass = try run(path, stage.settings)
                    last[stage.part] = pass
                    defer { before = pass.nanosecondsPerEvent }
                    return pass.nanosecondsPerEvent - before
                })
        }
        var split: [String: Double] = [:]
        for (index, stage) in stages.enumerated() {
            split[stage.part] = median(spent.map { $0[index] })
        }
        let windows = last["windows"] ?? Pass()
        let whole = last["bars, indicators, rules"] ?? Pass()
        return Findings(
            nanoseconds_per_event: split,
            windows_bytes_per_ticker: windows.bytes / max(1, windows.tickers),
            bytes_per_ticker: whole.bytes / max(1, whole.tickers), tickers: whole.tickers,
            snapshot_milliseconds: whole.snapshot,
            snapshot_again_milliseconds: whole.snapshotAgain, copy_milliseconds: whole.copy,
            copy_bytes: whole.copyBytes)
    }

    /// Without settings the file is only decoded.
    private static func run(_ path: String, _ settings: AnalyticsSettings?) throws -> Pass {
        var pass = Pass()
        let heapBefore = heap_bytes()
        let file = try LineFile(path: path)
        var decoder = FrameFileDecoder()
        var state = EngineState(settings: settings ?? .windowsAlone)
        var batch = EventBatch()
        var effects = EffectBatch()
        var events = 0
        let began = SystemClock.monotonicNanoseconds
        while case let piece = try file.read(into: &batch), !piece.isEmpty {
            WindowsBenchmark.decode(piece, at: file.offset, by: &decoder, into: &batch)
            events += batch.events.count
            if settings != nil { try state.apply(batch, into: &effects) }
            effects.empty()
        }
        pass.nanosecondsPerEvent =
            Double(SystemClock.monotonicNanoseconds - began) / Double(events)
        batch = EventBatch()
        effects = EffectBatch()
        pass.bytes = Int(heap_bytes()) - Int(heapBefore)
        pass.tickers = look(at: state, &pass.snapshot)
        _ = look(at: state, &pass.snapshotAgain)
        let copied = SystemClock.monotonicNanoseconds
        pass.copyBytes = state.encoded().count
        pass.copy = milliseconds(since: copied)
        return pass
    }

    /// How many tickers a snapshot shows, and how long it takes.
    private static func look(at state: borrowing EngineState, _ spent: inout Double) -> Int {
        let began = SystemClock.monotonicNanoseconds
        let count = state.snapshot(takenAt: .distantPast).tickers.count
        spent = milliseconds(since: began)
        return count
    }

    private static func milliseconds(since began: Int64) -> Double {
        Double(SystemClock.monotonicNanoseconds - began) / 1e6
    }
}
