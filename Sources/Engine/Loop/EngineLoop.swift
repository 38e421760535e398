import Analytics
import Foundation
import MarketModel
import Synchronization

/// The one thread that owns the engine's state: takes events from the source, applies them, hands
/// the effects to the sink (waiting when it is full), and publishes what readers see.
public final class EngineLoop: @unchecked Sendable {
    // Unchecked: what is not atomic is touched by the engine's thread only, once `start` has been
    // called.
    private var state: EngineState
    private let source: any EventSource
    private let sink: any EventSink
    private let board: SnapshotBoard
    private let clock: any MarketClock
    private let settings: EngineLoopSettings
    private let onCheckpoint: @Sendable (EngineCheckpoint) -> Void
    private let onEnd: @Sendable (EngineLoopEnd) -> Void

    private var batch = EventBatch()
    private var effects = EffectBatch()
    private var gauges: EngineGauges
    private var flushDue: Int64 = 0
    private var publishDue: Int64 = 0
    private var checkpointDue: Int64 = 0
    private var checkpointPosition = LogPosition.start
    /// Everything before it has been given to the sink, or was stored when the loop began.
    private var handedOn = LogPosition.start

    private let stopRequested = Atomic(false)
    private let pauseRequested = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    private static let pauseStep = Duration.milliseconds(20)

    /// `onCheckpoint` is called on the engine's thread, after the effects up to the copy's position
    /// have been given to the sink: a copy must become valid on disk only once these are stored.
    /// `onEnd` is called once, last of all.
    public init(
        state: consuming EngineState, source: any EventSource, sink: any EventSink,
        board: SnapshotBoard, clock: any MarketClock, settings: EngineLoopSettings,
        onCheckpoint: @escaping @Sendable (EngineCheckpoint) -> Void,
        onEnd: @escaping @Sendable (EngineLoopEnd) -> Void
    ) {
        gauges = EngineGauges(
            rules: state.settings.rules, startedAt: clock.now, received: state.counts.received)
        self.state = state
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
            EngineLoopEnd(reason: reason, counts: state.counts, checkpoint: state.checkpoint()))
        ended.signal()
    }

    private func turnUntilEnd() throws -> EngineLoopEnd.Reason {
        let now = SystemClock.monotonicNanoseconds
        checkpointDue = now + settings.checkpointInterval.wholeNanoseconds
        checkpointPosition = state.position
        handedOn = max(state.position, state.committed ?? .start)
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
        let wait = min(publishDue, effects.eventCount > 0 ? flushDue : .max) - now
        let sourceState = try source.fill(
            &batch, eventsMax: settings.batchEventsMax, wait: .nanoseconds(max(0, wait)))
        guard sourceState == .events else { return sourceState }
        if effects.eventCount == 0 {
            flushDue = SystemClock.monotonicNanoseconds + settings.flushInterval.wholeNanoseconds
        }
        try state.apply(batch, into: &effects) { trade, source in
            try sink.storedPosition(of: trade, source: source)
        }
        effects.receivedAtLast = batch.latestReceivedAt(effects.receivedAtLast)
        gauges.note(
            batch, appliedAt: settings.isLive ? clock.now : nil, into: &effects.arrivals)
        return .events
    }

    /// Hands on, publishes and copies what is due.
    private func keepPace(isIdle: Bool) throws {
        let now = SystemClock.monotonicNanoseconds
        if isIdle || effects.eventCount >= settings.flushEventsMax || now >= flushDue {
            try flush()
        }
        if now >= publishDue {
            publish()
            // With thousands of tickers a snapshot takes long: it may take a twentieth of the
            // thread's time.
            let cost = SystemClock.monotonicNanoseconds - now
            publishDue = now + max(settings.publishInterval.wholeNanoseconds, 20 * cost)
        }
        if now >= checkpointDue {
            checkpointDue = now + settings.checkpointInterval.wholeNanoseconds
            try checkpoint()
        }
    }

    private func flush() throws {
        guard !state.isCatchingUp else { return }
        effects.episodes += gauges.takeEpisodes()
        // A record without events moves the position alone, and the store must follow.
        guard state.position != handedOn || !effects.episodes.isEmpty else { return }
        handedOn = state.position
        gauges.note(effects)
        var fresh = EffectBatch()
        fresh.trades.reserveCapacity(effects.trades.count)
        swap(&fresh, &effects)
        state.stamp(&fresh)
        try sink.perform(fresh)
    }

    private func publish() {
        let now = settings.isLive ? clock.now : gauges.receivedAtLast ?? .distantPast
        var snapshot = state.snapshot(takenAt: now, watching: board.watchedTickers)
        if let feed = settings.watchedFeed {
            gauges.watch(feed, feedState: board.status.feed, now: clock.now, at: state.position)
        }
        snapshot.episodes = gauges.openEpisodes + snapshot.episodes
        gauges.turn(received: state.counts.received)
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

    private func checkpoint() throws {
        guard !state.isCatchingUp, state.position != checkpointPosition else { return }
        try flush()
        checkpointPosition = state.position
        onCheckpoint(state.checkpoint())
    }
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

extension EventBatch {
    /// The latest receive time, at least `other`; clock and feed stamp on threads of their own, so
    /// that the last event need not bear it.
    fileprivate func latestReceivedAt(_ other: Timestamp?) -> Timestamp? {
        let events = events.span
        var latest = other
        for index in 0..<events.count where latest.map({ events[index].receivedAt > $0 }) ?? true {
            latest = events[index].receivedAt
        }
        return latest
    }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
