import CNcurses
import MarketModel

/// The terminal, through ncurses: the only owner of it, on one thread.
final class Terminal: Screen {
    private var shown: CellGrid?
    private var pairs: [ColorPair: Int32] = [:]
    private var pairsMax: Int32
    private let colors: Int
    private let isDirect: Bool
    /// Of xterm's family: knows private modes, and ignores those it does not.
    private let isModern: Bool
    private let curses: OpaquePointer
    private var link = TerminalLink()

    private struct ColorPair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    /// Takes the terminal: alternate screen, raw keys, no echo, hidden cursor; a crash from here on
    /// restores it.
    init(depth: ColorDepth, type: String, mouseIsOn: Bool = false) throws(ScreenError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, cn_save_terminal() == 1 else {
            throw .notATerminal
        }
        _ = cn_use_utf8()
        set_escdelay(25)
        let directType = depth == .truecolor ? Terminal.directType(for: type) : nil
        guard let curses = directType.flatMap({ cn_newterm($0) }) ?? cn_newterm(nil) else {
            throw .unknownTerminal(type: type)
        }
        guard tigetstr("cup") != nil else {
            delscreen(curses)
            cn_restore_terminal()
            throw .immovableCursor(type: type)
        }
        self.curses = curses
        raw()
        noecho()
        nonl()
        keypad(cn_stdscr(), true)
        // A frame is made to its end, without a look at the keyboard in between.
        typeahead(-1)
        _ = curs_set(0)
        if depth != .none, has_colors() {
            start_color()
            use_default_colors()
        }
        colors = depth == .none || !has_colors() ? 0 : Int(cn_colors())
        isDirect = colors > 256
        // ncurses' own word on the mouse comes only once it has been switched on.
        isModern = tigetstr("kmous") != nil
        pairsMax = min(Int32(cn_color_pairs()), 32_767)
        cn_catch_signals()
        // A press is a press: waiting for a second one would delay every click.
        mouseinterval(0)
        setMouse(mouseIsOn)
        watchFocus(true)
        cn_settle()
        guard isModern else { return }
        define_key("\u{1B}[0n", Terminal.answerCode)
        ask()
    }

    /// The terminfo entry that emits 24-bit colours on a terminal of this family.
    private static func directType(for type: String) -> String? {
        if type.hasSuffix("-direct") { return type }
        if type.hasPrefix("tmux") || type.hasPrefix("screen") { return "tmux-direct" }
        return "xterm-direct"
    }

    var size: GridSize { GridSize(columns: Int(cn_columns()), rows: Int(cn_lines())) }

    @discardableResult
    func show(_ grid: CellGrid) -> ShownFrame {
        var changed = 0
        let previous = shown?.size == grid.size ? shown : nil
        if previous == nil { werase(cn_stdscr()) }
        grid.visitChanges(since: previous) { cell, row, column in
            put(cell, row: row, column: column)
            changed += 1
        }
        guard changed > 0 || previous == nil else { return ShownFrame() }
        // A terminal that knows these marks shows the frame at once, never half of it. A small one
        // arrives in one piece anyway. It answers the question when it has shown all before it.
        let isLarge = previous == nil || changed > Terminal.onePieceMax
        let isAsked =
            isModern && link.sends(cells: changed, at: SystemClock.monotonicNanoseconds)
        let bytes = cn_refresh_whole(
            isModern && isLarge ? "\u{1B}[?2026h" : "",
            (isModern && isLarge ? "\u{1B}[?2026l" : "") + (isAsked ? Terminal.question : ""))
        shown = grid
        return ShownFrame(cells: changed, bytes: bytes)
    }

    /// Cells of a frame that is written at once.
    private static let onePieceMax = 300
    private static let question = "\u{1B}[5n"

    /// Asked on its own, before any frame.
    private func ask() {
        if isModern, link.sends(cells: nil, at: SystemClock.monotonicNanoseconds) {
            write(Terminal.question)
        }
    }

    var isReady: Bool {
        link.isReady(at: SystemClock.monotonicNanoseconds) && cn_can_write() == 1
    }

    var lag: Duration? { link.lag }

    private func put(_ cell: Cell, row: Int, column: Int) {
        let pair = pair(cell.style)
        let bits = UInt32(attributes(cell.style))
        let width = cell.glyph.width
        // Where the C library measures a character otherwise than we do, columns would slip.
        guard cell.glyph.base < 0x7F || Int(cn_width(cell.glyph.base)) == width else {
            for offset in 0..<width {
                _ = cn_put(Int32(row), Int32(column + offset), 0x3F, 0, 0, bits, pair)
            }
            return
        }
        _ = cn_put(
            Int32(row), Int32(column), cell.glyph.base, cell.glyph.firstMark,
            cell.glyph.secondMark, bits, pair)
    }

    private func attributes(_ style: Style) -> UInt8 {
        var attributes = style.attributes
        if colors == 8, case .indexed(let index) = style.foreground, (8..<16).contains(index) {
            attributes.insert(.bold)
        }
        return attributes.rawValue
    }

    /// The pair of the style's colours, made when first needed; 0, the terminal's own, when there
    /// are no more.
    private func pair(_ style: Style) -> Int32 {
        let wanted = ColorPair(
            foreground: number(style.foreground), background: number(style.background))
        guard colors > 0, wanted != ColorPair(foreground: -1, background: -1) else { return 0 }
        if let known = pairs[wanted] { return known }
        let next = Int32(pairs.count + 1)
        guard next < pairsMax,
            init_extended_pair(next, wanted.foreground, wanted.background) != ERR
        else { return 0 }
        pairs[wanted] = next
        return next
    }

