import MarketModel
import Synchronization

/// Where the newest snapshot and pipeline status hang for anybody to read.
///
/// Writers replace, readers take the latest: what a slow reader misses is conflated away.
public final class SnapshotBoard: Sendable {
    private let market = Mutex(MarketSnapshot())
    private let pipeline = Mutex(PipelineStatus())

    public init() {}

    public var snapshot: MarketSnapshot { market.withLock { $0 } }
    public var status: PipelineStatus { pipeline.withLock { $0 } }

    public func publish(_ snapshot: MarketSnapshot) { market.withLock { $0 = snapshot } }

    /// Each part of the pipeline writes its own fields only.
    public func update(_ body: (inout PipelineStatus) -> Void) { pipeline.withLock { body(&$0) } }
}
