import Foundation
import MarketModel
import TUI
import TicktopConfiguration

/// The screen's options out of the configuration, the environment and the theme files.
struct DashboardOptions {
    let screen: ScreenOptions
    let terminalType: String

    init(_ surroundings: Surroundings, tickers: [Symbol]) throws {
        let settings = surroundings.settings.screen
        let environment = surroundings.sources.environment
        let choice = ColorChoice(rawValue: settings.color) ?? .auto
        let isFlag = surroundings.sources.overrides.contains { $0.path == "screen.color" }
        terminalType = environment["TERM"] ?? "xterm-256color"
        screen = ScreenOptions(
            tickers: tickers, themes: try DashboardOptions.themes(surroundings),
            themeName: settings.theme,
            capabilities: Capabilities(
                environment: environment, colorFlag: isFlag ? choice : nil,
                colorConfigured: choice,
                glyphs: GlyphChoice(rawValue: settings.glyphs) ?? .unicode),
            upDown: UpDownColors(rawValue: settings.upDown) ?? .greenRed,
            staleAfter: settings.staleAfter, user: NSUserName())
    }

    /// The built-in themes and every file that is found; a file shadows the built-in theme of its
    /// name.
    private static func themes(_ surroundings: Surroundings) throws -> [Theme] {
        let directories = themeDirectories(surroundings)
        var themes = [Theme.terminal, Theme.mono]
        for name in ThemeFile.names(in: directories) {
            let file = try ThemeFile.load(name, in: directories)
            let theme = try Theme(tables: file.tables)
            themes.removeAll { $0.name == theme.name }
            themes.append(theme)
        }
        guard themes.contains(where: { $0.name == surroundings.settings.screen.theme }) else {
            let names = themes.map(\.name).sorted().joined(separator: ", ")
            throw StartError.noTheme(
                name: surroundings.settings.screen.theme, known: names)
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
            self.init(label: "24h", isOpen: true, startedAt: day.startsAt)
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
