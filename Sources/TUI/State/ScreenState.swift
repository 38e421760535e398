import Engine
import MarketModel

/// Everything the screen shows, as a value: `update` changes it, `view` draws it.
struct ScreenState: Sendable {
    var options: ScreenOptions

    var snapshot = MarketSnapshot()
    var status = PipelineStatus()
    var hasSnapshot: Bool { snapshot.takenAt != .distantPast }
    var session = MarketSession(label: "", isOpen: true)
    /// Of the terminal, for pages and the mouse.
    var size = GridSize(columns: 80, rows: 24)

    /// What is kept for the next start.
    var choices: ScreenChoices
    /// What the file holds.
    var savedChoices: ScreenChoices

    /// The most recently focused first: decides which tab of a slot is in front.
    var fronts: [PaneID] = PaneID.allCases
    var isZoomed = false
    /// The ticker on the whole screen.
    var drill: Symbol?
    var focusBeforeDrill: PaneID?
    var overlay: Overlay?
    var overlayOffset = 0
    /// Words that every command in the help has.
    var helpFilter = ""
    var prompt: Prompt?
    var themes: [Theme]
    /// How often the themes have been read again.
    var themesVersion = 0
    var themeIndex: Int
    var frozen: Frozen?
    var message: Message?
    var hasGreeted = false
    var mouseIsOn: Bool

    /// The tickers in the order shown, group and filter applied.
    var rows: [Symbol] = []
    var selection: Symbol?
    var sortedAt = Timestamp.distantPast
    /// How many tickers the snapshot had then.
    var arrangedCount = 0
    var filter = TickerFilter.all
    var flashes: [Symbol: Flash] = [:]
    /// Columns left out at the left of the tables.
    var columnOffset = 0

    var series: ChartSeries?
    /// Bars from the right edge of the chart; `nil` without a crosshair.
    var crosshair: Int?
    var trends: [Symbol: [Price]] = [:]
    var episodes = EpisodeList()
    var episodeCursor: String?
    /// Unacknowledged anomalies that have been seen, so that the bell rings once for each, and the
    /// list's version at the last look; `nil` before the first.
    var rungFor: Set<String> = []
    var rungVersion: Int?
    var rungAfterLoading = false
    var storedArticles: [ScoredArticle] = []
    var articles: [ScoredArticle] = [] {
        didSet {
            articlesVersion += 1
            articlesMood = NewsMood(articles)
        }
    }
    private(set) var articlesMood = NewsMood([])
    /// Another whenever the articles have changed.
    private(set) var articlesVersion = 0
    /// Rows above the first one shown, of panes without a cursor; the news' cursor.
    var scrolls: [PaneID: Int] = [:]
    var tape: (symbol: Symbol, trades: [StoredTrade])?
    /// Of one ticker, the newest first.
    var featureHistory: (symbol: Symbol, vectors: [FeatureVector])?
    var pulse = PipelinePulse()
    var historyTrouble: String?
    /// What is wrong with a configuration or a theme that was read again.
    var configurationTrouble: String?
    /// When each kind of question was asked last.
    var askedAt: [Asking: Timestamp] = [:]

    /// What the store is asked for again and again, and choices that are kept.
    enum Asking: Hashable {
        case bars(Symbol, BarInterval)
        case barsBefore(Timestamp)
        case episodes, articles, configuration, trends, saving
        case tape(Symbol)
        case features(Symbol)
    }

    init(options: ScreenOptions) {
        self.options = options
        choices = options.choices
        savedChoices = options.choices
        mouseIsOn = options.mouseIsOn
        let isChosen = options.choices.themeConfigured == options.themeName
        let wanted = isChosen ? options.choices.theme ?? options.themeName : options.themeName
        themes = options.themes
        themeIndex =
            options.themes.firstIndex { $0.name == wanted }
            ?? options.themes.firstIndex { $0.name == options.themeName } ?? 0
        rows = options.tickers
        if let group = self.group { rows = group.symbols }
        selection = rows.first
        focus(focus)
    }

    var theme: Theme { themes[min(themeIndex, themes.count - 1)] }
    var keyMap: KeyMap { options.keyMap }

