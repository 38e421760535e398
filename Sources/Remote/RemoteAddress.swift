import Foundation

/// Where another ticktop's side port is reached, taken apart.
public struct RemoteAddress: Equatable, Sendable {
    public var isSecure: Bool
    public var host: String
    public var port: Int
    /// Before the API's own paths: empty, or `/…` without a slash at its end.
    var basePath: String

    /// The side port's own, which `http://host` means.
    public static let portDefault = 8000

    /// `http://host:port`, `https://host`, or `host:port` alone; no user, query or fragment.
    public init(_ text: String) throws(RemoteError) {
        let full = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: full), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { throw .notAnAddress(RemoteAddress.withoutUser(text)) }
        isSecure = scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : RemoteAddress.portDefault)
        guard (1...65_535).contains(port) else { throw .notAnAddress(text) }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
    }

    /// Only processes of this machine listen there.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && host.split(separator: ".").count == 4)
    }

    /// What the screen calls it.
    public var server: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return isSecure && port == 443 ? name : "\(name):\(port)"
    }

    /// For the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// TLS names hosts, not addresses.
    var serverName: String? {
        host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } ? nil : host
    }

    /// The whole address of one of the API's paths.
    func url(_ path: String) -> String {
        "\(isSecure ? "https" : "http")://\(hostHeader)\(basePath)\(path)"
    }

    /// What somebody wrote before an `@` may be a password: it is in no message.
    private static func withoutUser(_ text: String) -> String {
        text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
    }
}
