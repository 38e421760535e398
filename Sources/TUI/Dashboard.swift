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
    private let history: @Sendable () throws -> any MarketHistory
    private let clock: any MarketClock
    private let options: ScreenOptions
    private let session: @Sendable (Timestamp) -> MarketSession
    private let isStopped = Atomic(false)

    /// `history` may block until there is a store to read; it is never called on the terminal's
    /// thread. `session` is asked about a moment of the clock (of the log, when a recording runs).
    public init(
        board: SnapshotBoard, history: @escaping @Sendable () throws -> any MarketHistory,
        clock: any MarketClock,
        options: ScreenOptions, session: @escaping @Sendable (Timestamp) -> MarketSession
    ) {
        self.board = board
        self.history = history
        self.clock = clock
        self.options = options
        self.session = session
    }

    /// Takes the terminal named by `TERM`, shows the dashboard, and gives the terminal back before
    /// it returns. `meanwhile` is called once the terminal has been taken, just before the first
    /// frame.
    public func run(terminalType: String, meanwhile: () -> Void = {}) throws(ScreenError)
        -> DashboardEnding
    {
        let terminal = try Terminal(
            depth: options.capabilities.colorDepth, type: terminalType,
            mouseIsOn: options.mouseIsOn)
        let desk = self.desk
        // After the terminal: a store that is still being opened holds nobody's prompt up.
        defer { desk.close() }
        defer { terminal.close() }
        meanwhile()
        return run(on: terminal, desk)
    }

    /// Ends `run` within a frame or two. From any thread.
    public func stop() { isStopped.store(true, ordering: .relaxed) }

    /// The dashboard as it looks now, without a terminal: for pictures. Waits for the store.
    public func picture(size: GridSize) -> CellGrid {
        let desk = self.desk
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
        let desk = self.desk
        defer { desk.close() }
        return run(on: screen, desk)
    }

    private var desk: HistoryDesk {
        HistoryDesk(
            history: history, clock: clock, user: options.user, reread: options.reread,
            switchRecording: options.controls.record)
    }

    private func run(on screen: any Screen, _ desk: HistoryDesk) -> DashboardEnding {
        var loop = DashboardLoop(
            options: options, screen: screen, desk: desk, board: board, clock: clock,
            session: session)
        var ending: DashboardEnding?
        while !isStopped.load(ordering: .relaxed), ending == nil { ending = loop.turn() }
        loop.keepChoices()
        return ending ?? .stopped
    }
}
