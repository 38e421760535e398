import Foundation

/// What holds after defaults, file, environment and flags, each over the one before, and where each
/// value came from.
public struct EffectiveConfiguration: Sendable {
    public enum Origin: Equatable, Sendable, CustomStringConvertible {
        case standard
        case file(path: String, line: Int)
        case environment(name: String)
        case flag(String)

        public var description: String {
            switch self {
            case .standard: "default"
            case .file(let path, let line): "\(path):\(line)"
            case .environment(let name): name
            case .flag(let flag): flag
            }
        }
    }

    /// The file that was read; `nil` when none was found.
    public let file: String?
    /// Unknown keys and names: nothing stops for them.
    public let warnings: [ConfigurationProblem]
    private let values: [String: (value: SettingValue, origin: Origin)]
    private let lists: [String: [NamedList]]

    /// Reads everything and throws all that is wrong with it at once. `furtherProblems` finds, once
    /// something is, what others who use the configuration would refuse.
    public static func load(
        _ sources: ConfigurationSources,
        furtherProblems: (EffectiveConfiguration) -> [ConfigurationProblem] = { _ in [] }
    ) throws(ConfigurationError) -> EffectiveConfiguration {
        var reading = ConfigurationReading()
        let file = reading.readFile(sources.searchPath)
        reading.readEnvironment(sources.environment)
        reading.readOverrides(sources.overrides)
        reading.checkOrder()
        let configuration = EffectiveConfiguration(
            file: file, warnings: reading.warnings, values: reading.values, lists: reading.lists)
        guard reading.errors.isEmpty else {
            throw ConfigurationError(
                reading.errors + furtherProblems(configuration), warnings: reading.warnings)
        }
        return configuration
    }

    /// What stands in a table of names of one's own, in the order of the text; empty for none.
    public func lists(_ section: String) -> [NamedList] { lists[section] ?? [] }

    /// The value and where it came from. Traps on a path that is in no table: it is ours.
    public func value(_ path: String) -> SettingValue { held(path).value }
    public func origin(_ path: String) -> Origin { held(path).origin }

    private func held(_ path: String) -> (value: SettingValue, origin: Origin) {
        if let held = values[path] { return held }
        guard let key = SettingTable.key(path) else { preconditionFailure("no key \(path)") }
        return (key.standard, .standard)
    }

