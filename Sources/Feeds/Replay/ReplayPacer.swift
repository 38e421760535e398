import MarketModel

/// When the next record of a recording is due.
///
/// A pause in the recording longer than `pauseMax` is shortened to it: nobody wants to watch a
/// weekend.
public struct ReplayPacer: Sendable {
    public enum Speed: Equatable, Sendable {
        /// 1 is as it happened, 60 a minute in a second.
        case times(Double)
        /// Without any wait.
        case max

        /// `max`, or a positive number such as `1`, `0.5`, `60`, with an `x` behind it or not.
        public init?(_ text: some StringProtocol) {
            if text == "max" {
                self = .max
                return
            }
            let number = text.hasSuffix("x") ? String(text.dropLast()) : String(text)
            guard let factor = Double(number), factor > 0, factor.isFinite else { return nil }
            self = .times(factor)
        }
    }

    private let speed: Speed
    private let pauseMax: Duration
    private var recordedLast: Timestamp?
    /// On the clock of the replay.
    private var due: Timestamp?

    public init(speed: Speed, pauseMax: Duration = .seconds(30)) {
        self.speed = speed
        self.pauseMax = pauseMax
    }

    /// How long to wait before the record received at `recordedAt` is handed on; zero when it is
    /// due or overdue.
    ///
    /// Call once for each record, in order. A recording's clock that steps back is no reason to
    /// wait.
    public mutating func wait(before recordedAt: Timestamp, now: Timestamp) -> Duration {
        guard case .times(let factor) = speed else { return .zero }
        defer { recordedLast = max(recordedAt, recordedLast ?? recordedAt) }
        guard let recordedLast, let last = due else {
            due = now
            return .zero
        }
        let recorded = max(.zero, recordedAt.duration(since: recordedLast))
        let pause = min(pauseMax, recorded / factor)
        let next = last.advanced(by: pause)
        due = next
        return max(.zero, next.duration(since: now))
    }
}
