import Dispatch
import Foundation
import MarketModel

/// A thread of a feed's own, with pauses that a stop cuts short.
final class FeedThread: Sendable {
    private let name: String
    private let stopping = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    init(name: String) { self.name = name }

    /// Runs `body` on the thread. Once only.
    func start(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            body()
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    /// Waits; false when the thread has been asked to stop.
    func pause(_ length: Duration) -> Bool {
        let (seconds, attoseconds) = length.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        guard stopping.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut else {
            stopping.signal()  // Stays asked for.
            return false
        }
        return true
    }

    /// Asks the body to end and waits until it has; not for ever, since it may be waiting for room
    /// in a queue that nobody empties any more.
    func stop() {
        stopping.signal()
        if ended.wait(timeout: .now() + .seconds(2)) == .success {
            ended.signal()  // A second stop returns at once.
        }
    }
}

/// Offers a clock record every second: the receiving side's time, by which windows and bars close
/// on quiet tickers too.
public final class ClockTicker: Sendable {
    private let clock: any MarketClock
    private let thread = FeedThread(name: "clock")

    public init(clock: any MarketClock) { self.clock = clock }

    /// Begins to tick, on a thread of its own. Once only.
    public func start(into queue: FrameQueue) {
        thread.start { [clock, thread] in
            repeat {
                queue.offer(
                    LogRecord(kind: .clock, source: .ticktop, receivedAt: clock.now))
            } while thread.pause(ClockTicker.pause(after: clock.now))
        }
    }

    public func stop() { thread.stop() }

    /// To the next full second, so that ticks keep in step with the clock.
    private static func pause(after now: Timestamp) -> Duration {
        let next = Timestamp(seconds: now.secondsFloor + 1)
        return max(.milliseconds(1), next.duration(since: now))
    }
}
