import Analytics
import Foundation
import MarketModel
import TUI
import TicktopConfiguration

/// The screen's options out of the configuration, the environment and the theme files.
struct DashboardOptions {
    var screen: ScreenOptions
    let terminalType: String

    init(_ surroundings: Surroundings, tickers: [Symbol]) throws {
        let problems = DashboardOptions.problems(surroundings.configuration)
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        let settings = surroundings.settings.screen
        let environment = surroundings.sources.environment
        let choice = ColorChoice(rawValue: settings.color) ?? .auto
        let isFlag = surroundings.sources.overrides.contains { $0.path == "screen.color" }
        terminalType = environment["TERM"] ?? "xterm-256color"
        var screen = ScreenOptions(
            tickers: tickers, themes: try DashboardOptions.themes(surroundings),
            themeName: settings.theme,
            capabilities: Capabilities(
                environment: environment, colorFlag: isFlag ? choice : nil,
                colorConfigured: choice,
                glyphs: GlyphChoice(rawValue: settings.glyphs) ?? .unicode),
            user: NSUserName())
        screen.indicators = DashboardOptions.indicators(surroundings.settings)
        screen.upDown = UpDownColors(rawValue: settings.upDown) ?? .greenRed
        screen.staleAfter = settings.staleAfter
        screen.framesPerSecond = settings.updatesPerSecond
        screen.mouseIsOn = settings.mouseIsOn
        screen.bellIsOn = settings.bellIsOn
        screen.clock = ClockZone(rawValue: settings.clock) ?? .exchange
        screen.groups = DashboardOptions.groups(surroundings)
        screen.keyMap = try DashboardOptions.keyMap(surroundings.configuration)
        let path = DashboardOptions.choicesPath(surroundings)
        screen.choicesPath = path
        screen.choices = ScreenChoices.read(path)
        screen.isFirstRun = !FileManager.default.fileExists(atPath: path)
        // Whoever names a theme now means it, whatever was chosen on the screen before.
        let named = surroundings.sources.overrides.contains { $0.path == "screen.theme" }
        if named { screen.choices.forgetTheme() }
        self.screen = screen
    }

    /// Has the screen follow changes of its files; `engine` takes what changes of the analytics.
    mutating func watch(
        _ surroundings: Surroundings, engine: ConfigurationWatch.TakesSettings? = nil
    ) {
        let watch = ScreenWatch(surroundings, tickers: screen.tickers, engine: engine)
        screen.reread = watch.reread
    }

    /// What was chosen on the screen: state, not configuration.
    static func choicesPath(_ surroundings: Surroundings) -> String {
        surroundings.sources.directories.state + "/screen.json"
    }

    /// What the chart draws: the engine's own indicators, with the mean that it names.
    private static func indicators(_ settings: Settings) -> @Sendable ([Bar]) -> [IndicatorPoint] {
        var wanted = settings.analyticsSettings.indicators
        if !wanted.averagePeriods.contains(20) { wanted.averagePeriods = [20] }
        return { [wanted] in IndicatorSeries(bars: $0, settings: wanted).points }
    }

    /// What is wrong with the tables of names that only a screen reads.
    static func problems(_ configuration: EffectiveConfiguration) -> [ConfigurationProblem] {
        let strangers = configuration.lists("groups").flatMap { list in
            list.values.filter { Symbol($0) == nil }.map { list.problem("\"\($0)\" is no ticker") }
        }
        do {
            _ = try keyMap(configuration)
            return strangers
        } catch {
            return strangers + error.problems
        }
    }

    private static func groups(_ surroundings: Surroundings) -> [WatchlistGroup] {
        surroundings.configuration.lists("groups").map { list in
            WatchlistGroup(name: list.name, symbols: list.values.compactMap { Symbol($0) })
        }
    }

    static func keyMap(_ configuration: EffectiveConfiguration) throws(ConfigurationError)
        -> KeyMap
    {
        let lists = configuration.lists("keys")
        do {
            return try KeyMap(lists.map { KeyMap.Change($0.name, $0.values) })
        } catch {
            throw ConfigurationError(
                error.problems.compactMap { problem in
                    let list = lists.last { $0.name == problem.command }
                    return list?.problem(
                        problem.message { name in
                            lists.first { $0.name == name }?.position?.line
                        })
                })
        }
    }

    /// The shipped themes and every file that is found; a file shadows the shipped one of its name.
    private static func themes(_ surroundings: Surroundings) throws -> [Theme] {
        let themes = try readThemes(themeDirectories(surroundings))
        guard themes.contains(where: { $0.name == surroundings.settings.screen.theme }) else {
            let names = themes.map(\.name).sorted().joined(separator: ", ")
            throw StartError.noTheme(
                name: surroundings.settings.screen.theme, known: names)
        }
        return themes
    }

    static func readThemes(_ directories: [String]) throws -> [Theme] {
        var themes = Theme.shipped
        for name in ThemeFile.names(in: directories) {
            let file = try ThemeFile.load(name, in: directories)
            let theme: Theme
            do {
                theme = try Theme(tables: file.tables)
            } catch {
                throw ConfigurationError(
                    error.problems.map {
                        file.problem(section: $0.section, key: $0.key, message: $0.description)
                    })
            }
            themes.removeAll { $0.name == theme.name }
            themes.append(theme)
        }
        return themes
    }

    static func themeDirectories(_ surroundings: Surroundings) -> [String] {
        surroundings.sources.themeDirectories(shipped: shippedThemes)
    }

    /// `themes/` beside the program, or in the directory it was built in.
    private static var shippedThemes: String {
        let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = program.deletingLastPathComponent()
        for _ in 0..<4 {
            let themes = folder.appending(path: "themes").path
            if FileManager.default.fileExists(atPath: themes) { return themes }
            folder.deleteLastPathComponent()
        }
        return "themes"
    }
}

extension MarketSession {
    /// How a market's session stands at a moment.
    init(at moment: Timestamp, market: Market) {
        let phase = TradingCalendar.phase(at: moment, market: market)
        let day = TradingCalendar.day(containing: moment, market: market)
        guard market == .usEquities else {
            self.init(label: "OPEN 24h", isOpen: true, startedAt: day.startsAt)
            return
        }
        switch phase {
        case .regular:
            self.init(
                label: "NYSE OPEN", isOpen: true, startedAt: day.startsAt,
                change: ("closes", day.closesAt))
        case .preMarket:
            self.init(
                label: "PRE-MARKET", isOpen: false, startedAt: day.startsAt,
                change: ("opens", day.opensAt))
        case .afterHours:
            self.init(
                label: "AFTER-HOURS", isOpen: false, startedAt: day.startsAt,
                change: ("ends", day.endsAt))
        case .closed:
            self.init(
                label: "NYSE CLOSED", isOpen: false, startedAt: day.startsAt,
                change: ("opens", TradingCalendar.nextOpen(after: moment, market: market)))
        }
    }
}
