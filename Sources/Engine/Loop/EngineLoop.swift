import Analytics
import Foundation
import MarketModel
import Synchronization

/// The one thread that owns the engine's state: takes events from the source, applies them, hands
/// the effects to the sink (waiting when it is full), and publishes what readers see.
///
/// A log in partitions has a state for each of them, on this one thread.
public final class EngineLoop: @unchecked Sendable {
    // Unchecked: what is not atomic is touched by the engine's thread only, once `start` has been
    // called.
    /// One, or as many as there are open partitions, in their order.
    private var engines: [PartitionEngine]
    let isPartitioned: Bool
    private let source: any EventSource
    private let sink: any EventSink
    private let board: SnapshotBoard
    private let clock: any MarketClock
    private let settings: EngineLoopSettings
    private let onCheckpoint: @Sendable (EngineCheckpoint) -> Void
    private let onEnd: @Sendable (EngineLoopEnd) -> Void

    private var batch = EventBatch()
    /// The one that the newest batch was of.
    private var newest: PartitionEngine?
    /// Of all partitions together, not handed on yet.
    private var eventsWaiting = 0
    private var gauges: EngineGauges
    private var flushDue: Int64 = 0
    private var publishDue: Int64 = 0
    private var checkpointDue: Int64 = 0

    private let stopRequested = Atomic(false)
    private let pauseRequested = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    private static let pauseStep = Duration.milliseconds(20)

    /// `onCheckpoint` is called on the engine's thread, after the effects up to the copy's position
    /// have been given to the sink: a copy must become valid on disk only once these are stored.
    /// `onEnd` is called once, last of all.
    public convenience init(
        state: consuming EngineState, source: any EventSource, sink: any EventSink,
        board: SnapshotBoard, clock: any MarketClock, settings: EngineLoopSettings,
        onCheckpoint: @escaping @Sendable (EngineCheckpoint) -> Void,
        onEnd: @escaping @Sendable (EngineLoopEnd) -> Void
    ) {
        let rules = state.settings.rules
        self.init(
            engines: [PartitionEngine(nil, state)], rules: rules, source: source, sink: sink,
            board: board, clock: clock, settings: settings, onCheckpoint: onCheckpoint,
            onEnd: onEnd)
    }

    /// For a log in partitions: none is open yet. The source opens and closes them from inside its
    /// `fill`, and gives batches of one open partition at a time.
    public convenience init(
        partitionsUnder rules: RuleSettings, source: any EventSource, sink: any EventSink,
        board: SnapshotBoard, clock: any MarketClock, settings: EngineLoopSettings,
        onCheckpoint: @escaping @Sendable (EngineCheckpoint) -> Void,
        onEnd: @escaping @Sendable (EngineLoopEnd) -> Void
    ) {
        self.init(
            engines: [], rules: rules, source: source, sink: sink, board: board, clock: clock,
            settings: settings, onCheckpoint: onCheckpoint, onEnd: onEnd)
    }

    private init(
        engines: [PartitionEngine], rules: RuleSettings, source: any EventSource,
        sink: any EventSink, board: SnapshotBoard, clock: any MarketClock,
        settings: EngineLoopSettings,
        onCheckpoint: @escaping @Sendable (EngineCheckpoint) -> Void,
        onEnd: @escaping @Sendable (EngineLoopEnd) -> Void
    ) {
        isPartitioned = engines.isEmpty
        gauges = EngineGauges(
            rules: rules, startedAt: clock.now, received: engines.received)
        self.engines = engines
        newest = engines.first
        self.source = source
        self.sink = sink
        self.board = board
        self.clock = clock
        self.settings = settings
        self.onCheckpoint = onCheckpoint
        self.onEnd = onEnd
    }

