import MarketModel
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: MarketClock {
    private let nanoseconds: Atomic<Int64>

    public init(_ start: Timestamp) { nanoseconds = Atomic(start.nanoseconds) }

    public var now: Timestamp { Timestamp(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

    public func advance(by duration: Duration) {
        let later = now.advanced(by: duration)
        nanoseconds.store(later.nanoseconds, ordering: .relaxed)
    }
}
