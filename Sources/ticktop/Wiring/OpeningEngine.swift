import Dispatch
import Engine
import Foundation
import MarketModel
import Synchronization
import TUI

/// An engine that is opened on a thread of its own, while the screen is shown already.
final class OpeningEngine: Sendable {
    /// There from the start: what the screen is to show before anything is open.
    let board = SnapshotBoard()
    private let surroundings: Surroundings
    private let onFatal: @Sendable (String) -> Void
    /// `nil` until it has been tried.
    private let outcome = Mutex<Result<RunningEngine, any Error>?>(nil)
    private let opened = DispatchGroup()

    /// `onFatal` is called, once, when going on would lose something.
    init(_ surroundings: Surroundings, onFatal: @escaping @Sendable (String) -> Void) {
        self.surroundings = surroundings
        self.onFatal = onFatal
        let feed = surroundings.settings.feed
        board.update {
            $0.label = feed.provider == .demo ? .demo : .live
            $0.feedName = feed.provider.rawValue
        }
    }

    /// Begins to open and start the engine. Returns at once; when it cannot be, `onFailure` is
    /// called, and `wait` says why. Once only.
    func open(onFailure: @escaping @Sendable () -> Void) {
        opened.enter()
        let thread = Thread { [self] in
            let result = Result {
                let engine = try RunningEngine(surroundings, board: board, onFatal: onFatal)
                try engine.start(false)
                return engine
            }
            outcome.withLock { $0 = result }
            opened.leave()
            if case .failure = result { onFailure() }
        }
        thread.name = "ticktop.opening"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// The engine once it runs, or why it does not; blocks until then. `nil` when nobody has begun
    /// to open it. From any thread but the screen's while that one is to go on.
    func wait() throws -> RunningEngine? {
        opened.wait()
        return try outcome.withLock { $0 }?.get()
    }

    /// What is stored, for readers that may wait.
    func history() throws -> any MarketHistory {
        guard let engine = try wait() else { throw CancellationError() }
        return engine.store.history
    }

    /// What the screen can ask of the feed; what comes before the engine is there is left out, or
    /// waits for it where waiting is allowed.
    var controls: FeedControls {
        var controls = FeedControls()
        let provider = surroundings.settings.feed.provider
        if provider != .kafka {
            controls.record = { [self] on in try wait()?.controls.record?(on) ?? "" }
        }
        if provider == .massive || provider == .binance {
            controls.reconnect = { [self] in
                let engine = outcome.withLock { $0.flatMap { try? $0.get() } }
                engine?.controls.reconnect?()
            }
        }
        return controls
    }

    /// Puts settings in force that may change while it runs; waits for the engine. `nil` for one
    /// that keeps those of its start.
    var reconfigure: ConfigurationWatch.TakesSettings? {
        guard surroundings.settings.feed.provider != .kafka else { return nil }
        return { [self] settings in try wait()?.reconfigure?(settings) }
    }

    /// The market whose sessions the screen shows: what the feed says, or the first ticker's.
    var market: Market {
        let feed = surroundings.settings.feed
        guard feed.provider == .kafka else { return feed.source.market }
        return board.snapshot.tickers.first?.market ?? .continuous
    }
}
