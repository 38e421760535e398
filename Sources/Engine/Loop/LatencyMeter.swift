import Histogram
import MarketModel

/// Spans over the last ten seconds, in microseconds: a histogram for each second, the oldest
/// overwritten.
public struct LatencyMeter: Sendable {
    private static let secondsKept = 10
    /// One minute; a longer span is counted as one minute.
    private static let microsecondsMax: UInt64 = 60_000_000

    private var seconds: [Histogram<UInt32>]
    private var current = 0
    private var whole = LatencyMeter.empty()

    public init() {
        seconds = (0..<LatencyMeter.secondsKept).map { _ in LatencyMeter.empty() }
    }

    public mutating func record(nanoseconds: Int64, count: Int) {
        let microseconds = UInt64(max(0, nanoseconds)) / 1000
        let value = min(microseconds, LatencyMeter.microsecondsMax)
        seconds[current].record(value, count: UInt32(clamping: count))
        whole.record(value, count: UInt32(clamping: count))
    }

    /// A second is over: the oldest makes room for the next.
    public mutating func turnSecond() {
        current = (current + 1) % LatencyMeter.secondsKept
        seconds[current].reset()
    }

    public var summary: LatencySummary {
        var all = LatencyMeter.empty()
        for second in seconds { all.add(second) }
        return LatencyMeter.summary(of: all)
    }

    /// Of everything recorded so far.
    public var summaryOfAll: LatencySummary { LatencyMeter.summary(of: whole) }

    private static func summary(of all: Histogram<UInt32>) -> LatencySummary {
        var summary = LatencySummary()
        guard all.totalCount > 0 else { return summary }
        summary.p50 = .microseconds(Int64(all.valueAtPercentile(50)))
        summary.p99 = .microseconds(Int64(all.valueAtPercentile(99)))
        summary.p999 = .microseconds(Int64(all.valueAtPercentile(99.9)))
        summary.max = .microseconds(Int64(all.max))
        summary.count = Int64(all.totalCount)
        return summary
    }

    private static func empty() -> Histogram<UInt32> {
        Histogram(
            highestTrackableValue: microsecondsMax, numberOfSignificantValueDigits: .two)
    }
}
