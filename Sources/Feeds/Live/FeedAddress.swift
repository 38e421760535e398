import Foundation

/// Where a feed is reached: a `ws://` or `wss://` address, taken apart.
struct FeedAddress: Equatable {
    var isSecure: Bool
    var host: String
    var port: Int
    /// With the query.
    var path: String

    /// `nil` for anything but `ws://` or `wss://` with a host.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), scheme == "ws" || scheme == "wss"
        else { return nil }
        isSecure = scheme == "wss"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        if let query = parts.percentEncodedQuery { path += "?" + query }
    }

    /// For the `Host` header.
    var hostAndPort: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// For the screen: without the query, which may hold a key.
    var shown: String {
        let plainPath = path.prefix { $0 != "?" }
        return "\(isSecure ? "wss" : "ws")://\(hostAndPort)\(plainPath == "/" ? "" : plainPath)"
    }

    /// TLS names hosts, not addresses.
    var serverName: String? {
        host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } ? nil : host
    }
}
