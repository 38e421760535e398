import Analytics
import Engine
import Feeds
import MarketModel

/// Parse, validate and windows on one core: file to figures.
///
/// The file is read, each line decoded and validated, and applied by the engine as it is in the
/// product: time checks, duplicates, lateness, sale conditions, sessions, all windows. Besides,
/// unlike in the product, where only a second's last figures are made, **every** trade is followed
/// by all of analytics.md section 2 for its ticker, because the peers compute their figures after
/// every trade. The rows of trades and quotes that the engine would store are made, and thrown
/// away.
///
/// What lies beyond section 2 (bars, indicators, rules, rows of feature vectors, the join with
/// news, forests) is turned off by the settings, since no peer does anything like it; `engine`
/// measures the same file with all of that on but the forests, and `everything` with them, too.
enum WindowsBenchmark {
    struct Findings: Encodable {
        var events: Int
        var seconds: Double
        var tickers: [String: Ticker]
        /// Of all figures made, so that none can be left out: read by nobody.
        var figuresMade: Int
    }

    struct Ticker: Encodable {
        var volume: Double
        var last: Double
        var trades: Int
    }

    /// `settings` say what is made besides the windows: nothing, unless told.
    static func measure(
        _ path: String, settings: AnalyticsSettings = .windowsAlone
    ) throws -> Findings {
        let began = SystemClock.monotonicNanoseconds
        let file = try LineFile(path: path)
        var decoder = FrameFileDecoder()
        var state = EngineState(settings: settings)
        var batch = EventBatch()
        var effects = EffectBatch()
        let witness = Witness()
        state.figuresWitness = { witness.take($1) }
        while case let piece = try file.read(into: &batch), !piece.isEmpty {
            decode(piece, at: file.offset, by: &decoder, into: &batch)
            try state.apply(batch, into: &effects)
            guard batch.refusals.isEmpty else {
                throw BenchmarkError.refused(count: batch.refusals.count)
            }
            effects.empty()
        }
        let spent = SystemClock.monotonicNanoseconds - began
        let shown = state.snapshot(takenAt: .distantPast)
        return Findings(
            events: Int(shown.countsTotal.received), seconds: Double(spent) / 1e9,
            tickers: tickers(of: shown), figuresMade: witness.figuresMade)
    }

    /// What the peers count per ticker, as the engine has it: sizes of all trades, the last price
    /// in file order, and how many there were. The file lies within one session, and none of its
    /// sale conditions keeps a trade out of the volume.
    static func tickers(of snapshot: MarketSnapshot) -> [String: Ticker] {
        var tickers: [String: Ticker] = [:]
        for ticker in snapshot.tickers {
            guard let print = ticker.lastPrint else { continue }
            tickers[ticker.symbol.description] = Ticker(
                volume: Double(Int64(ticker.figures.sessionVolume.units)) / Double(Size.scale),
                last: Double(print.price.units) / Double(Price.scale),
                trades: Int(ticker.sessionTradeCount))
        }
        return tickers
    }

    /// Decodes the lines of a piece. Also what `decode` measures.
    @inline(__always)
    static func decode(
        _ piece: Range<Int>, at offset: Int64, by decoder: inout FrameFileDecoder,
        into batch: inout EventBatch
    ) {
        decoder.decode(
            lines: piece, position: LogPosition(epoch: 0, offset: offset), into: &batch)
    }
}

/// Sees the figures after each trade.
final class Witness {
    /// Behind a pointer, so that no access to the object is checked for each trade.
    private let made = UnsafeMutablePointer<Int>.allocate(capacity: 1)

    init() { made.initialize(to: 0) }

    deinit { made.deallocate() }

    var figuresMade: Int { made.pointee }

    @inline(__always)
    func take(_ figures: RollingFigures) {
        made.pointee &+= figures.vwapOneMinute != nil ? 1 : 0
    }
}

extension EffectBatch {
    /// Throws the rows away and keeps their room.
    mutating func empty() {
        trades.removeAll(keepingCapacity: true)
        quotes.removeAll(keepingCapacity: true)
        bars.removeAll(keepingCapacity: true)
        features.removeAll(keepingCapacity: true)
        episodes.removeAll(keepingCapacity: true)
        signals.removeAll(keepingCapacity: true)
        articles.removeAll(keepingCapacity: true)
        deadLetters.removeAll(keepingCapacity: true)
        gaps.removeAll(keepingCapacity: true)
    }
}
