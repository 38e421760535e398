import MarketModel
import Synchronization

/// Where the newest snapshot and pipeline status hang for anybody to read.
///
/// Writers replace, readers take the latest: what a slow reader misses is conflated away.
public final class SnapshotBoard: Sendable {
    private let market = Mutex(MarketSnapshot())
    private let pipeline = Mutex(PipelineStatus())
    private let watched = Mutex([Symbol]())

    /// More watched tickers than this push out those that were asked for longest ago.
    public static let watchedMax = 64

    public init() {}

    public var snapshot: MarketSnapshot { market.withLock { $0 } }
    public var status: PipelineStatus { pipeline.withLock { $0 } }

    /// Asks for a ticker's indicators in the snapshots from the next one on.
    public func watch(_ symbol: Symbol) {
        watched.withLock { symbols in
            symbols.removeAll { $0 == symbol }
            symbols.insert(symbol, at: 0)
            if symbols.count > SnapshotBoard.watchedMax { symbols.removeLast() }
        }
    }

    /// Asked for last first.
    public var watchedTickers: [Symbol] { watched.withLock { $0 } }

    public func publish(_ snapshot: MarketSnapshot) { market.withLock { $0 = snapshot } }

    /// Each part of the pipeline writes its own fields only.
    public func update(_ body: (inout PipelineStatus) -> Void) { pipeline.withLock { body(&$0) } }
}
