import Foundation

/// A path with `{}` for each variable segment, a method, and who answers.
struct Route: Sendable {
    typealias Handler = @Sendable (APIRequest) async throws(Problem) -> Reply

    var method: String
    var pattern: String
    /// Changes something: needs the token, and no other site may send it.
    var isWrite = false
    var handler: Handler

    static func get(_ pattern: String, _ handler: @escaping Handler) -> Route {
        Route(method: "GET", pattern: pattern, handler: handler)
    }

    static func write(_ method: String, _ pattern: String, _ handler: @escaping Handler) -> Route {
        Route(method: method, pattern: pattern, isWrite: true, handler: handler)
    }
}

/// All that the port answers: the one list of it.
struct RouteTable: Sendable {
    private let routes: [(route: Route, segments: [Substring])]

    init(_ routes: [Route]) {
        self.routes = routes.map {
            (route: $0, segments: $0.pattern.split(separator: "/"))
        }
    }

    var patterns: [(method: String, pattern: String)] {
        routes.map { (method: $0.route.method, pattern: $0.route.pattern) }
    }

    /// HEAD is answered as GET. Throws 404 for an unknown path, 405 for a method the path does not
    /// have.
    func match(method: String, path: String) throws(Problem) -> (route: Route, arguments: [String])
    {
        let wanted = method == "HEAD" ? "GET" : method
        let segments = path.split(separator: "/")
        var allowed: [String] = []
        for (route, pattern) in routes {
            guard let arguments = RouteTable.arguments(of: segments, in: pattern) else { continue }
            if route.method == wanted { return (route, arguments) }
            allowed.append(route.method)
            if route.method == "GET" { allowed.append("HEAD") }
        }
        guard allowed.isEmpty else { throw .method(method, allowed: allowed) }
        throw .unknownPath(String(path.prefix(200)))
    }

    /// Segments are split before they are decoded, so that `BRK%2FB` is one.
    private static func arguments(of segments: [Substring], in pattern: [Substring]) -> [String]? {
        guard segments.count == pattern.count else { return nil }
        var arguments: [String] = []
        for (segment, wanted) in zip(segments, pattern) {
            if wanted == "{}" {
                arguments.append(segment.removingPercentEncoding ?? String(segment))
            } else if segment != wanted {
                return nil
            }
        }
        return arguments
    }
}