    /// What ages are measured against: the log's own time when a recording runs.
    func time(_ now: Timestamp) -> Timestamp { frozen?.time ?? runningTime(now) }

    /// The same, frozen or not. A recording that has gone back to before its begin is there.
    func runningTime(_ now: Timestamp) -> Timestamp {
        guard status.label == .replay else { return now }
        return hasSnapshot ? snapshot.takenAt : status.replay?.beganAt ?? now
    }

    /// The snapshot to paint: the frozen one while painting is stopped.
    var painted: MarketSnapshot { frozen?.snapshot ?? snapshot }

    /// The engine is elsewhere, and nothing comes from there at the moment.
    var isDetached: Bool { status.attachment.map { $0.state != .live } ?? false }

    var isDisconnected: Bool {
        if isDetached { return true }
        return switch status.feed {
        case .disconnected, .refused: true
        case .starting, .connecting, .live, .ended: false
        }
    }

    /// What lies over the panes.
    enum Overlay: Equatable, Sendable {
        case help, export, indicators
        /// What can be switched, with the cursor on a line.
        case settings(at: Int)
        /// `before` is what Esc brings back.
        case themes(before: Int)
        case episode(id: String)
        case article(id: String, symbol: Symbol)
        /// Acknowledging all of these waits for a yes.
        case acknowledgeAll(ids: [String])
    }

    struct Frozen: Sendable {
        var snapshot: MarketSnapshot
        /// By the wall clock, and what ages are measured against.
        var at: Timestamp
        var time: Timestamp
        var received: Int64
    }

    struct Message: Sendable {
        var text: SafeText
        var isBad: Bool
        var until: Timestamp
    }

    /// The price of a ticker has just changed.
    struct Flash: Sendable {
        var price: Price
        var direction: Direction
        var at: Timestamp

        static let length = Duration.milliseconds(400)
    }
}

// MARK: - Choices in the screen's own terms

extension ScreenState {
    var focus: PaneID {
        get { PaneID(rawValue: choices.focus) ?? .quotes }
        set { choices.focus = newValue.rawValue }
    }

    var interval: BarInterval {
        get { BarInterval(name: choices.interval) ?? .minute }
        set { choices.interval = newValue.name }
    }

    mutating func keepTheme() {
        choices.theme = theme.name
        choices.themeConfigured = options.themeName
    }

    var sort: SortOrder {
        get {
            SortOrder(
                column: SortOrder.Column(rawValue: choices.sortColumn) ?? .configured,
                isReversed: choices.isSortReversed)
        }
        set {
            choices.sortColumn = newValue.column.rawValue
            choices.isSortReversed = newValue.isReversed
        }
    }

    /// The watchlist group that is chosen; `nil` for every ticker.
    var group: WatchlistGroup? { options.groups.first { $0.name == choices.group } }

    var clockZone: ClockZone { choices.clock ?? options.clock }

    var bellIsOn: Bool { choices.bell ?? options.bellIsOn }

    var layoutShift: LayoutShift {
        get { choices.shifts[choices.layout.rawValue] ?? LayoutShift() }
        set { choices.shifts[choices.layout.rawValue] = newValue == LayoutShift() ? nil : newValue }
    }
}

/// How the quotes are ordered.
struct SortOrder: Equatable, Sendable {
    enum Column: String, CaseIterable, Sendable {
        case configured = "as configured"
        case changePercent = "chg%"
        case volume = "vol"
        case symbol = "sym"
        case zScore = "vol z"
        case price
        case momentum = "mom"
        case velocity = "vel"
        case spread
        case age
    }

    var column = Column.configured
    var isReversed = false

    var next: SortOrder {
        let all = Column.allCases
        let index = all.firstIndex(of: column) ?? 0
        return SortOrder(column: all[(index + 1) % all.count])
    }

    /// As typed in the palette.
    static let names = Column.allCases.map { name($0) }

    static func named(_ text: String) -> Column? {
        Column.allCases.first { name($0) == text.lowercased() }
    }

    private static func name(_ column: Column) -> String {
        switch column {
        case .configured: "configured"
        case .changePercent: "chg"
        case .zScore: "z"
        default: column.rawValue
        }
    }
}
