/// A provider's key. It never prints itself, and takes itself out of texts that are shown or
/// logged.
public struct ProviderKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let secret: String

    /// White space around the key, as files and shells leave it, is dropped.
    public init(_ text: String) {
        secret = String(
            text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    public var isEmpty: Bool { secret.isEmpty }
    public var description: String { isEmpty ? "(no key)" : "(key)" }
    public var debugDescription: String { description }

    /// `text` without the key, wherever it stands in it.
    func redacted(_ text: String) -> String {
        isEmpty ? text : text.replacing(secret, with: "(key)")
    }
}
