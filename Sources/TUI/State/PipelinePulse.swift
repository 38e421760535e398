import Engine
import MarketModel

/// How the pipeline went over the last ten minutes, a sample a second, and what painting costs.
struct PipelinePulse: Sendable {
    struct Sample: Equatable, Sendable {
        var perSecond: Double
        /// Receive to applied, p99, in milliseconds; `nil` while nothing was measured.
        var lag: Double?
        /// Share of the queue that is full.
        var queue: Double
    }

    static let length = 600

    /// Oldest first.
    private(set) var samples: [Sample] = []
    private(set) var paint = PaintCost()
    private var sampledAt = Timestamp.distantPast

    mutating func take(_ status: PipelineStatus, _ now: Timestamp) {
        guard now.duration(since: sampledAt) >= .seconds(1) || now < sampledAt else { return }
        sampledAt = now
        let lag = status.receiveToApplied
        samples =
            samples.suffix(PipelinePulse.length - 1) + [
                Sample(
                    perSecond: status.receivedPerSecond,
                    lag: lag.count > 0 ? lag.p99.milliseconds : nil,
                    queue: Double(status.queueBytes) / Double(max(1, status.queueBytesMax)))
            ]
    }

    mutating func take(_ paint: PaintCost) { self.paint = paint }

    /// The newest `seconds`, put into `count` places: the largest of each.
    func series(_ count: Int, _ value: (Sample) -> Double?) -> [Double?] {
        guard count > 0, !samples.isEmpty else { return [] }
        let perPlace = max(1, (PipelinePulse.length + count - 1) / count)
        var places: [Double?] = []
        var end = samples.count
        while end > 0, places.count < count {
            let start = max(0, end - perPlace)
            places.append(samples[start..<end].compactMap(value).max())
            end = start
        }
        return places.reversed()
    }
}

/// What showing the last frames cost.
struct PaintCost: Equatable, Sendable {
    /// A link slower than this is called out.
    static let lagMax = Duration.milliseconds(500)

    var framesPerSecond = 0.0
    /// Of a frame, drawing and handing it to the terminal.
    var time = Duration.zero
    /// Of a frame, sent to the terminal.
    var bytes = 0
    /// From writing a frame to the terminal's word that it is shown; `nil` when it does not say.
    var lag: Duration?
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
