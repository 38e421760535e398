import Foundation
import Synchronization
import TUI
import TicktopConfiguration

/// Reads the theme files again when one of them has changed, come or gone.
final class ThemeWatch: Sendable {
    private let directories: [String]
    private let seen: Mutex<[String: Date]>

    init(_ surroundings: Surroundings) {
        directories = DashboardOptions.themeDirectories(surroundings)
        seen = Mutex(ThemeWatch.stamps(directories))
    }

    var reread: @Sendable () -> ThemeNews { { self.look() } }

    /// Asks the disk about every file; a mistake in one keeps the themes as they are.
    private func look() -> ThemeNews {
        let stamps = ThemeWatch.stamps(directories)
        let isNew = seen.withLock { seen in
            defer { seen = stamps }
            return seen != stamps
        }
        guard isNew else { return .unchanged }
        do {
            return .changed(try DashboardOptions.readThemes(directories))
        } catch {
            return .trouble("\(error)")
        }
    }

    private static func stamps(_ directories: [String]) -> [String: Date] {
        var stamps: [String: Date] = [:]
        for name in ThemeFile.names(in: directories) {
            for directory in directories {
                let path = "\(directory)/\(name).toml"
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                stamps[path] = attributes?[.modificationDate] as? Date
            }
        }
        return stamps
    }
}
