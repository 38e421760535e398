import Dispatch
import Engine
import MarketModel
import NIOCore
import NIOPosix
import Synchronization

/// A board that is filled from another ticktop's side port, and goes on being so after losses.
///
/// `start`, then `stop`, once each and from ordinary threads.
public final class RemoteBoard: Sendable {
    public let board = SnapshotBoard()
    /// The server's time.
    public let clock: RemoteClock
    private let loop: BoardLoop
    private let group: MultiThreadedEventLoopGroup
    private let first: FirstOutcome

    /// `certificates` is a file of the authorities to trust instead of the system's; `seed` is of
    /// the waits between attempts.
    public init(
        _ address: RemoteAddress, token: String, certificates: String? = nil,
        clock local: any MarketClock, seed: UInt64
    ) {
        clock = RemoteClock(local: local)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let first = FirstOutcome()
        self.first = first
        loop = BoardLoop(
            address, token: token, certificates: certificates, board: board, clock: clock,
            eventLoop: group.next(), seed: seed, onOutcome: { first.note($0) })
    }

    /// Blocks until the market is there. Throws why the first attempt failed: later ones are the
    /// screen's to show.
    public func start() throws(RemoteError) {
        loop.begin()
        if let error = first.wait() { throw error }
    }

    /// The market comes in at the moment.
    public var isLive: Bool { board.status.attachment?.state == .live }

    public func stop() throws {
        try loop.end()
        try group.syncShutdownGracefully()
    }
}

/// What became of the first attempt.
private final class FirstOutcome: Sendable {
    private let outcome: Mutex<RemoteError??> = Mutex(nil)
    private let isKnown = DispatchSemaphore(value: 0)

    func note(_ error: RemoteError?) {
        let isFirst = outcome.withLock { outcome in
            if outcome != nil { return false }
            outcome = .some(error)
            return true
        }
        if isFirst { isKnown.signal() }
    }

    func wait() -> RemoteError? {
        isKnown.wait()
        return outcome.withLock { $0 } ?? nil
    }
}
