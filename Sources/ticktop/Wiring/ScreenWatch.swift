import Foundation
import MarketModel
import Synchronization
import TUI
import TicktopConfiguration

/// Reads what the screen is made by again, configuration and theme files, when one of them has
/// changed, come or gone.
final class ScreenWatch: Sendable {
    private let configuration: ConfigurationWatch
    private let directories: [String]
    private let tickers: [Symbol]
    private let seen: Mutex<[String: Date]>

    /// `engine` takes what changes of the analytics; `nil` where it cannot.
    init(_ surroundings: Surroundings, tickers: [Symbol], engine: ConfigurationWatch.TakesSettings?)
    {
        configuration = ConfigurationWatch(surroundings, engine: engine)
        directories = DashboardOptions.themeDirectories(surroundings)
        self.tickers = tickers
        seen = Mutex(ScreenWatch.stamps(directories))
    }

    var reread: @Sendable (_ isAsked: Bool) -> ConfigurationNews { { self.look(isAsked: $0) } }

    /// Asks the disk about every file; a mistake in one keeps everything as it is.
    private func look(isAsked: Bool) -> ConfigurationNews {
        let news = configuration.look(isAsked: isAsked) {
            try DashboardOptions($0, tickers: tickers).screen
        }
        switch news {
        case .changed(let options, let note):
            _ = themesHaveChanged()
            return .options(options, note: note)
        case .trouble(let reason): return .trouble(reason)
        case .unchanged: break
        }
        guard themesHaveChanged() else { return .unchanged }
        do {
            return .themes(try DashboardOptions.readThemes(directories))
        } catch {
            return .trouble("\(error)")
        }
    }

    private func themesHaveChanged() -> Bool {
        let stamps = ScreenWatch.stamps(directories)
        return seen.withLock { seen in
            defer { seen = stamps }
            return seen != stamps
        }
    }

    private static func stamps(_ directories: [String]) -> [String: Date] {
        let names = ThemeFile.names(in: directories)
        return FileStamps.of(directories.flatMap { folder in names.map { "\(folder)/\($0).toml" } })
    }
}
