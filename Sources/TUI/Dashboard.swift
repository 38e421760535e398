import Engine
import MarketModel
import Synchronization

/// Why the dashboard ended.
public enum DashboardEnding: Equatable, Sendable {
    /// `q` or Ctrl-C.
    case quit
    /// SIGTERM, SIGHUP or SIGINT.
    case signal(Int32)
    /// `stop()`.
    case stopped
}

/// The screen at work: keys in, snapshots in, pictures out.
///
/// `run` blocks its thread, which alone touches the terminal, until the end; whatever may block on
/// a disk is done on another.
public final class Dashboard: Sendable {
    private let board: SnapshotBoard
    private let history: any MarketHistory
    private let clock: any MarketClock
    private let options: ScreenOptions
    private let session: @Sendable (Timestamp) -> MarketSession
    private let isStopped = Atomic(false)

    /// A frame a tenth of a second, and the keyboard is never waited for longer.
    private static let frame = Duration.milliseconds(100)

    /// `session` is asked about a moment of the clock (of the log, when a recording runs).
    public init(
        board: SnapshotBoard, history: any MarketHistory, clock: any MarketClock,
        options: ScreenOptions, session: @escaping @Sendable (Timestamp) -> MarketSession
    ) {
        self.board = board
        self.history = history
        self.clock = clock
        self.options = options
        self.session = session
    }

    /// Takes the terminal named by `TERM`, shows the dashboard, and gives the terminal back before
    /// it returns.
    public func run(terminalType: String) throws(ScreenError) -> DashboardEnding {
        let terminal = try Terminal(
            depth: options.capabilities.colorDepth, type: terminalType)
        defer { terminal.close() }
        return run(on: terminal)
    }

    /// Ends `run` within a frame or two. From any thread.
    public func stop() { isStopped.store(true, ordering: .relaxed) }

    /// The dashboard as it looks now, without a terminal: for pictures. Waits for the store.
    public func picture(size: GridSize) -> CellGrid {
        let desk = HistoryDesk(history: history, clock: clock, user: options.user)
        let now = clock.now
        var state = ScreenState(options: options)
        let questions = update(&state, .market(board.snapshot, board.status), now: now)
        state.session = session(state.time(now))
        for case .ask(let request) in questions {
            _ = update(&state, .answer(desk.answer(request)), now: now)
        }
        return view(
            state, size: size, theme: state.theme, capabilities: options.capabilities, now: now)
    }

    func run(on screen: any Screen) -> DashboardEnding {
        let desk = HistoryDesk(history: history, clock: clock, user: options.user)
        defer { desk.close() }
        var loop = Loop(
            state: ScreenState(options: options), screen: screen, desk: desk, board: board,
            clock: clock, session: session)
        while !isStopped.load(ordering: .relaxed) {
            if let ending = loop.turn(wait: Dashboard.frame) { return ending }
        }
        return .stopped
    }
}

/// The terminal thread's own: one turn is signals, keys, news from the board and the desk, and at
/// most one frame.
private struct Loop {
    var state: ScreenState
    let screen: any Screen
    let desk: HistoryDesk
    let board: SnapshotBoard
    let clock: any MarketClock
    let session: @Sendable (Timestamp) -> MarketSession
    var paintedAt = Timestamp.distantPast
    var ending: DashboardEnding?

    mutating func turn(wait: Duration) -> DashboardEnding? {
        takeSignals()
        let sincePaint = clock.now.duration(since: paintedAt)
        var key = screen.nextKey(within: min(wait, max(.zero, wait - sincePaint)))
        let hadKey = key != nil
        while let pressed = key, ending == nil {
            perform(update(&state, .key(pressed), now: clock.now))
            key = screen.nextKey(within: .zero)
        }
        for answer in desk.answers() { perform(update(&state, .answer(answer), now: clock.now)) }
        let isDue = clock.now.duration(since: paintedAt) >= wait
        if hadKey || isDue || clock.now < paintedAt { takeMarketAndPaint() }
        return ending
    }

    private mutating func takeMarketAndPaint() {
        let now = clock.now
        perform(update(&state, .market(board.snapshot, board.status), now: now))
        perform(update(&state, .tick, now: now))
        state.session = session(state.status.label == .replay ? state.time(now) : now)
        screen.show(picture(now))
        paintedAt = now
    }

    private func picture(_ now: Timestamp) -> CellGrid {
        view(
            state, size: screen.size, theme: state.theme,
            capabilities: state.options.capabilities, now: now)
    }

    private mutating func takeSignals() {
        switch screen.takeSignal() {
        case .terminate(let number): ending = .signal(number)
        case .suspend: screen.suspend()
        case .resume: screen.invalidate()
        case nil: break
        }
    }

    private mutating func perform(_ commands: [ScreenCommand]) {
        for command in commands {
            switch command {
            case .quit: ending = .quit
            case .suspend: screen.suspend()
            case .redraw: screen.invalidate()
            case .ask(let request): desk.ask(request)
            case .export(let format):
                let now = clock.now
                let export = SnapshotExport(
                    format: format, market: state.painted, status: state.status,
                    episodes: state.episodes.readings, rows: state.rows, picture: picture(now),
                    at: now)
                desk.write(export)
            }
        }
    }
}
