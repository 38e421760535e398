/// A key press.
public enum Key: Hashable, Sendable {
    case character(Character)
    /// With Ctrl held: `control("c")`.
    case control(Character)
    case up, down, left, right, home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete
    /// F1 to F12.
    case function(Int)
    case mouse(MousePress)
    /// The terminal's window has the keyboard now, or has it no more.
    case focused(Bool)
    /// The terminal has another size now.
    case resized
}

/// A button or the wheel, and where; columns and rows from 0.
public struct MousePress: Hashable, Sendable {
    public enum Button: Sendable { case left, double, right, wheelUp, wheelDown }

    public var button: Button
    public var column: Int
    public var row: Int

    public init(_ button: Button, column: Int, row: Int) {
        self.button = button
        self.column = column
        self.row = row
    }
}

/// What happened to the process from outside.
public enum ScreenSignal: Equatable, Sendable {
    /// SIGTERM, SIGHUP or SIGINT: end.
    case terminate(Int32)
    /// SIGTSTP: suspend.
    case suspend
    /// SIGCONT: continued, so everything must be drawn anew.
    case resume
}

/// What showing a grid took.
struct ShownFrame: Equatable, Sendable {
    /// Cells that differed from the grid before.
    var cells = 0
    /// Sent to the terminal.
    var bytes = 0
}

/// Where the dashboard is shown. Used by one thread.
protocol Screen: AnyObject {
    var size: GridSize { get }
    /// Shows the grid; only what differs from the last one costs anything.
    @discardableResult
    func show(_ grid: CellGrid) -> ShownFrame
    /// The terminal has shown, or nearly, what it was sent: another frame would not queue up
    /// behind it.
    var isReady: Bool { get }
    /// How long the terminal took for the newest frame it has shown; `nil` when it does not say.
    var lag: Duration? { get }
    /// The next key, or `nil` after the wait, or sooner when the screen may have become ready.
    func nextKey(within wait: Duration) -> Key?
    func takeSignal() -> ScreenSignal?
    /// Puts a text into the clipboard of the terminal, where it has one.
    func copy(_ text: String)
    func setMouse(_ isOn: Bool)
    func ring()
    /// Gives the terminal back, stops the job, and takes the terminal again when it is continued.
    func suspend()
    /// Forgets what the terminal shows, so that the next grid is drawn in full.
    func invalidate()
    func close()
}

public enum ScreenError: Error, Equatable, CustomStringConvertible {
    case notATerminal
    /// terminfo knows nothing of it.
    case unknownTerminal(type: String)
    /// One that only writes on, such as `dumb`: nothing can be put in its place there.
    case immovableCursor(type: String)

    public var description: String {
        switch self {
        case .notATerminal: "standard input and output must be a terminal"
        case .unknownTerminal(let type): "terminfo does not know the terminal type \"\(type)\""
        case .immovableCursor(let type): "a terminal of type \"\(type)\" cannot place its cursor"
        }
    }
}
