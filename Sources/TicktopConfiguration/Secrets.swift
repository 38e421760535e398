import Foundation

/// Keys of providers and of the side port. Never logged, never in `config print`.
public struct Secrets: Sendable {
    /// `MASSIVE_API_KEY`, or `POLYGON_API_KEY`, its former name.
    public var massiveKey: String?
    /// `FINNHUB_API_KEY`
    public var finnhubKey: String?
    /// `TICKTOP_API_TOKEN`
    public var apiToken: String?

    private static let names = [
        "MASSIVE_API_KEY", "POLYGON_API_KEY", "FINNHUB_API_KEY", "TICKTOP_API_TOKEN",
    ]

    /// From the environment, and for what is not there from the file: lines of `NAME=value`.
    ///
    /// The file is `$TICKTOP_SECRETS`, else `secrets` beside the user's configuration; it may be
    /// missing unless named.
    public static func read(environment: [String: String]) throws(SecretsError) -> Secrets {
        let named = environment["TICKTOP_SECRETS"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? "\(Directories(environment: environment).config)/secrets"
        var values: [String: String] = [:]
        if named != nil || FileManager.default.fileExists(atPath: path) {
            values = try read(file: path)
        }
        for name in names {
            if let value = environment[name], !value.isEmpty { values[name] = value }
        }
        return Secrets(
            massiveKey: values["MASSIVE_API_KEY"] ?? values["POLYGON_API_KEY"],
            finnhubKey: values["FINNHUB_API_KEY"], apiToken: values["TICKTOP_API_TOKEN"])
    }

    private static func read(file path: String) throws(SecretsError) -> [String: String] {
        let text: String
        do { text = try SecretFile.text(path) } catch { throw .file(error) }
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
            let parts = trimmed.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, names.contains(parts[0]) else {
                throw SecretsError.malformed(path: path, line: index + 1, names: names)
            }
            values[parts[0]] = parts[1]
        }
        return values
    }
}

extension Secrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which are there, never what they are.
    public var description: String {
        func presence(_ secret: String?) -> String { secret == nil ? "absent" : "redacted" }
        return "Secrets(massiveKey: \(presence(massiveKey)), finnhubKey: \(presence(finnhubKey)), "
            + "apiToken: \(presence(apiToken)))"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a file of secrets is not used.
public enum SecretsError: Error, Equatable, CustomStringConvertible {
    case file(SecretFileError)
    case malformed(path: String, line: Int, names: [String])

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let path, let line, let names):
            "\(path):\(line): expected NAME=value, NAME one of \(names.joined(separator: ", "))"
        }
    }
}
