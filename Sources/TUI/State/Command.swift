/// What the dashboard can be made to do.
public enum Action: Hashable, Sendable {
    case focus(PaneID)
    case nextPane, previousPane
    case up, down, first, last, pageUp, pageDown, left, right
    case zoom, drill, back
    case filter, previousMatch, sort, reverseSort, configuredOrder, columnsLeft, columnsRight
    case nextGroup, previousGroup
    case nextLayout, previousLayout, wider, narrower, taller, lower, resetLayout
    case shorterInterval, longerInterval, zoomIn, zoomOut, chartStyle, indicators, crosshair
    case acknowledge, acknowledgeWithNote, acknowledgeAll, undoAcknowledge
    case anomalyState, anomalySeverity, anomalyKind, bell
    case freeze, export, copy, themes, clock, mouse, help, palette, jump, settings
    case pauseReplay, step, faster, slower, record, reconnect
    case redraw, reload, suspend, quit
}

/// What may follow a command's name in the palette, and so what completes it.
public enum CommandArgument: Sendable {
    case ticker, sortColumn, filter, group, layout, interval, theme, clock, export, note
    case anomalyState, severity, anomalyKind, chartStyle, indicator
    case speed, onOff
}

/// One thing the dashboard can do, with its name and its keys.
public struct Command: Sendable {
    /// What the palette and the configuration call it.
    public let name: String
    public let action: Action
    /// What it has when the configuration says nothing.
    public let standardKeys: [Key]
    public let argument: CommandArgument?
    /// One or two words for the bottom line; `nil` for commands that are only in the help.
    let hint: String?
    public let meaning: String
    let topic: Topic

    enum Topic: String, CaseIterable {
        case panes = "PANES"
        case moves = "MOVING"
        case lists = "LISTS"
        case chart = "CHART"
        case anomalies = "ANOMALIES"
        case feed = "FEED AND REPLAY"
        case screen = "SCREEN"
    }

    fileprivate init(
        _ name: String, _ action: Action, _ keys: [Key], _ topic: Topic, hint: String? = nil,
        argument: CommandArgument? = nil, _ meaning: String
    ) {
        self.name = name
        self.action = action
        self.standardKeys = keys
        self.topic = topic
        self.hint = hint
        self.argument = argument
        self.meaning = meaning
    }
}

/// Every command: the one source of keys, hints, help, the palette and `[keys]` in the
/// configuration.
public enum CommandTable {
    public static let commands: [Command] =
        panes + layout + moves + lists + chart + anomalies
        + feed + screen

    static func command(_ action: Action) -> Command? { byAction[action] }

    /// By name; `-` is as good as `_`.
    static func command(named name: String) -> Command? {
        byName[name.lowercased().replacing("-", with: "_")]
    }

    private static let byAction = Dictionary(
        uniqueKeysWithValues: commands.map { ($0.action, $0) })
    private static let byName = Dictionary(uniqueKeysWithValues: commands.map { ($0.name, $0) })

    private static let panes: [Command] =
        PaneID.allCases.map { pane in
            Command(
                pane.name, .focus(pane), [.character(Character(String(pane.rawValue)))], .panes,
                hint: pane == .quotes ? "pane" : nil, "focus \(pane.title)")
        } + [
            Command("next_pane", .nextPane, [.tab], .panes, hint: "next", "focus the next pane"),
            Command("previous_pane", .previousPane, [.backTab], .panes, "focus the previous pane"),
            Command(
                "zoom", .zoom, [.character("z")], .panes, hint: "zoom",
                "the focused pane on the whole screen"),
        ]

    private static let layout: [Command] = [
        Command(
            "layout", .nextLayout, [.character("p")], .panes, hint: "layout", argument: .layout,
            "the layout: desk, chart, triage, overview"),
        Command(
            "previous_layout", .previousLayout, [.character("P")], .panes, "the layout before"),
        Command("wider", .wider, [.character("L")], .panes, "the left part wider"),
        Command("narrower", .narrower, [.character("H")], .panes, "the left part narrower"),
        Command("taller", .taller, [.character("J")], .panes, "the upper part taller"),
        Command("lower", .lower, [.character("K")], .panes, "the upper part lower"),
        Command("reset_layout", .resetLayout, [], .panes, "sizes as they were shipped"),
    ]

    private static let moves: [Command] = [
        Command("down", .down, [.character("j"), .down], .moves, hint: "move", "down"),
        Command("up", .up, [.character("k"), .up], .moves, "up"),
        Command("first", .first, [.character("g"), .home], .moves, "to the first row"),
        Command("last", .last, [.character("G"), .end], .moves, "to the last row"),
        Command("page_down", .pageDown, [.control("d"), .pageDown], .moves, "a page down"),
        Command("page_up", .pageUp, [.control("u"), .pageUp], .moves, "a page up"),
        Command(
            "left", .left, [.character("h"), .left], .moves, "chart: back in time; lists: columns"),
        Command("right", .right, [.character("l"), .right], .moves, "chart: forward in time"),
        Command(
            "drill", .drill, [.enter], .moves, hint: "drill in",
            "a ticker, anomaly or headline in full"),
        Command("back", .back, [.escape], .moves, hint: "back", "one level back; never quits"),
        Command(
            "goto", .jump, [.character("`")], .moves, argument: .ticker,
            "to a ticker; in a replay to 14:32, -5m, anomaly"),
    ]

