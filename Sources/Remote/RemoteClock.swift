import MarketModel
import Synchronization

/// The server's clock, as far as its messages tell: ages on the screen are then right although the
/// two machines' clocks differ.
///
/// A message is a little old when it comes, so the largest of the differences of the last minute is
/// the nearest to the truth.
public final class RemoteClock: MarketClock {
    private struct Estimate {
        var largest: Int64?
        var largestBefore: Int64?
        var turnedAt = Timestamp.distantPast
        var offset: Int64 = 0
    }

    private let local: any MarketClock
    private let estimate = Mutex(Estimate())
    private static let half = Duration.seconds(30)

    public init(local: any MarketClock) { self.local = local }

    public var now: Timestamp {
        local.now.advanced(byNanoseconds: estimate.withLock { $0.offset })
    }

    /// A message has come that was sent at this moment of the server's clock.
    func heard(sentAt: Timestamp) {
        let now = local.now
        let difference = sentAt.nanosecondsSince(now)
        estimate.withLock { estimate in
            if now.duration(since: estimate.turnedAt) >= RemoteClock.half || now < estimate.turnedAt
            {
                estimate.largestBefore = estimate.largest
                estimate.largest = nil
                estimate.turnedAt = now
            }
            estimate.largest = max(estimate.largest ?? difference, difference)
            estimate.offset = max(estimate.largest ?? difference, estimate.largestBefore ?? .min)
        }
    }

    /// Another connection: what was learned over the one before may not hold.
    func forget() {
        estimate.withLock {
            $0.largest = nil
            $0.largestBefore = nil
            $0.turnedAt = .distantPast
        }
    }
}
