/// What went wrong with a request: an RFC 9457 problem document.
struct Problem: Error {
    var status: Int
    /// The end of the problem's `type`, `urn:ticktop:problem:NAME`.
    var name: String
    var title: String
    var detail: String
    /// The parameter at fault and the values it may have.
    var parameter: (name: String, range: String)?
    var headers: [(name: String, value: String)] = []
    /// The rest of the request is not wanted.
    var closesConnection = false

    var json: JSON {
        var members: [(name: String, value: JSON)] = [
            ("type", .text("urn:ticktop:problem:" + name)), ("title", .text(title)),
            ("status", .of(status)), ("detail", .text(detail)),
        ]
        if let parameter {
            members.append(("parameter", .text(parameter.name)))
            members.append(("range", .text(parameter.range)))
        }
        return .object(members)
    }
}

extension Problem {
    static func malformed(_ detail: String) -> Problem {
        Problem(status: 400, name: "malformed", title: "Malformed request", detail: detail)
    }

    static let tokenMissing = Problem(
        status: 401, name: "token", title: "Token needed",
        detail: "Send `Authorization: Bearer TOKEN`; `ticktop token` shows it.",
        headers: [("WWW-Authenticate", "Bearer realm=\"ticktop\"")])

    static func crossSite(_ origin: String) -> Problem {
        Problem(
            status: 403, name: "cross-site", title: "Cross-site request refused",
            detail: "Writes and WebSockets from \(origin) are refused.")
    }

    static func unknownPath(_ path: String) -> Problem {
        Problem(
            status: 404, name: "unknown-path", title: "Unknown path",
            detail: "There is nothing at \(path).")
    }

    static func unknownTicker(_ ticker: some CustomStringConvertible) -> Problem {
        Problem(
            status: 404, name: "unknown-ticker", title: "Unknown ticker",
            detail: "The feed has not named \(ticker).")
    }

    static func unknownEpisode(_ id: String) -> Problem {
        Problem(
            status: 404, name: "unknown-anomaly", title: "Unknown anomaly",
            detail: "There is no anomaly \(id).")
    }

    static func method(_ method: String, allowed: [String]) -> Problem {
        Problem(
            status: 405, name: "method", title: "Method not allowed",
            detail: "\(method) is not one of \(allowed.joined(separator: ", ")).",
            headers: [("Allow", allowed.joined(separator: ", "))])
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            status: 413, name: "body-too-large", title: "Body too large",
            detail: "A body may have \(bytesMax) bytes.", closesConnection: true)
    }

    static let upgradeRequired = Problem(
        status: 426, name: "upgrade", title: "Upgrade required",
        detail: "This path is a WebSocket: send Upgrade: websocket, version 13.",
        headers: [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
        ])

    static let notJSON = Problem(
        status: 415, name: "media-type", title: "Unsupported media type",
        detail: "A body must be application/json.")

    static func host(_ host: String) -> Problem {
        Problem(
            status: 421, name: "host", title: "Host not served",
            detail: "\(host) is not an allowed host: add it to api.allowed_hosts.")
    }

    static func parameter(_ name: String, range: String, got: String) -> Problem {
        Problem(
            status: 422, name: "parameter", title: "Parameter out of range",
            detail: "\(name): expected \(range), got \(got.prefix(100))",
            parameter: (name, range))
    }

    static func tooManyRequests(waitSeconds: Int, perMinute: Int) -> Problem {
        Problem(
            status: 429, name: "rate", title: "Too many requests",
            detail: "\(perMinute) requests a minute are let in; try again in \(waitSeconds) s.",
            headers: [("Retry-After", String(waitSeconds))])
    }

    static func headersTooLarge(bytesMax: Int) -> Problem {
        Problem(
            status: 431, name: "headers-too-large", title: "Headers too large",
            detail: "Request line and headers may have \(bytesMax) bytes.", closesConnection: true)
    }

    static let starting = Problem(
        status: 503, name: "starting", title: "Starting",
        detail: "The engine has not shown its first snapshot yet.",
        headers: [("Retry-After", "1")])

    static func store(_ error: any Error) -> Problem {
        Problem(
            status: 503, name: "store", title: "Store not readable", detail: "\(error)",
            headers: [("Retry-After", "1")])
    }
}
