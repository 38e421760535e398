import Engine
import MarketModel
import Synchronization

/// How far a replay has come, and how it ended.
final class ReplayRun: Sendable {
    let byteCount: Int64
    private let content = Mutex(Content())

    private struct Content {
        var end: EngineLoopEnd?
        var begunAt: Int64 = 0
        var closedAt: Int64 = 0
        var wasStopped = false
    }

    init(byteCount: Int64) { self.byteCount = byteCount }

    func begin() { content.withLock { $0.begunAt = SystemClock.monotonicNanoseconds } }
    func stop() { content.withLock { $0.wasStopped = $0.end == nil } }
    func note(_ end: EngineLoopEnd) { content.withLock { $0.end = end } }

    /// Everything is durable now.
    func close() { content.withLock { $0.closedAt = SystemClock.monotonicNanoseconds } }

    var hasEnded: Bool { content.withLock { $0.end != nil } }
    var wasStopped: Bool { content.withLock { $0.wasStopped } }

    /// Percent, of a single file exactly.
    func share(of position: LogPosition) -> Int64 {
        byteCount > 0 ? min(100, position.offset * 100 / byteCount) : 100
    }

    /// Seconds run from the first byte read until everything was durable.
    var closingLine: String {
        let (end, nanoseconds) = content.withLock { ($0.end, $0.closedAt - $0.begunAt) }
        let counts = end?.counts ?? SourceCounts()
        let seconds = Double(nanoseconds) / 1e9
        let rate = seconds > 0 ? Double(counts.received) / seconds : 0
        let hash = end.map { EngineState.hash(of: $0.checkpoint.bytes) } ?? ""
        return counts.closingLine(
            seconds: seconds, eventsPerSecond: rate, extra: #","state_hash":"\#(hash)""#)
    }
}

extension SourceCounts {
    /// What is to be said of a replay that found nothing to show.
    var replayRemark: String? {
        guard received > 0 else { return "there is no event in what was replayed" }
        guard deadLettered == received else { return nil }
        return """
            nothing replayed is a recording or a frame of Massive or Binance: \(received) dead \
            letters say why
            """
    }

    /// The counts as one JSON line.
    func closingLine(seconds: Double, eventsPerSecond: Double, extra: String = "") -> String {
        let milliseconds = (seconds * 1000).rounded() / 1000
        return #"{"received":\#(received),"applied":\#(applied),"duplicate":\#(duplicate),"#
            + #""late":\#(late),"dead_lettered":\#(deadLettered),"shed":\#(shed),"#
            + #""seconds":\#(milliseconds),"#
            + #""events_per_second":\#(Int64(eventsPerSecond))\#(extra)}"#
    }
}
