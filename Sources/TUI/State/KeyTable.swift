/// What a key can make the dashboard do.
public enum Action: Hashable, Sendable {
    case focus(PaneID)
    case nextPane, previousPane
    case up, down, first, last, pageUp, pageDown, left, right
    case zoom, drill, back
    case filter, sort, reverseSort
    case shorterInterval, longerInterval
    case acknowledge, undoAcknowledge
    case freeze, export, nextTheme, help
    case redraw, suspend, quit
}

/// Which keys do what: the one source of dispatch, hints, help and `ticktop config keys`.
public struct KeyBinding: Sendable {
    public var keys: [Key]
    public var action: Action
    /// As printed: `j ↓`.
    public var label: String
    /// One or two words for the bottom line; `nil` for keys that are only in the help.
    public var hint: String?
    public var meaning: String

    fileprivate init(
        _ keys: [Key], _ action: Action, _ label: String, hint: String? = nil, _ meaning: String
    ) {
        self.keys = keys
        self.action = action
        self.label = label
        self.hint = hint
        self.meaning = meaning
    }
}

public enum KeyTable {
    public static let bindings: [KeyBinding] = panes + moves + views + acts

    /// `nil` for a key without a meaning.
    public static func action(for key: Key) -> Action? { actions[key] }

    /// One line a binding, for `ticktop config keys`.
    public static var text: String {
        bindings.map { binding in
            let gap = String(repeating: " ", count: max(1, 16 - binding.label.count))
            return binding.label + gap + binding.meaning + "\n"
        }.joined()
    }

    private static let actions: [Key: Action] = Dictionary(
        bindings.flatMap { binding in binding.keys.map { ($0, binding.action) } },
        uniquingKeysWith: { first, _ in
            preconditionFailure("one key, two actions: \(first)")
        })

    private static let panes: [KeyBinding] =
        PaneID.allCases.map { pane in
            KeyBinding(
                [.character(Character(String(pane.rawValue)))], .focus(pane), "\(pane.rawValue)",
                hint: pane == .quotes ? "pane" : nil, "focus \(pane.title)")
        } + [
            KeyBinding([.tab], .nextPane, "Tab", hint: "next", "focus the next pane"),
            KeyBinding([.backTab], .previousPane, "Shift-Tab", "focus the previous pane"),
        ]

    private static let moves: [KeyBinding] = [
        KeyBinding([.character("j"), .down], .down, "j ↓", hint: "move", "down"),
        KeyBinding([.character("k"), .up], .up, "k ↑", "up"),
        KeyBinding([.character("g"), .home], .first, "g Home", "to the first row"),
        KeyBinding([.character("G"), .end], .last, "G End", "to the last row"),
        KeyBinding([.control("d"), .pageDown], .pageDown, "Ctrl-d PgDn", "a page down"),
        KeyBinding([.control("u"), .pageUp], .pageUp, "Ctrl-u PgUp", "a page up"),
        KeyBinding([.character("h"), .left], .left, "h ←", "chart: back in time"),
        KeyBinding([.character("l"), .right], .right, "l →", "chart: forward in time"),
    ]

    private static let views: [KeyBinding] = [
        KeyBinding([.enter], .drill, "Enter", hint: "drill in", "one ticker on the whole screen"),
        KeyBinding([.escape], .back, "Esc", hint: "back", "one level back; never quits"),
        KeyBinding(
            [.character("z")], .zoom, "z", hint: "zoom", "the focused pane on the whole screen"),
        KeyBinding(
            [.character("/")], .filter, "/", hint: "filter",
            "only tickers that contain the text; !TEXT: only those that do not"),
        KeyBinding([.character("s")], .sort, "s", hint: "sort", "sort quotes by the next column"),
        KeyBinding([.character("S")], .reverseSort, "S", "reverse the order"),
        KeyBinding(
            [.character("[")], .shorterInterval, "[", hint: "interval", "chart: shorter interval"),
        KeyBinding([.character("]")], .longerInterval, "]", "chart: longer interval"),
    ]

    private static let acts: [KeyBinding] = [
        KeyBinding([.character("a")], .acknowledge, "a", hint: "ack", "acknowledge the anomaly"),
        KeyBinding([.character("u")], .undoAcknowledge, "u", "undo an acknowledgement"),
        KeyBinding(
            [.character(" ")], .freeze, "Space", hint: "freeze",
            "stop painting; receiving goes on"),
        KeyBinding([.character("e")], .export, "e", hint: "export", "write a snapshot to a file"),
        KeyBinding([.character("T")], .nextTheme, "T", hint: "theme", "the next theme"),
        KeyBinding([.character("?")], .help, "?", hint: "help", "these keys"),
        KeyBinding([.control("l")], .redraw, "Ctrl-L", "draw everything anew"),
        KeyBinding([.control("z")], .suspend, "Ctrl-Z", "suspend; fg comes back"),
        KeyBinding([.character("q"), .control("c")], .quit, "q Ctrl-C", hint: "quit", "quit"),
    ]
}