    private static let lists: [Command] = [
        Command(
            "filter", .filter, [.character("/")], .lists, hint: "filter", argument: .filter,
            "tickers that match: am !a ~^A chg>2 z>3"),
        Command(
            "previous_match", .previousMatch, [.character("N")], .lists,
            "the match before; n is the next one"),
        Command(
            "sort", .sort, [.character("s")], .lists, hint: "sort", argument: .sortColumn,
            "sort quotes by the next column"),
        Command("reverse_sort", .reverseSort, [.character("S")], .lists, "reverse the order"),
        Command(
            "configured_order", .configuredOrder, [.character("=")], .lists,
            "the order of the configuration"),
        Command(
            "columns_left", .columnsLeft, [.character("<")], .lists, "columns: back to the left"),
        Command(
            "columns_right", .columnsRight, [.character(">")], .lists,
            "columns: those that had no room"),
        Command(
            "group", .nextGroup, [.character("w")], .lists, argument: .group,
            "the next watchlist group"),
        Command(
            "previous_group", .previousGroup, [.character("W")], .lists, "the group before"),
    ]

    private static let chart: [Command] = [
        Command(
            "shorter_interval", .shorterInterval, [.character("[")], .chart, hint: "interval",
            "chart: shorter interval"),
        Command(
            "longer_interval", .longerInterval, [.character("]")], .chart, argument: .interval,
            "chart: longer interval"),
        Command("zoom_in", .zoomIn, [.character("+")], .chart, "chart: fewer bars, wider"),
        Command("zoom_out", .zoomOut, [.character("-")], .chart, "chart: more bars"),
        Command(
            "chart_style", .chartStyle, [.character("c")], .chart, argument: .chartStyle,
            "candles or a line"),
        Command(
            "indicators", .indicators, [.character("i")], .chart, hint: "lines",
            argument: .indicator,
            "which lines the chart has"),
        Command(
            "crosshair", .crosshair, [.character("x")], .chart, hint: "cross",
            "values at a bar; then h and l move it"),
    ]

    private static let anomalies: [Command] = [
        Command(
            "acknowledge", .acknowledge, [.character("a")], .anomalies, hint: "ack",
            "acknowledge the anomaly"),
        Command(
            "note", .acknowledgeWithNote, [.character("n")], .anomalies, hint: "note",
            argument: .note,
            "acknowledge it with a note; in filtered quotes the next match"),
        Command(
            "acknowledge_all", .acknowledgeAll, [.character("A")], .anomalies, hint: "all",
            "acknowledge all that the list shows; asks"),
        Command(
            "undo", .undoAcknowledge, [.character("u")], .anomalies, hint: "undo",
            "undo an acknowledgement"),
        Command(
            "anomaly_state", .anomalyState, [.character("f")], .anomalies,
            argument: .anomalyState, "only unacknowledged, only open, or all"),
        Command(
            "anomaly_severity", .anomalySeverity, [.character("v")], .anomalies,
            argument: .severity, "from which severity up"),
        Command(
            "anomaly_kind", .anomalyKind, [.character("V")], .anomalies, argument: .anomalyKind,
            "only one kind"),
        Command("bell", .bell, [.character("b")], .anomalies, "ring for a new anomaly, or not"),
    ]

    private static let feed: [Command] = [
        Command("pause", .pauseReplay, [], .feed, "replay: pause, or go on; Space does so, too"),
        Command(
            "step", .step, [.character(".")], .feed, hint: "step", "replay: one record further"),
        Command("slower", .slower, [.character("{")], .feed, hint: "speed", "replay: slower"),
        Command(
            "speed", .faster, [.character("}")], .feed, argument: .speed,
            "replay: faster; :speed 60 or max"),
        Command(
            "record", .record, [], .feed, argument: .onOff,
            "record what the feed sends, for `ticktop replay`"),
        Command("reconnect", .reconnect, [.character("R")], .feed, "connect to the provider anew"),
    ]

    private static let screen: [Command] = [
        Command(
            "freeze", .freeze, [.character(" ")], .screen, hint: "freeze",
            "stop painting; receiving goes on"),
        Command("settings", .settings, [.character(",")], .screen, "what can be switched here"),
        Command(
            "export", .export, [.character("e")], .screen, hint: "export", argument: .export,
            "write a snapshot to a file"),
        Command("copy", .copy, [.character("y")], .screen, hint: "copy", "copy the row"),
        Command(
            "theme", .themes, [.character("T")], .screen, hint: "theme", argument: .theme,
            "choose a theme; shown while you choose"),
        Command(
            "clock", .clock, [.character("t")], .screen, argument: .clock,
            "exchange time, local time or UTC"),
        Command("mouse", .mouse, [.character("m")], .screen, "mouse on or off"),
        Command(
            "palette", .palette, [.character(":")], .screen, hint: "command",
            "type a command; Tab completes"),
        Command("help", .help, [.character("?")], .screen, hint: "help", "these keys"),
        Command("redraw", .redraw, [.control("l")], .screen, "draw everything anew"),
        Command("reload", .reload, [], .screen, "read configuration and themes again"),
        Command("suspend", .suspend, [.control("z")], .screen, "suspend; fg comes back"),
        Command(
            "quit", .quit, [.character("q"), .control("c")], .screen, hint: "quit", "quit"),
    ]
}
