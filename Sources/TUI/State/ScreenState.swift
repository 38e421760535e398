import Engine
import MarketModel

/// Everything the screen shows, as a value: `update` changes it, `view` draws it.
struct ScreenState: Sendable {
    let options: ScreenOptions

    var snapshot = MarketSnapshot()
    var status = PipelineStatus()
    var hasSnapshot: Bool { snapshot.takenAt != .distantPast }
    var session = MarketSession(label: "", isOpen: true)

    var focus = PaneID.quotes
    /// The most recently focused first: decides which tab of a slot is in front.
    var fronts: [PaneID] = PaneID.allCases
    var isZoomed = false
    /// The ticker on the whole screen.
    var drill: Symbol?
    var overlay: Overlay?
    var helpOffset = 0
    var themeIndex: Int
    var frozen: Frozen?
    var message: Message?

    /// The tickers in the order shown, filter applied.
    var rows: [Symbol] = []
    var selection: Symbol?
    var sort = SortOrder()
    var sortedAt = Timestamp.distantPast
    /// How many tickers the snapshot had then.
    var arrangedCount = 0
    var filter = ""
    var isFiltering = false
    var flashes: [Symbol: Flash] = [:]

    var interval = BarInterval.minute
    var series: ChartSeries?
    var trends: [Symbol: [Price]] = [:]
    var episodes = EpisodeList()
    var episodeCursor: String?
    var storedArticles: [ScoredArticle] = []
    var articles: [ScoredArticle] = []
    var newsOffset = 0
    var scroll = 0
    var tape: (symbol: Symbol, trades: [StoredTrade])?
    /// Messages received, as counted at the last ten looks: the pipeline's sparkline.
    var rates: [Double] = []
    var ratesAt = Timestamp.distantPast
    var historyTrouble: String?
    /// When each kind of question was asked last.
    var askedAt: [String: Timestamp] = [:]

    init(options: ScreenOptions) {
        self.options = options
        themeIndex =
            options.themes.firstIndex { $0.name == options.themeName } ?? 0
        rows = options.tickers
        selection = options.tickers.first
    }

    var theme: Theme { options.themes[themeIndex] }

    /// What ages are measured against: the log's own time when a recording runs.
    func time(_ now: Timestamp) -> Timestamp {
        if let frozen { return frozen.time }
        return status.label == .replay && hasSnapshot ? snapshot.takenAt : now
    }

    /// The snapshot to paint: the frozen one while painting is stopped.
    var painted: MarketSnapshot { frozen?.snapshot ?? snapshot }

    var isDisconnected: Bool {
        switch status.feed {
        case .disconnected, .refused: true
        case .starting, .connecting, .live, .ended: false
        }
    }

    enum Overlay: Equatable, Sendable { case help, export }

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

/// How the quotes are ordered.
struct SortOrder: Equatable, Sendable {
    enum Column: String, CaseIterable, Sendable {
        case configured = "as configured"
        case changePercent = "chg%"
        case volume = "vol"
        case symbol = "sym"
        case zScore = "vol z"
    }

    var column = Column.configured
    var isReversed = false

    var next: SortOrder {
        let all = Column.allCases
        let index = all.firstIndex(of: column) ?? 0
        return SortOrder(column: all[(index + 1) % all.count])
    }
}

/// How a market's day stands, as the wiring reads it from the trading calendar.
public struct MarketSession: Equatable, Sendable {
    /// `NYSE OPEN`, `PRE-MARKET`, `24h`.
    public var label: String
    /// Quotes can be stale only in an open session.
    public var isOpen: Bool
    /// When the session began, for the VWAP line; `nil` before the first.
    public var startedAt: Timestamp?
    /// `closes` or `opens`, and when; `nil` for a market that never closes.
    public var change: (verb: String, at: Timestamp)?

    public init(
        label: String, isOpen: Bool, startedAt: Timestamp? = nil,
        change: (verb: String, at: Timestamp)? = nil
    ) {
        self.label = label
        self.isOpen = isOpen
        self.startedAt = startedAt
        self.change = change
    }

    public static func == (left: MarketSession, right: MarketSession) -> Bool {
        left.label == right.label && left.isOpen == right.isOpen
            && left.startedAt == right.startedAt && left.change?.verb == right.change?.verb
            && left.change?.at == right.change?.at
    }
}

/// What the dashboard is started with.
public struct ScreenOptions: Sendable {
    /// The configured tickers, in their order; others that the log names follow.
    public var tickers: [Symbol]
    /// At least one; `T` walks through them.
    public var themes: [Theme]
    public var themeName: String
    public var capabilities: Capabilities
    public var upDown: UpDownColors
    /// A quote older than this is stale, in an open session.
    public var staleAfter: Duration
    /// Who acknowledges: the OS user.
    public var user: String

    public init(
        tickers: [Symbol], themes: [Theme] = [.terminal, .mono], themeName: String = "default",
        capabilities: Capabilities, upDown: UpDownColors = .greenRed,
        staleAfter: Duration = .seconds(10), user: String
    ) {
        precondition(!themes.isEmpty, "a dashboard needs a theme")
        self.tickers = tickers
        self.themes = themes
        self.themeName = themeName
        self.capabilities = capabilities
        self.upDown = upDown
        self.staleAfter = staleAfter
        self.user = user
    }
}
