import Foundation
import GRDB
import MarketModel

/// Where effects become durable: a thread of its own that owns the writing connection.
///
/// Effects are stored in groups: when the oldest has waited 10 ms, when 4096 events wait, or as
/// many as wait when it is behind. Each group first makes the journal durable up to its end, then
/// goes into one SQLite transaction with its counts and its position. `perform` waits when too much
/// is not stored yet.
public final class StoreWriter: EventSink, @unchecked Sendable {
    private let settings: WriterSettings
    private let clock: any MarketClock
    private let reports: WriterReports
    /// Makes the log durable before the position; nothing to do when the source is its own log.
    private let syncLog: @Sendable (LogPosition) throws -> Void

    // `lock` guards these.
    private let lock = WaitingLock()
    private var queue = EffectQueue()
    private var current: StoreStatus
    private var isClosing = false
    private var hasEnded = false

    // The writer's thread alone uses these once it runs.
    private let connection: StoreConnection
    private var housekeeping: Housekeeping
    private let pause: ReadPause

    init(
        connection: StoreConnection, gate: ReadGate, pause: ReadPause, settings: WriterSettings,
        retention: RetentionSettings, clock: any MarketClock, reports: WriterReports,
        syncLog: @escaping @Sendable (LogPosition) throws -> Void
    ) {
        self.connection = connection
        self.pause = pause
        self.settings = settings
        self.clock = clock
        self.reports = reports
        self.syncLog = syncLog
        housekeeping = Housekeeping(settings: settings, retention: retention, gate: gate)
        current = StoreStatus()
        current.mark = connection.mark
        let thread = Thread { self.run() }
        thread.name = "ticktop.store"
        thread.stackSize = 4 << 20
        thread.start()
    }

    // MARK: Any thread

    public var status: StoreStatus {
        lock.withLock {
            var status = current
            status.eventsQueued = queue.events
            status.bytesQueued = queue.bytes
            return status
        }
    }

    /// Takes effects over; they are durable when a commit report covers their `through`.
    ///
    /// Waits while the queue is full. Throws `stopped` once the writer has given up or was closed.
    public func perform(_ effects: consuming EffectBatch) throws {
        let batch = effects
        try lock.withLock {
            if isFull, !hasEnded, !isClosing { current.backpressureCount += 1 }
            while isFull, !hasEnded, !isClosing { lock.wait() }
            try requireOpen()
            queue.append(batch, at: SystemClock.monotonicNanoseconds)
            lock.wakeAll()
        }
    }

    public func storedPosition(of trade: Trade, source: FeedSource) throws -> LogPosition? {
        try run(isRefusedWhileFailing: false) { connection in
            try connection.storedPosition(of: trade, source: source)
        }
    }

    /// Waits until everything handed over before is durable, however long the store fails.
    public func flush() throws { try run(isRefusedWhileFailing: false) { _ in } }

    /// Stores an episode that is no part of the log: a stale feed, latency.
    public func record(_ episode: Episode) throws {
        try run { connection in try connection.run { try LogRows.write(episode, $0) } }
    }

    /// An episode has been acknowledged here, or that was taken back.
    func note(acknowledged reading: EpisodeReading) { reports.acknowledged(reading) }

    /// Stores what is queued, empties the WAL, and ends the thread.
    ///
    /// While the store fails it tries once more and then leaves the rest to the journal.
    public func close() {
        lock.withLock {
            isClosing = true
            lock.wakeAll()
            while !hasEnded { lock.wait() }
        }
    }

