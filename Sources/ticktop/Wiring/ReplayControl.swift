import Dispatch
import Engine
import MarketModel
import Storage
import Synchronization

/// What a person does with a replay: pause, step, speed, and going to another moment of the log.
///
/// Forward it runs there without waiting. Back means the log anew, from its start, with a new
/// engine; the store keeps what it has, since the engine leaves out what is stored already.
final class ReplayControl: Sendable {
    /// Told why a new engine could not be started.
    typealias OnFatal = @Sendable (String) -> Void

    private struct Content {
        var loop: EngineLoop?
        var hasEnded = false
        var isRestarting = false
        var isClosed = false
        /// Looking for the first anomaly that begins later.
        var huntsAfter: Timestamp?
        /// Where the last jump leads.
        var goal: ReplayStatus.Goal?
        var beganAt: Timestamp?
        var timer: (any DispatchSourceTimer)?
    }

    private let pace: ReplayPace
    private let byteCount: Int64
    private let board: SnapshotBoard
    private let store: Store
    private let makeLoop: @Sendable (ReplayControl) throws -> EngineLoop
    private let onFatal: OnFatal
    private let content = Mutex(Content())
    private let queue = DispatchQueue(label: "ticktop.replay")

    private static let lookInterval = DispatchTimeInterval.milliseconds(50)
    /// An anomaly is on the screen this long after its first event.
    private static let untilSeen = Duration.seconds(1)

    /// `makeLoop` makes an engine that reads the log from its start.
    init(
        pace: ReplayPace, byteCount: Int64, board: SnapshotBoard, store: Store,
        onFatal: @escaping OnFatal,
        makeLoop: @escaping @Sendable (ReplayControl) throws -> EngineLoop
    ) {
        self.pace = pace
        self.byteCount = byteCount
        self.board = board
        self.store = store
        self.onFatal = onFatal
        self.makeLoop = makeLoop
    }

    func start() throws {
        let loop = try makeLoop(self)
        content.withLock {
            $0.loop = loop
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now(), repeating: ReplayControl.lookInterval)
            timer.setEventHandler { self.look() }
            timer.activate()
            $0.timer = timer
        }
        loop.start()
    }

    /// Asks the engine to end early. No order is taken any more.
    func stop() {
        content.withLock { content in
            content.isClosed = true
            content.loop?.stop()
        }
    }

    func waitUntilEnded() {
        content.withLock { $0.loop }?.waitUntilEnded()
        content.withLock { content in
            content.timer?.cancel()
            content.timer = nil
        }
        queue.sync {}
    }

    /// The engine has ended; true when that is the end of the replay.
    func noteEnd() -> Bool {
        content.withLock { content in
            content.hasEnded = true
            return !content.isRestarting
        }
    }

    /// From any thread; returns at once.
    func take(_ order: ReplayOrder) {
        queue.async {
            do {
                try self.perform(order)
                self.look()
            } catch {
                self.onFatal("the replay cannot go on: \(error)")
            }
        }
    }

    // MARK: On the queue

    private func perform(_ order: ReplayOrder) throws {
        switch order {
        case .pause:
            let runs = pace.now.goesOn
            giveUpGoal()
            pace.change { $0.isPaused = runs }
        case .step:
            giveUpGoal()
            pace.change { orders in
                orders.isPaused = true
                orders.steps += 1
            }
        case .speed(let factor): pace.change { $0.speed = .init(factor: factor) }
        case .goTo(let time):
            giveUpGoal()
            try go(to: time)
        case .nextAnomaly: try goToNextAnomaly()
        }
    }

    private func giveUpGoal() {
        content.withLock { content in
            content.huntsAfter = nil
            content.goal = nil
        }
        pace.change { orders in
            (orders.until, orders.isHurrying, orders.steps) = (nil, false, 0)
        }
    }

    private func go(to time: Timestamp) throws {
        content.withLock { $0.goal = .time(time) }
        let isBack = time <= board.snapshot.takenAt
        pace.change { $0.until = time }
        if isBack { try restart() }
    }

    private func restart() throws {
        let old = content.withLock { content in
            content.isRestarting = true
            return content.loop
        }
        defer { content.withLock { $0.isRestarting = false } }
        old?.stop()
        old?.waitUntilEnded()
        try store.writer.flush()
        pace.note(bytesRead: 0)
        let new = try makeLoop(self)
        content.withLock { content in
            guard !content.isClosed else { return }
            content.loop = new
            content.hasEnded = false
            board.update { $0.feed = .live }
            new.start()
        }
    }

    /// One that an earlier pass has stored is gone to at once; else the log is run through until
    /// one begins, and back to where that was.
    private func goToNextAnomaly() throws {
        giveUpGoal()
        let now = board.snapshot.takenAt
        var query = EpisodeQuery()
        query.since = now
        let stored = try store.history.episodes(query).map(\.episode)
        if let next = stored.map(\.firstAt).filter({ $0 > now }).min() {
            return try pause(at: next)
        }
        guard !content.withLock({ $0.hasEnded }) else { return }
        content.withLock { content in
            content.huntsAfter = now
            content.goal = .anomaly
        }
        pace.change { $0.isHurrying = true }
    }

    private func pause(at began: Timestamp) throws {
        giveUpGoal()
        pace.change { $0.isPaused = true }
        try go(to: began.advanced(by: ReplayControl.untilSeen))
    }

    /// What the screen is told, and whether what is looked for has come.
    private func look() {
        let snapshot = board.snapshot
        let after = content.withLock { content in
            if content.beganAt == nil, snapshot.takenAt != .distantPast {
                content.beganAt = snapshot.takenAt
            }
            return content.huntsAfter
        }
        if let after {
            let found = snapshot.episodes.map(\.firstAt).filter { $0 > after }.min()
            if let found {
                do {
                    try pause(at: found)
                } catch {
                    onFatal("the replay cannot go on: \(error)")
                }
            }
        }
        // The log ends before what was asked for.
        if content.withLock({ $0.hasEnded }) { giveUpGoal() }
        publish()
    }

    private func publish() {
        let orders = pace.now
        if orders.until == nil {
            content.withLock { if case .time = $0.goal { $0.goal = nil } }
        }
        let (goal, beganAt) = content.withLock { ($0.goal, $0.beganAt) }
        var status = ReplayStatus(speed: orders.speed.factor)
        status.isPaused = orders.isPaused
        status.goal = goal
        status.beganAt = beganAt
        status.share = byteCount > 0 ? min(1, Double(pace.bytesRead) / Double(byteCount)) : 1
        board.update { $0.replay = status }
    }
}
