import Foundation

/// What authenticates at the brokers. Never logged, never in a description or an error.
public struct KafkaSecrets: Equatable, Sendable {
    /// librdkafka's names of the options that are secrets: the only way to set them is this type.
    public static let optionNames: Set<String> = [
        "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
        "sasl.oauthbearer.config", "sasl.oauthbearer.client.secret",
    ]

    private var values: [String: String] = [:]

    public init() {}

    /// By option name. A name that is no secret is a bug of the caller.
    public init(_ values: [String: String]) {
        precondition(values.keys.allSatisfy(KafkaSecrets.optionNames.contains), "not a secret")
        self.values = values
    }

    public var isEmpty: Bool { values.isEmpty }

    /// Sorted by name: for setting them.
    var byName: [(name: String, value: String)] {
        values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// The text with every secret in it blacked out.
    func redacting(_ text: String) -> String {
        values.values.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
            .reduce(text) { $0.replacingOccurrences(of: $1, with: "[redacted]") }
    }

    /// The variable of the environment that holds a secret: `TICKTOP_KAFKA_SASL_PASSWORD` for
    /// `sasl.password`. `TICKTOP_KAFKA_PASSWORD` is short for that one.
    public static func variable(of option: String) -> String {
        "TICKTOP_KAFKA_"
            + option.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    /// From the environment, and for what is not there from a file of `name=value` lines with
    /// librdkafka's names.
    ///
    /// A file with a single line without `=` is the `sasl.password`.
    public static func read(
        environment: [String: String], file: (path: String, text: String)? = nil
    ) throws(KafkaSecretError) -> KafkaSecrets {
        var values: [String: String] = [:]
        if let file { values = try parse(file.text, path: file.path) }
        for name in optionNames {
            if let value = environment[variable(of: name)], !value.isEmpty { values[name] = value }
        }
        if let password = environment["TICKTOP_KAFKA_PASSWORD"], !password.isEmpty {
            values["sasl.password"] = password
        }
        return KafkaSecrets(values)
    }

    private static func parse(_ text: String, path: String) throws(KafkaSecretError)
        -> [String: String]
    {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        let filled = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        if filled.count == 1, !optionNames.contains(where: { filled[0].hasPrefix($0 + "=") }) {
            return ["sasl.password": filled[0]]
        }
        var values: [String: String] = [:]
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, optionNames.contains(parts[0]) else {
                throw .malformed(path: path, line: index + 1)
            }
            values[parts[0]] = parts[1]
        }
        return values
    }
}

extension KafkaSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which are there, never what they are.
    public var description: String { "KafkaSecrets(\(values.keys.sorted()))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a file of secrets is not used.
public enum KafkaSecretError: Error, Equatable, CustomStringConvertible {
    case malformed(path: String, line: Int)

    public var description: String {
        switch self {
        case .malformed(let path, let line):
            "\(path):\(line): expected name=value, name one of "
                + KafkaSecrets.optionNames.sorted().joined(separator: ", ")
        }
    }
}