    /// Performs something on the writer's connection after everything handed over before.
    ///
    /// Throws `failing` at once while the store cannot be written, unless it is to wait for that.
    func run<Result>(
        isRefusedWhileFailing: Bool = true,
        _ body: @escaping (StoreConnection) throws -> Result
    ) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        try lock.withLock {
            try requireOpen()
            if isRefusedWhileFailing, case .failing(let reason) = current.state {
                throw StorageError.failing(reason: reason)
            }
            queue.append(
                WriterErrand(
                    isRefusedWhileFailing: isRefusedWhileFailing,
                    perform: { connection in
                        let result = Swift.Result { try body(connection) }
                        self.lock.withLock { outcome = result }
                    },
                    refuse: { error in self.lock.withLock { outcome = .failure(error) } }))
            lock.wakeAll()
            while outcome == nil { lock.wait() }
        }
        return try outcome!.get()
    }

    private var isFull: Bool {
        queue.events >= settings.queueEventsMax || queue.bytes >= settings.queueBytesMax
    }

    private func requireOpen() throws(StorageError) {
        if case .stopped(let reason) = current.state { throw .stopped(reason: reason) }
        guard !isClosing, !hasEnded else { throw .stopped(reason: "closed") }
    }

    // MARK: The writer's thread

    private func run() {
        while let work = nextWork() {
            switch work {
            case .commit(let batches): store(batches)
            case .errand(let errand):
                errand.perform(connection)
                lock.withLock { lock.wakeAll() }
            }
        }
        closeConnection()
        end()
    }

    /// Waits for work, keeping house meanwhile; `nil` when there is none left and the writer
    /// closes.
    private func nextWork() -> EffectQueue.Work? {
        while true {
            let now = SystemClock.monotonicNanoseconds
            let found = lock.withLock { () -> (work: EffectQueue.Work?, mayRest: Bool) in
                if case .stopped = current.state { return (nil, false) }
                if let due = queue.dueAt(settings), isClosing || due <= now {
                    return (queue.take(settings), false)
                }
                return (nil, !isClosing)
            }
            if found.work != nil || !found.mayRest { return found.work }
            if keepHouse(isBehind: false) { continue }
            lock.withLock {
                let due = queue.dueAt(settings)
                guard !isClosing, due.map({ $0 > now }) ?? true else { return }
                let nextRound = now + Housekeeping.intervalNanoseconds
                lock.wait(untilMonotonicNanoseconds: min(due ?? nextRound, nextRound))
            }
        }
    }

    private func store(_ batches: [EffectBatch]) {
        var pause = settings.retryMillisecondsMin
        while true {
            do {
                try commit(batches)
                keepHouse(
                    isBehind: lock.withLock { queue.events > settings.groupEvents },
                    rowsStored: batches.reduce(0) { $0 + $1.weight })
                return
            } catch {
                switch StoreFault(error) {
                case .fatal(let reason): return stop(reason)
                case .passing(let reason): enterFailing(reason)
                }
            }
            let goesOn = lock.withLock {
                if isClosing { return false }
                let deadline = SystemClock.monotonicNanoseconds + pause * 1_000_000
                lock.wait(until: deadline, or: { isClosing })
                return true
            }
            guard goesOn else { return stop("closed while the store could not be written") }
            pause = min(pause * 2, settings.retryMillisecondsMax)
        }
    }

    private func commit(_ batches: [EffectBatch]) throws {
        let began = SystemClock.monotonicNanoseconds
        if let end = batches.last?.through {
            pause.begin()
            defer { pause.end() }
            try syncLog(end)
        }
        try connection.commit(batches, pausing: pause)
        let duration = Duration.nanoseconds(SystemClock.monotonicNanoseconds - began)
        let events = batches.reduce(0) { $0 + $1.eventCount }
        let hasRecovered = lock.withLock {
            let hadFailed = current.state != .ok
            queue.stored(batches)
            current.state = .ok
            current.mark = connection.mark
            current.commitCount += 1
            lock.wakeAll()
            return hadFailed
        }
        if hasRecovered { reports.stateChanged(.ok) }
        reports.committed(
            CommitReport(
                mark: connection.mark, events: events, duration: duration, durableAt: clock.now,
                arrivals: batches.flatMap(\.arrivals)))
    }

    /// True when there was something to do, so that more may be.
    @discardableResult
    private func keepHouse(isBehind: Bool, rowsStored: Int = 0) -> Bool {
        do {
            let didWork = try housekeeping.step(
                connection, now: SystemClock.monotonicNanoseconds, isBehind: isBehind,
                rowsStored: rowsStored)
            if let found = housekeeping.takeFindings() {
                lock.withLock {
                    current.storeBytes = found.storeBytes
                    current.walBytes = found.walBytes
                    current.deadLetterDepth = found.deadLetterDepth
                    current.capReached = found.capReached
                }
            }
            return didWork
        } catch {
            // Housekeeping can be put off; only a commit decides whether the store fails.
            if case .fatal(let reason) = StoreFault(error) { stop(reason) }
            housekeeping.rest(now: SystemClock.monotonicNanoseconds)
            return false
        }
    }

    private func enterFailing(_ reason: String) {
        let (isNew, impatient) = lock.withLock {
            let isNew = current.state != .failing(reason: reason)
            current.state = .failing(reason: reason)
            return (isNew, queue.takeImpatient())
        }
        for errand in impatient { errand.refuse(.failing(reason: reason)) }
        lock.withLock { lock.wakeAll() }
        if isNew { reports.stateChanged(.failing(reason: reason)) }
    }

    /// Gives up for good: everybody who waits is told.
    private func stop(_ reason: String) {
        let isFirst = lock.withLock {
            if case .stopped = current.state { return false }
            current.state = .stopped(reason: reason)
            lock.wakeAll()
            return !isClosing
        }
        guard isFirst else { return }
        reports.stateChanged(.stopped(reason: reason))
        reports.fatal(reason)
    }

    private func closeConnection() {
        do {
            try connection.close()
        } catch {
            // Everything committed is in the WAL: the next start reads it from there.
            stop("closing the store: \(error)")
        }
    }

    private func end() {
        let left = lock.withLock { queue.takeErrands() }
        for errand in left { errand.refuse(.stopped(reason: "closed")) }
        lock.withLock {
            hasEnded = true
            lock.wakeAll()
        }
    }
}
