import MarketModel

/// Tickers that are watched together, under a name.
public struct WatchlistGroup: Equatable, Sendable {
    public var name: String
    public var symbols: [Symbol]

    public init(name: String, symbols: [Symbol]) {
        self.name = name
        self.symbols = symbols
    }
}

/// What the dashboard is started with.
public struct ScreenOptions: Sendable {
    /// The configured tickers, in their order; others that the log names follow.
    public var tickers: [Symbol]
    /// At least one; `T` shows them.
    public var themes: [Theme]
    public var themeName: String
    public var capabilities: Capabilities
    public var upDown = UpDownColors.greenRed
    /// A quote older than this is stale, in an open session.
    public var staleAfter = Duration.seconds(10)
    /// Who acknowledges: the OS user.
    public var user: String
    public var groups: [WatchlistGroup] = []
    public var keyMap = KeyMap.standard
    public var mouseIsOn = false
    /// Rings for a new anomaly.
    public var bellIsOn = false
    public var clock = ClockZone.exchange
    public var framesPerSecond = 10
    public var controls = FeedControls()
    /// The engine's own indicators at each of a run of bars, the oldest first, a mean of 20 closes
    /// among them.
    public var indicators: @Sendable ([Bar]) -> [IndicatorPoint]
    /// Nobody has used the screen here before: it says what to put where for a real feed.
    public var isFirstRun = false
    /// Reads the configuration and the theme files again when they have changed, or when it
    /// `isAsked` to. Called off the terminal's thread.
    public var reread: (@Sendable (_ isAsked: Bool) -> ConfigurationNews)?
    /// The file that keeps what is chosen on the screen; `nil` keeps nothing.
    public var choicesPath: String?
    /// What that file said at the start.
    public var choices = ScreenChoices()

    public init(
        tickers: [Symbol], themes: [Theme] = [.terminal, .mono], themeName: String = "default",
        capabilities: Capabilities, user: String,
        indicators: @escaping @Sendable ([Bar]) -> [IndicatorPoint] = { _ in [] }
    ) {
        precondition(!themes.isEmpty, "a dashboard needs a theme")
        self.tickers = tickers
        self.themes = themes
        self.themeName = themeName
        self.capabilities = capabilities
        self.user = user
        self.indicators = indicators
    }
}
