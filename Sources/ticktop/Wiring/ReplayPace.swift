import Feeds
import MarketModel
import Synchronization

/// How a replay is to go on: set from anywhere, read by the engine's thread.
final class ReplayPace: Sendable {
    struct Orders: Equatable {
        var speed: ReplayPacer.Speed
        var isPaused = false
        /// Run there without waiting: up to the first record received then or later.
        var until: Timestamp?
        /// Run without waiting until told otherwise.
        var isHurrying = false
        /// Records with events to hand on, one a batch, although it is paused.
        var steps = 0

        /// What the files are to be read at.
        var pace: ReplayPacer.Speed { until != nil || isHurrying || steps > 0 ? .max : speed }
        var goesOn: Bool { !isPaused || until != nil || isHurrying || steps > 0 }
    }

    private let orders: Mutex<Orders>
    private let read = Atomic<Int64>(0)

    init(_ speed: ReplayPacer.Speed) { orders = Mutex(Orders(speed: speed)) }

    var now: Orders { orders.withLock { $0 } }

    /// Of all files together.
    var bytesRead: Int64 { read.load(ordering: .relaxed) }

    func note(bytesRead: Int64) { read.store(bytesRead, ordering: .relaxed) }

    func change(_ change: (inout Orders) -> Void) { orders.withLock { change(&$0) } }
}

extension ReplayPacer.Speed {
    /// Seconds of the log a second; `nil` for as fast as it goes.
    init(factor: Double?) { self = factor.map { .times($0) } ?? .max }

    var factor: Double? {
        switch self {
        case .times(let factor): factor
        case .max: nil
        }
    }
}
