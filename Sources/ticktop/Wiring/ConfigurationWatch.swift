import Foundation
import Synchronization
import TicktopConfiguration

/// Reads the configuration again when a file of its search path has changed, come or gone, or when
/// somebody asks, and puts in force what may change while the program runs.
///
/// A mistake in it changes nothing. From any thread; one look at a time.
final class ConfigurationWatch: Sendable {
    enum News<Prepared: Sendable>: Sendable {
        case unchanged
        /// What was made of it, and one line for people.
        case changed(Prepared, note: String)
        /// The first thing that is wrong, and where.
        case trouble(String)
    }

    /// Takes settings that hold at once; `nil` for an engine whose figures follow from settings of
    /// its start, or that is elsewhere.
    typealias TakesSettings = @Sendable (Settings) throws -> Void

    private struct Known {
        var surroundings: Surroundings
        var stamps: [String: Date]
    }

    private let known: Mutex<Known>
    private let engine: TakesSettings?

    init(_ surroundings: Surroundings, engine: TakesSettings?) {
        known = Mutex(
            Known(surroundings: surroundings, stamps: FileStamps.of(Self.paths(surroundings))))
        self.engine = engine
    }

    /// Asks the disk about every file. `prepare` may refuse what has been read, before anybody
    /// uses it.
    func look<Prepared: Sendable>(
        isAsked: Bool, _ prepare: (Surroundings) throws -> Prepared
    ) -> News<Prepared> {
        known.withLock { known in
            let stamps = FileStamps.of(Self.paths(known.surroundings))
            guard isAsked || stamps != known.stamps else { return .unchanged }
            known.stamps = stamps
            do {
                let next = try Surroundings(again: known.surroundings)
                let prepared = try prepare(next)
                let note = note(on: next, after: known.surroundings)
                try engine?(next.settings)
                known.surroundings = next
                return .changed(prepared, note: note)
            } catch {
                return .trouble(Self.firstLine(of: error))
            }
        }
    }

    private static func paths(_ surroundings: Surroundings) -> [String] {
        surroundings.sources.searchPath.map(\.path)
    }

    private static func firstLine(of error: any Error) -> String {
        let lines = "\(error)".split(separator: "\n")
        let more = lines.count > 1 ? " (and \(lines.count - 1) more)" : ""
        return (lines.first.map(String.init) ?? "") + more
    }

    /// What has changed, and which part of it waits for the next start.
    private func note(on next: Surroundings, after last: Surroundings) -> String {
        let changed = SettingTable.keys.filter {
            next.configuration.value($0.path) != last.configuration.value($0.path)
        }
        let later = changed.filter { !holdsAtOnce($0) }.map(\.path)
        let listsChanged = SettingTable.namedLists.contains {
            next.configuration.lists($0.name) != last.configuration.lists($0.name)
        }
        var parts: [String] = []
        if changed.isEmpty, !listsChanged {
            parts.append("configuration read again: nothing has changed")
        } else {
            parts.append("configuration read again")
        }
        if !later.isEmpty {
            parts.append("from the next start on: \(later.joined(separator: ", "))")
        }
        let warnings = next.configuration.warnings
        if warnings != last.configuration.warnings {
            parts += warnings.map { "warning: \($0)" }
        }
        return parts.joined(separator: " · ")
    }

    private func holdsAtOnce(_ key: SettingKey) -> Bool {
        switch key.section {
        case "analytics", "indicators", "rules", "forest": engine != nil
        case "news": engine != nil && ["finance_words", "join_volume"].contains(key.name)
        case "screen": !["color", "glyphs"].contains(key.name)
        default: false
        }
    }
}

/// When each file of a list was written last; without those that are not there.
enum FileStamps {
    static func of(_ paths: [String]) -> [String: Date] {
        var stamps: [String: Date] = [:]
        for path in paths {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            stamps[path] = attributes?[.modificationDate] as? Date
        }
        return stamps
    }
}
