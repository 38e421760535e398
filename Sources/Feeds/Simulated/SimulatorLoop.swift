import MarketModel
import NIOCore

/// The simulated provider while it runs: its market, its clients, its truth.
///
/// `@unchecked Sendable`: every stored property that changes is touched on `eventLoop` alone.
final class SimulatorLoop: @unchecked Sendable {
    let options: ProviderSimulatorOptions
    let eventLoop: any EventLoop
    private let clock: any MarketClock
    private let truth: TruthFile?
    private let clean: TruthFile?
    private var sessions: [SimulatorSession] = []
    private var stream: SimulatedStream?
    private var eventsPerSecond: Double
    private var sent = SimulatorCounts()
    private var tasks: [RepeatedTask] = []
    private var failure: (any Error)?

    init(
        _ options: ProviderSimulatorOptions, clock: any MarketClock, eventLoop: any EventLoop
    ) throws(FeedError) {
        self.options = options
        self.clock = clock
        self.eventLoop = eventLoop
        truth = if let path = options.truthPath { try TruthFile(path: path) } else { nil }
        clean = if let path = options.cleanPath { try TruthFile(path: path) } else { nil }
        eventsPerSecond = options.eventsPerSecond
    }

    var sessionCount: Int { sessions.count }

    var counts: SimulatorCounts {
        var counts = sent
        if let planned = stream?.counts {
            counts.planned = planned.planned
            counts.dropped = planned.dropped
            counts.duplicated = planned.duplicated
            counts.reordered = planned.reordered
        }
        return counts
    }

    func setRate(_ rate: Double) {
        eventsPerSecond = rate
        stream?.eventsPerSecond = rate
    }

    func joined(_ session: SimulatorSession) {
        sessions.append(session)
        sent.connections += 1
        if failure == nil { session.greet() } else { refuse(session) }
    }

    func left(_ session: SimulatorSession) { sessions.removeAll { $0 === session } }

    /// The market begins with the first subscription and never stops again.
    func beginMarket() {
        guard stream == nil else { return }
        stream = SimulatedStream(options, start: clock.now)
        stream?.eventsPerSecond = eventsPerSecond
        let tick = TimeAmount(options.tick)
        tasks.append(
            eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in self.tick() })
        guard let every = options.faults.disconnectEvery.map({ TimeAmount($0) }) else { return }
        tasks.append(
            eventLoop.scheduleRepeatedTask(initialDelay: every, delay: every) { _ in
                self.disconnectAll()
            })
    }

    func disconnectAll() {
        for session in sessions {
            sent.disconnects += 1
            session.close(.goingAway, reason: "going away")
        }
    }

    func dropSlowReader(_ session: SimulatorSession) {
        sent.slowReaders += 1
        session.close(.policyViolation, reason: "slow reader")
    }

    /// Stops the market, closes every connection, and completes the files. Once only.
    func end() throws -> SimulatorCounts {
        for task in tasks { task.cancel() }
        tasks = []
        for session in sessions { session.close(.goingAway, reason: "the simulation ended") }
        if let failure { throw failure }
        try truth?.close()
        try clean?.close()
        return counts
    }

    private func tick() {
        guard let due = stream?.tick(until: clock.now), failure == nil else { return }
        do {
            try tell(due)
        } catch {
            // The files are what a proof rests on: without them nothing more is sent, `end`
            // throws, and clients hear of it: a feed that stands still says nothing.
            failure = error
            for session in sessions { refuse(session) }
        }
    }

    private func refuse(_ session: SimulatorSession) {
        session.close(.unexpectedServerError, reason: "the simulator cannot write its files")
    }

    private func tell(_ due: SimulatedStream.Tick) throws {
        if let clean, !due.clean.isEmpty {
            try clean.append(line: SimulatorSession.frame(of: due.clean[...], in: due.bytes))
        }
        let listeners = sessions.filter(\.isListening)
        guard let witness = listeners.first else {
            sent.unheard += Int64(due.elements.count)
            return
        }
        for listener in listeners {
            let frames = listener.send(due)
            guard listener === witness else { continue }
            for frame in frames {
                try truth?.append(line: frame)
                sent.bytes += Int64(frame.count)
            }
            sent.frames += Int64(frames.count)
        }
        let heard = due.elements.filter { witness.wants($0) }
        let trades = Int64(heard.count { $0.isTrade })
        sent.trades += trades
        sent.quotes += Int64(heard.count) - trades
        sent.unheard += Int64(due.elements.count - heard.count)
        if due.garbage != nil { sent.garbage += 1 }
    }
}