    /// What ncurses calls the colour. In a direct-colour terminal the first eight numbers are the
    /// ANSI colours.
    private func number(_ color: Color) -> Int32 {
        switch color {
        case .terminal: return -1
        case .indexed(let index):
            guard isDirect, index >= 8 else { return Int32(index) % Int32(max(8, colors)) }
            let shade = XtermPalette.shade(of: index)
            return number(.rgb(shade.red, shade.green, shade.blue))
        case .rgb(let red, let green, let blue):
            guard isDirect else {
                let near =
                    colors >= 256
                    ? XtermPalette.nearest256((red, green, blue))
                    : XtermPalette.nearest16((red, green, blue))
                return number(.indexed(near))
            }
            return max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }

    func nextKey(within wait: Duration) -> Key? {
        let (seconds, attoseconds) = wait.components
        // Rounded up: waking before the time means waiting once more.
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        wtimeout(cn_stdscr(), Int32(clamping: max(0, milliseconds)))
        var code: UInt32 = 0
        let askedAt = SystemClock.monotonicNanoseconds
        let kind = cn_get_wch(&code)
        if kind == ERR {
            // A terminal that is gone answers at once, for ever: wait all the same, and let the
            // signal end us.
            let waited = Duration.nanoseconds(SystemClock.monotonicNanoseconds - askedAt)
            if waited < wait / 2 { SystemClock.sleepThread(wait - waited) }
            return nil
        }
        return kind == KEY_CODE_YES ? functionKey(Int32(code)) : characterKey(code)
    }

    private func functionKey(_ code: Int32) -> Key? {
        switch code {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_HOME: .home
        case KEY_END: .end
        case KEY_PPAGE: .pageUp
        case KEY_NPAGE: .pageDown
        case KEY_ENTER: .enter
        case KEY_BTAB: .backTab
        case KEY_BACKSPACE: .backspace
        case KEY_DC: .delete
        case KEY_RESIZE: .resized
        case KEY_MOUSE: mousePress()
        case Terminal.focusInCode: .focused(true)
        case Terminal.focusOutCode: .focused(false)
        case Terminal.answerCode: takeAnswer()
        case (KEY_F0 + 1)...(KEY_F0 + 12): .function(Int(code - KEY_F0))
        default: nil
        }
    }

    private func characterKey(_ code: UInt32) -> Key? {
        switch code {
        case 9: return .tab
        case 10, 13: return .enter
        case 27: return .escape
        case 8, 127: return .backspace
        case 1...26: return .control(Character(Unicode.Scalar(UInt8(code + 96))))
        default:
            guard code >= 32, let scalar = Unicode.Scalar(code) else { return nil }
            return .character(Character(scalar))
        }
    }

    private func mousePress() -> Key? {
        var (column, row) = (Int32(0), Int32(0))
        let button: MousePress.Button
        switch cn_mouse_press(&column, &row) {
        case 1: button = .left
        case 3: button = .right
        case 4: button = .wheelUp
        case 5: button = .wheelDown
        default: return nil
        }
        return .mouse(MousePress(button, column: Int(column), row: Int(row)))
    }

    func setMouse(_ isOn: Bool) { cn_report_mouse(isOn ? 1 : 0) }

    func copy(_ text: String) {
        let isInsideTmux = getenv("TMUX") != nil
        if let sequence = Clipboard.sequence(text, isInsideTmux: isInsideTmux) { write(sequence) }
    }

    func ring() { write("\u{7}") }

    /// Asks the terminal to say when its window gets and loses the keyboard, and to leave the order
    /// of characters alone (ECMA-48's BDSM): texts come in the order in which they are read.
    private func watchFocus(_ isOn: Bool) {
        guard isModern else { return }
        define_key("\u{1B}[I", Terminal.focusInCode)
        define_key("\u{1B}[O", Terminal.focusOutCode)
        write(isOn ? "\u{1B}[?1004h\u{1B}[8l" : "\u{1B}[?1004l\u{1B}[8h")
    }

    /// Beyond all codes of ncurses.
    private static let focusInCode: Int32 = 0x1001
    private static let focusOutCode: Int32 = 0x1002
    private static let answerCode: Int32 = 0x1003

    private func takeAnswer() -> Key? {
        link.answered(at: SystemClock.monotonicNanoseconds)
        return nil
    }

    /// What the terminal still has to say must not reach the shell.
    private func awaitAnswers() {
        let start = SystemClock.monotonicNanoseconds
        var now = start
        while link.isWaiting(at: now), now - start < Terminal.farewell {
            _ = nextKey(within: .milliseconds(20))
            now = SystemClock.monotonicNanoseconds
        }
        link = TerminalLink()
    }

    private static let farewell: Int64 = 300_000_000

    private func write(_ text: String) {
        text.withCString { cn_write($0, text.utf8.count) }
    }

    func takeSignal() -> ScreenSignal? {
        for number in [SIGTERM, SIGHUP, SIGINT] where cn_take_signal(number) == 1 {
            return .terminate(number)
        }
        if cn_take_signal(SIGTSTP) == 1 { return .suspend }
        return cn_take_signal(SIGCONT) == 1 ? .resume : nil
    }

    func suspend() {
        watchFocus(false)
        awaitAnswers()
        endwin()
        cn_restore_terminal()
        cn_stop_job()
        watchFocus(true)
        ask()
        invalidate()
    }

    func invalidate() {
        shown = nil
        clearok(cn_stdscr(), true)
        wrefresh(cn_stdscr())
    }

    func close() {
        watchFocus(false)
        awaitAnswers()
        endwin()
        delscreen(curses)
        cn_restore_terminal()
        cn_release_signals()
    }
}