    /// What `config print` shows: TOML that reads back as the same, each value with its origin.
    public var printed: String {
        var lines: [String] = []
        for section in SettingTable.sections {
            if !lines.isEmpty { lines.append("") }
            lines.append("[\(section.name)]")
            for key in SettingTable.keys where key.section == section.name {
                lines.append(
                    "\(key.name) = \(value(key.path).text)  # \(origin(key.path))")
            }
        }
        for section in SettingTable.namedLists where !lists(section.name).isEmpty {
            lines += ["", "[\(section.name)]"]
            for list in lists(section.name) {
                let value = SettingValue.list(list.values).text
                lines.append("\(list.name) = \(value)  # \(list.origin)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A name of one's own and the texts it stands for.
public struct NamedList: Equatable, Sendable {
    public var name: String
    public var values: [String]
    public var origin: EffectiveConfiguration.Origin
    /// Of the name; `nil` outside files.
    public var position: TextPosition?

    /// What is wrong with it, and where.
    public func problem(_ message: String) -> ConfigurationProblem {
        let source: String =
            switch origin {
            case .file(let path, _): path
            case .environment(let name): name
            case .standard, .flag: origin.description
            }
        return ConfigurationProblem(
            source: source, position: position, key: name, message: message)
    }
}

/// Collects values and complaints from one source after the other.
struct ConfigurationReading {
    private(set) var values:
        [String: (value: SettingValue, origin: EffectiveConfiguration.Origin)] =
            [:]
    private(set) var lists: [String: [NamedList]] = [:]
    private(set) var errors: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    /// Reads the first file there is; its path, or `nil` when there is none.
    mutating func readFile(_ searchPath: [(path: String, origin: String, isRequired: Bool)])
        -> String?
    {
        for (path, origin, isRequired) in searchPath {
            guard isRequired || FileManager.default.fileExists(atPath: path) else { continue }
            do {
                readText(try String(contentsOfFile: path, encoding: .utf8), source: path)
                return path
            } catch {
                errors.append(
                    ConfigurationProblem(
                        source: path, position: nil, key: "",
                        message: "cannot be read (\(origin)): \(reason(error))"))
                return nil
            }
        }
        return nil
    }

    mutating func readText(_ text: String, source: String) {
        do {
            let document = try TOMLText(text, source: source)
            for table in document.tables where table.path.count == 1 {
                warnOfUnknownSection(table.path[0], source: source, at: table.position)
            }
            for entry in document.entries { read(entry, source: source) }
        } catch {
            errors += error.problems
        }
    }

    private mutating func read(_ entry: TOMLText.Entry, source: String) {
        guard entry.path.count > 1 else { return readTopLevel(entry, source: source) }
        if SettingTable.namedLists.contains(where: { $0.name == entry.path[0] }) {
            return readList(entry, source: source)
        }
        guard SettingTable.sections.contains(where: { $0.name == entry.path[0] }) else { return }
        let path = entry.path.joined(separator: ".")
        let shortName = entry.path.dropFirst().joined(separator: ".")
        guard entry.path.count == 2, let key = SettingTable.key(path) else {
            warnings.append(
                ConfigurationProblem(
                    source: source, position: entry.keyPosition, key: shortName,
                    message: "unknown key" + meant(shortName, section: entry.path[0])))
            return
        }
        guard case .setting(let given) = entry.value, let value = key.kind.admitted(given) else {
            errors.append(
                ConfigurationProblem(
                    source: source, position: entry.valuePosition, key: key.name,
                    message: "expected \(key.kind.expectation), got \(entry.value.text)"))
            return
        }
        values[path] = (value, .file(path: source, line: entry.keyPosition.line))
    }

    /// A text alone is a list of one.
    private mutating func readList(_ entry: TOMLText.Entry, source: String) {
        let name = entry.path.dropFirst().joined(separator: ".")
        let values: [String]
        switch entry.value {
        case .setting(.list(let texts)): values = texts
        case .setting(.text(let text)): values = [text]
        default:
            errors.append(
                ConfigurationProblem(
                    source: source, position: entry.valuePosition, key: name,
                    message: "expected a list of texts, got \(entry.value.text)"))
            return
        }
        lists[entry.path[0], default: []].append(
            NamedList(
                name: name, values: values,
                origin: .file(path: source, line: entry.keyPosition.line),
                position: entry.keyPosition))
    }

    /// `TICKTOP_KEYS_ZOOM=z,Z`; over the file's list of the same name.
    private mutating func readList(_ variable: String, _ text: String) -> Bool {
        for section in SettingTable.namedLists {
            let prefix = "TICKTOP_\(section.name.uppercased())_"
            guard variable.hasPrefix(prefix) else { continue }
            let name = variable.dropFirst(prefix.count).lowercased()
            lists[section.name, default: []].removeAll { $0.name == name }
            lists[section.name, default: []].append(
                NamedList(
                    name: name, values: text.split(separator: ",").map(String.init),
                    origin: .environment(name: variable), position: nil))
            return true
        }
        return false
    }

    /// A key above every header, or a section that is no table.
    private mutating func readTopLevel(_ entry: TOMLText.Entry, source: String) {
        let name = entry.path[0]
        let tables = SettingTable.sections.map(\.name) + SettingTable.namedLists.map(\.name)
        if tables.contains(name) {
            errors.append(
                ConfigurationProblem(
                    source: source, position: entry.valuePosition, key: name,
                    message: "expected a table, got \(entry.value.text)"))
        } else {
            warnings.append(
                ConfigurationProblem(
                    source: source, position: entry.keyPosition, key: name,
                    message: "unknown key" + meant(name, section: nil)))
        }
    }

    private mutating func warnOfUnknownSection(
        _ name: String, source: String, at position: TextPosition
    ) {
        let names = SettingTable.sections.map(\.name) + SettingTable.namedLists.map(\.name)
        guard !names.contains(name) else { return }
        let near = Suggestion.nearest(to: name, among: names).map { ", did you mean [\($0)]?" }
        warnings.append(
            ConfigurationProblem(
                source: source, position: position, key: "[\(name)]",
                message: "unknown section" + (near ?? "")))
    }

    /// The nearest key of the section; failing that, the key of that very name in another.
    private func meant(_ name: String, section: String?) -> String {
        let siblings = SettingTable.keys.filter { $0.section == section }.map(\.name)
        if let near = Suggestion.nearest(to: name, among: siblings) {
            return ", did you mean \(near)?"
        }
        guard let other = SettingTable.keys.first(where: { $0.name == name }) else { return "" }
        return ", did you mean \(other.name) of [\(other.section)]?"
    }

    mutating func readEnvironment(_ environment: [String: String]) {
        for key in SettingTable.keys {
            guard let text = environment[key.environmentName] else { continue }
            read(text, key, source: key.environmentName, .environment(name: key.environmentName))
        }
        let known = SettingTable.keys.map(\.environmentName)
        let others =
            ["TICKTOP_CONFIG", "TICKTOP_API_TOKEN", "TICKTOP_SECRETS"]
            + SettingTable.kafkaSecretVariables
        for name in environment.keys.sorted()
        where name.hasPrefix("TICKTOP_") && !known.contains(name) && !others.contains(name) {
            if readList(name, environment[name] ?? "") { continue }
            let near = Suggestion.nearest(to: name, among: known + others)
            warnings.append(
                ConfigurationProblem(
                    source: name, position: nil, key: "",
                    message: "unknown name" + (near.map { ", did you mean \($0)?" } ?? "")))
        }
    }

    /// Refuses two keys that are in order each alone but not together.
    mutating func checkOrder() {
        func number(_ path: String) -> Int? {
            let value = values[path]?.value ?? SettingTable.key(path)?.standard
            guard case .integer(let number) = value else { return nil }
            return number
        }
        for (lower, upper) in SettingTable.ascending {
            guard let low = number(lower), let high = number(upper), low >= high else { continue }
            let origin = values[upper]?.origin ?? values[lower]?.origin ?? .standard
            errors.append(
                ConfigurationProblem(
                    source: "\(origin)", position: nil, key: upper,
                    message: "expected more than \(lower), which is \(low), got \(high)"))
        }
    }

    mutating func readOverrides(_ overrides: [ConfigurationSources.Override]) {
        for given in overrides {
            guard let key = SettingTable.key(given.path) else {
                preconditionFailure("\(given.flag) sets \(given.path), which is no key")
            }
            read(given.text, key, source: given.flag, .flag(given.flag))
        }
    }

    private mutating func read(
        _ text: String, _ key: SettingKey, source: String, _ origin: EffectiveConfiguration.Origin
    ) {
        guard let value = key.kind.read(text) else {
            errors.append(
                ConfigurationProblem(
                    source: source, position: nil, key: "",
                    message: "expected \(key.kind.expectation), got \(SettingValue.quoted(text))"))
            return
        }
        values[key.path] = (value, origin)
    }
}

extension TOMLText.Value {
    fileprivate var text: String {
        switch self {
        case .setting(let value): value.text
        case .other(let text): text
        }
    }
}

/// Why Foundation could not read a file, in a few words and without the path that stands beside it
/// already.
func reason(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return error.localizedDescription }
    return switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
    case .fileReadNoPermission: "not permitted"
    case .fileReadInapplicableStringEncoding, .fileReadCorruptFile: "not UTF-8 text"
    default: error.localizedDescription
    }
}
