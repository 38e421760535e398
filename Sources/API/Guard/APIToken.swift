import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The secret that writes need, and reads too when the port is bound beyond loopback.
public struct APIToken: Sendable {
    public static let byteCount = 32

    /// Given by a person (`TICKTOP_API_TOKEN`), not made by ticktop for itself.
    public let isExplicit: Bool
    /// What `ticktop token` shows. Never log it.
    public let secret: String

    /// A token given explicitly.
    public init(explicit secret: String) {
        self.secret = secret
        isExplicit = true
    }

    private init(made secret: String) {
        self.secret = secret
        isExplicit = false
    }

    /// The time it takes tells nothing about where a guess went wrong.
    public func matches(_ guess: some StringProtocol) -> Bool {
        APIToken.isSame(Array(secret.utf8), Array(guess.utf8))
    }

    /// Looks at every byte of the secret once, whatever is given; nothing is the same as no bytes.
    static func isSame<Bytes: RandomAccessCollection<UInt8>>(_ secret: Bytes, _ given: Bytes)
        -> Bool
    where Bytes.Index == Int {
        var difference = UInt8(secret.isEmpty || secret.count != given.count ? 1 : 0)
        for index in secret.indices {
            difference |= secret[index] ^ (index < given.count ? given[index] : 0)
        }
        return difference == 0
    }

    /// The token in the file; a new random one, in a new file of mode 0600, when there is no file.
    public static func loadOrCreate(path: String) throws(APIError) -> APIToken {
        var generator = SystemRandomNumberGenerator()
        let made = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let digits = made.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else {
                throw APIError.tokenFile(path: path, operation: "create", code: errno)
            }
            return try load(path: path)
        }
        defer { close(descriptor) }
        let text = Array((digits + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            throw APIError.tokenFile(path: path, operation: "write", code: errno)
        }
        return APIToken(made: digits)
    }

    private static func load(path: String) throws(APIError) -> APIToken {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw APIError.tokenFile(path: path, operation: "open", code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw APIError.tokenFile(path: path, operation: "stat", code: errno)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw APIError.tokenFileReadableByOthers(path: path, mode: status.st_mode & 0o777)
        }
        var bytes = [UInt8](repeating: 0, count: 4 * byteCount)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw APIError.tokenFile(path: path, operation: "read", code: errno)
        }
        let digits = String(decoding: bytes[..<count], as: UTF8.self).filter { !$0.isWhitespace }
        guard digits.utf8.count == 2 * byteCount, digits.allSatisfy(\.isHexDigit) else {
            throw APIError.tokenMalformed(path: path)
        }
        return APIToken(made: digits)
    }
}

extension APIToken: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "APIToken(redacted)" }
    public var debugDescription: String { description }
}
