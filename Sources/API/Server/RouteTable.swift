import Foundation

/// One thing the port answers: its path with `{NAME}` for each variable segment, what may be asked,
/// what comes back, and who answers. Requests are routed and OpenAPI is written by it.
struct Route: Sendable {
    typealias Handler = @Sendable (APIRequest) async throws(Problem) -> Reply

    /// What comes back with 200.
    enum Answer: Sendable {
        case json(Schema)
        /// An object with a list in it, which can be asked for as CSV.
        case listing(Schema, member: String, rows: Schema)
        case text(contentType: String)
        /// Rows as `Engine.StoredRows` writes them.
        case rows(of: String)
        /// No answer but a WebSocket, which begins with these channels of the path's ticker.
        case webSocket([StreamChannel])
    }

    /// A value of the answer that is a path parameter of other routes.
    struct Link: Sendable {
        var parameter: String
        /// JSON Pointer into the answer.
        var pointer: String
    }

    var method: String
    var pattern: String
    var summary = ""
    var parameters: [ParameterDefinition] = []
    var answer = Answer.json(.object("Any", []))
    /// Of the request; a body may always be left out.
    var body: Schema?
    /// Changes something: needs the token, and no other site may send it.
    var isWrite = false
    /// For a screen on another machine: needs the token on loopback too.
    var needsToken = false
    /// Says nothing of the market: needs no token beyond loopback either.
    var isPublic = false
    /// Reads much of the store and makes much of it: does so on threads that give way.
    var isPatient = false
    /// Where in the answer other routes' parameters are found.
    var links: [Link] = []
    /// With which statuses it may answer beside 200 and those every route has.
    var statuses: [Int] = []
    /// How long an answer with 200 may be kept, here and by a client, who is told 304 while it is
    /// the same; 0: not at all.
    var cacheSeconds = 0
    var handler: Handler

    static func get(
        _ pattern: String, _ summary: String = "", _ parameters: [ParameterDefinition] = [],
        answer: Answer = .json(.object("Any", [])), statuses: [Int] = [],
        cacheSeconds: Int = 0, isPublic: Bool = false, _ handler: @escaping Handler
    ) -> Route {
        Route(
            method: "GET", pattern: pattern, summary: summary, parameters: parameters,
            answer: answer, isPublic: isPublic, statuses: statuses, cacheSeconds: cacheSeconds,
            handler: handler)
    }

    static func write(
        _ method: String, _ pattern: String, _ summary: String = "",
        _ parameters: [ParameterDefinition] = [],
        answer: Answer = .json(.object("Any", [])), body: Schema? = nil, statuses: [Int] = [],
        _ handler: @escaping Handler
    ) -> Route {
        Route(
            method: method, pattern: pattern, summary: summary, parameters: parameters,
            answer: answer, body: body, isWrite: true, statuses: statuses, handler: handler)
    }

    /// The same resource under another path as well.
    func and(_ aliases: String...) -> [Route] {
        [self]
            + aliases.map { alias in
                var route = self
                route.pattern = alias
                route.summary += " The same as `\(pattern)`."
                return route
            }
    }

    /// What only a program that has the token is answered.
    func guarded() -> Route {
        var route = self
        route.needsToken = true
        return route
    }

    /// What reads the store gives way to what does not; what changes something waits for no read.
    func patient() -> Route {
        var route = self
        route.isPatient = !isWrite
        return route
    }

    func linked(_ links: [Link]) -> Route {
        var route = self
        route.links = links
        return route
    }

    var isWebSocket: Bool {
        if case .webSocket = answer { true } else { false }
    }

    /// Those that it declares, and `format` where there is a list.
    var allParameters: [ParameterDefinition] {
        guard case .listing = answer else { return parameters }
        return parameters + [Route.format.definition]
    }

    /// `csv` gives a list's rows alone.
    static let format = Parameter<String?>.choice(
        "format", ["json", "csv"], "`csv` gives the rows of the list alone.", default: "json"
    ) { ["json", "csv"].contains($0) ? $0 : nil }
}

/// All that the port answers: the one list of it.
struct RouteTable: Sendable {
    private let entries: [(route: Route, segments: [Substring])]

    init(_ routes: [Route]) {
        entries = routes.map { (route: $0, segments: $0.pattern.split(separator: "/")) }
    }

    var routes: [Route] { entries.map(\.route) }

    /// HEAD is answered as GET. Throws 404 for an unknown path, 405 for a method the path does not
    /// have.
    func match(method: String, path: String) throws(Problem) -> (route: Route, arguments: [String])
    {
        let wanted = method == "HEAD" ? "GET" : method
        let segments = path.split(separator: "/")
        var allowed: [String] = []
        for (route, pattern) in entries {
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
            if wanted.hasPrefix("{") {
                arguments.append(segment.removingPercentEncoding ?? String(segment))
            } else if segment != wanted {
                return nil
            }
        }
        return arguments
    }
}
