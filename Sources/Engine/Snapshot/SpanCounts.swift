/// How many spans fell between declared edges, since the program started.
public struct SpanCounts: Equatable, Sendable {
    public static let edgesSeconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
    ]

    /// One an edge: at most that long, and longer than the edge before.
    public internal(set) var counts = [Int64](repeating: 0, count: edgesSeconds.count)
    public internal(set) var count: Int64 = 0
    public internal(set) var sumSeconds = 0.0

    public init() {}

    /// `times` spans of one length; one below zero, of two clocks that disagree, counts as zero.
    public mutating func record(nanoseconds: Int64, times: Int64 = 1) {
        let seconds = Double(max(0, nanoseconds)) / 1e9
        count += times
        sumSeconds += seconds * Double(times)
        if let index = SpanCounts.edgesSeconds.firstIndex(where: { seconds <= $0 }) {
            counts[index] += times
        }
    }
}