    /// Starts the thread. Once only.
    public func start() {
        let thread = Thread { [self] in run() }
        thread.name = "engine"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Asks the thread to end after the batch at hand, with its effects handed on. Returns at once.
    public func stop() { stopRequested.store(true, ordering: .relaxed) }

    /// Blocks until `onEnd` has returned. For dedicated threads only.
    public func waitUntilEnded() {
        ended.wait()
        ended.signal()
    }

    /// While true nothing is taken from the source; snapshots go on. For replays: a live source
    /// would fill up.
    public var isPaused: Bool {
        get { pauseRequested.load(ordering: .relaxed) }
        set { pauseRequested.store(newValue, ordering: .relaxed) }
    }

    private func run() {
        var reason = EngineLoopEnd.Reason.stopped
        do {
            reason = try turnUntilEnd()
            try flush()
        } catch {
            reason = .failed(error)
        }
        publish()
        onEnd(
            EngineLoopEnd(
                reason: reason, counts: engines.counts,
                checkpoints: engines.map { $0.checkpoint() }))
        ended.signal()
    }

    private func turnUntilEnd() throws -> EngineLoopEnd.Reason {
        let now = SystemClock.monotonicNanoseconds
        checkpointDue = now + settings.checkpointInterval.wholeNanoseconds
        while !stopRequested.load(ordering: .relaxed) {
            let sourceState = isPaused ? .idle : try takeBatch()
            if isPaused { SystemClock.sleepThread(EngineLoop.pauseStep) }
            try keepPace(isIdle: sourceState != .events)
            if sourceState == .ended { return .sourceEnded }
        }
        return .stopped
    }

    private func takeBatch() throws -> SourceState {
        batch.removeAll()
        let now = SystemClock.monotonicNanoseconds
        let wait = min(publishDue, eventsWaiting > 0 ? flushDue : .max) - now
        let sourceState = try source.fill(
            &batch, eventsMax: settings.batchEventsMax, wait: .nanoseconds(max(0, wait)))
        guard sourceState == .events else { return sourceState }
        if eventsWaiting == 0 {
            flushDue = SystemClock.monotonicNanoseconds + settings.flushInterval.wholeNanoseconds
        }
        guard let engine = isPartitioned ? engine(of: batch.end.epoch) : engines[0] else {
            preconditionFailure("events of partition \(batch.end.epoch), which is not open")
        }
        newest = engine
        let before = engine.effects.eventCount
        try engine.apply(batch, sink: sink)
        eventsWaiting += engine.effects.eventCount - before
        gauges.note(
            batch, appliedAt: settings.isLive ? clock.now : nil, into: &engine.effects.arrivals)
        return .events
    }

    /// Hands on, publishes and copies what is due.
    private func keepPace(isIdle: Bool) throws {
        let now = SystemClock.monotonicNanoseconds
        if isIdle || eventsWaiting >= settings.flushEventsMax || now >= flushDue {
            try flush()
        }
        if now >= publishDue {
            publish()
            publishDue = now + publishPause(after: SystemClock.monotonicNanoseconds - now)
        }
        if now >= checkpointDue {
            checkpointDue = now + settings.checkpointInterval.wholeNanoseconds
            try checkpoint()
        }
    }

    /// With thousands of tickers a snapshot takes long: it may take a twentieth of the thread's
    /// time. One that took a second was held up by others, which is no reason to show nothing for
    /// twenty.
    private func publishPause(after cost: Int64) -> Int64 {
        min(
            max(settings.publishInterval.wholeNanoseconds, 20 * cost),
            settings.publishIntervalMax.wholeNanoseconds)
    }

    private func flush() throws {
        for engine in engines { try flush(engine) }
        eventsWaiting = 0
    }

    func flush(_ engine: PartitionEngine) throws {
        // What is observed beside the log is stored with whichever partition comes first.
        if !engine.state.isCatchingUp { engine.effects.episodes += gauges.takeEpisodes() }
        guard let effects = engine.takeEffects() else { return }
        gauges.note(effects)
        try sink.perform(effects)
    }

    private func publish() {
        let now = settings.isLive ? clock.now : gauges.receivedAtLast ?? .distantPast
        let position = newest?.state.position ?? .start
        var snapshot = unionSnapshot(takenAt: now, position: position)
        watchFeeds(at: position)
        snapshot.episodes = gauges.openEpisodes + snapshot.episodes
        gauges.turn(received: engines.received)
        let rate = gauges.receivedPerSecond
        let applied = gauges.applied
        let findings = gauges.findings
        let receivedAtLast = gauges.receivedAtLast
        board.publish(snapshot)
        board.update { status in
            status.receivedPerSecond = rate
            status.applied = applied
            status.findings = findings
            status.lastEventReceivedAt = receivedAtLast ?? status.lastEventReceivedAt
        }
    }

    private func watchFeeds(at position: LogPosition) {
        var feeds = [settings.watchedFeed].compactMap { $0 }
        let now = clock.now
        guard settings.watchesFeedsOfLog || !feeds.isEmpty, gauges.isWatchDue(now) else { return }
        if settings.watchesFeedsOfLog {
            let counted = engines.flatMap { $0.state.countsBySource.map(\.source) }
            feeds = gauges.feeds(counted: counted)
        }
        gauges.watch(feeds, isLive: board.status.feed == .live, now: now, at: position)
    }

    private func unionSnapshot(takenAt now: Timestamp, position: LogPosition) -> MarketSnapshot {
        let watching = board.watchedTickers
        let parts = engines.map { $0.state.snapshot(takenAt: now, watching: watching) }
        guard isPartitioned else { return parts[0] }
        return MarketSnapshot(union: parts, takenAt: now, position: position)
    }

    private func checkpoint() throws {
        for engine in engines
        where !engine.state.isCatchingUp && engine.state.position != engine.checkpointPosition {
            try flush(engine)
            engine.checkpointPosition = engine.state.position
            onCheckpoint(engine.checkpoint())
        }
    }

    // MARK: Partitions

    func engine(of partition: Int32) -> PartitionEngine? {
        if let newest, newest.partition == partition { return newest }
        return engines.first { $0.partition == partition }
    }

    func add(_ engine: PartitionEngine) {
        gauges.noteReceivedBefore(engine.state.counts.received)
        engines.append(engine)
        engines.sort { ($0.partition ?? 0) < ($1.partition ?? 0) }
    }

    func remove(_ partition: Int32) {
        if newest?.partition == partition { newest = nil }
        guard let index = engines.firstIndex(where: { $0.partition == partition }) else { return }
        gauges.noteReceivedBefore(-engines[index].state.counts.received)
        engines.remove(at: index)
    }
}

extension [PartitionEngine] {
    fileprivate var counts: SourceCounts { reduce(SourceCounts()) { $0 + $1.state.counts } }
    fileprivate var received: Int64 { counts.received }
}

extension EngineState {
    /// A copy of the state as of now.
    public func checkpoint() -> EngineCheckpoint {
        EngineCheckpoint(position: position, engineTime: engineTime, bytes: encoded())
    }

    /// What was received from all sources together, and what became of it.
    public var counts: SourceCounts {
        countsBySource.reduce(SourceCounts()) { $0 + $1.counts }
    }

    /// The same by source, of those that have sent anything.
    public var countsBySource: [SourceTally] { tallies.bySource }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
