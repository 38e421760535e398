import Engine
import MarketModel

/// The terminal thread's own: one turn is signals, keys, news from the board and the desk, and at
/// most one frame.
struct DashboardLoop {
    private var state: ScreenState
    private let screen: any Screen
    private let desk: HistoryDesk
    private let board: SnapshotBoard
    private let clock: any MarketClock
    private let session: @Sendable (Timestamp) -> MarketSession
    private var paintedAt = Timestamp.distantPast
    private var meter = PaintMeter()
    private var isFocused = true
    /// A key waits for its frame.
    private var owesFrame = false
    /// The ticker whose indicators the board was asked for.
    private var watched: Symbol?
    private var ending: DashboardEnding?
    private var kept = KeptPanes()

    /// What a window without the keyboard gets, and how long the keyboard is waited for at most.
    private static let slowFrame = Duration.seconds(1)
    private static let waitMax = Duration.milliseconds(100)

    init(
        options: ScreenOptions, screen: any Screen, desk: HistoryDesk, board: SnapshotBoard,
        clock: any MarketClock, session: @escaping @Sendable (Timestamp) -> MarketSession
    ) {
        state = ScreenState(options: options)
        self.screen = screen
        self.desk = desk
        self.board = board
        self.clock = clock
        self.session = session
    }

    private var frame: Duration {
        .milliseconds(1000 / min(max(1, state.options.framesPerSecond), 60))
    }

    mutating func turn() -> DashboardEnding? {
        takeSignals()
        let wait = isFocused ? frame : DashboardLoop.slowFrame
        let sincePaint = clock.now.duration(since: paintedAt)
        // A terminal that is behind says when it has caught up, and that comes like a key.
        let untilDue = screen.isReady ? max(.zero, wait - sincePaint) : DashboardLoop.waitMax
        var key = screen.nextKey(within: min(wait, untilDue, DashboardLoop.waitMax))
        if key != nil { owesFrame = true }
        state.size = screen.size
        while let pressed = key, ending == nil {
            if case .focused(let isIn) = pressed { isFocused = isIn }
            perform(update(&state, .key(pressed), now: clock.now))
            key = screen.nextKey(within: .zero)
        }
        for answer in desk.answers() { perform(update(&state, .answer(answer), now: clock.now)) }
        let isDue = clock.now.duration(since: paintedAt) >= wait
        guard owesFrame || isDue || clock.now < paintedAt, screen.isReady else { return ending }
        takeMarketAndPaint()
        return ending
    }

    /// What was chosen since it was kept last.
    func keepChoices() {
        guard let path = state.options.choicesPath, state.choices != state.savedChoices else {
            return
        }
        desk.save(state.choices, to: path)
    }

    private mutating func takeMarketAndPaint() {
        let now = clock.now
        perform(update(&state, .market(board.snapshot, board.status), now: now))
        perform(update(&state, .tick, now: now))
        state.session = session(state.status.label == .replay ? state.time(now) : now)
        if let symbol = state.drill ?? state.selection, symbol != watched {
            watched = symbol
            board.watch(symbol)
        }
        meter.begin()
        let picture = picture(now)
        let shown = screen.show(picture)
        state.pulse.take(meter.end(shown, lag: screen.lag, at: now))
        paintedAt = now
        owesFrame = false
    }

    private mutating func picture(_ now: Timestamp) -> CellGrid {
        view(state, size: screen.size, now: now, kept: &kept)
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
            case .copy(let text): screen.copy(text)
            case .mouse(let isOn): screen.setMouse(isOn)
            case .ring: screen.ring()
            case .save(let choices):
                if let path = state.options.choicesPath { desk.save(choices, to: path) }
            case .replay(let order): state.options.controls.replay?(order)
            case .record(let on): desk.record(on)
            case .reconnect: state.options.controls.reconnect?()
            case .export(let format, let pane): desk.write(export(format, pane))
            }
        }
    }

    private func export(_ format: ExportFormat, _ pane: PaneID?) -> SnapshotExport {
        let now = clock.now
        var alone = state
        if let pane {
            alone.isZoomed = true
            alone.focus = pane
            alone.overlay = nil
            alone.prompt = nil
        }
        let picture = view(
            alone, size: screen.size, theme: state.theme,
            capabilities: state.options.capabilities, now: now)
        return SnapshotExport(
            format: format, pane: pane, state: state, picture: picture, at: now)
    }
}

/// What painting costs, as means over about the last second.
struct PaintMeter {
    private var startedAt: Int64 = 0
    private var windowAt: Timestamp?
    private var frames = 0
    private var nanoseconds: Int64 = 0
    private var bytes = 0
    private var cost = PaintCost()

    mutating func begin() { startedAt = SystemClock.monotonicNanoseconds }

    /// The cost of the last whole second.
    mutating func end(_ shown: ShownFrame, lag: Duration?, at now: Timestamp) -> PaintCost {
        nanoseconds += SystemClock.monotonicNanoseconds - startedAt
        frames += 1
        bytes += shown.bytes
        let began = windowAt ?? now
        windowAt = began
        let span = now.duration(since: began)
        guard span >= .seconds(1) || now < began else { return cost }
        cost = PaintCost(
            framesPerSecond: Double(frames) / max(0.001, span.milliseconds / 1000),
            time: .nanoseconds(nanoseconds / Int64(frames)),
            bytes: bytes / frames, lag: lag)
        (frames, nanoseconds, bytes, windowAt) = (0, 0, 0, now)
        return cost
    }
}
