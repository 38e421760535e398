/// Why another ticktop does not answer, each with what to do next. Never with the token in it.
public enum RemoteError: Error, Equatable {
    case notAnAddress(String)
    case unreachable(server: String, reason: String)
    case tokenRefused(server: String)
    /// The server does not go by the name it was called by.
    case hostRefused(server: String)
    /// It answers, but not as a ticktop that can be attached to.
    case notTicktop(server: String, status: Int)
    case tooManyRequests(server: String)
    case otherFormat(server: String, theirs: UInt32, ours: UInt32)
    /// Any other refusal; `detail` is the server's own word.
    case refused(status: Int, detail: String)
    case malformedAnswer(server: String)
    /// The connection that brings the market is down: nothing is asked meanwhile.
    case disconnected(server: String)

    /// Trying again changes nothing before a person has done something.
    var isPermanent: Bool {
        switch self {
        case .notAnAddress, .tokenRefused, .hostRefused, .notTicktop, .otherFormat: true
        case .unreachable, .tooManyRequests, .refused, .malformedAnswer, .disconnected: false
        }
    }

    /// What went wrong.
    var reason: String {
        switch self {
        case .notAnAddress(let text): "\(text) is no address of a ticktop"
        case .unreachable(let server, let reason): "\(server): \(reason)"
        case .tokenRefused(let server): "\(server) does not accept the token"
        case .hostRefused(let server): "the server does not go by the name \(server)"
        case .notTicktop(let server, let status):
            "\(server) answers with status \(status), not as a ticktop that can be attached to"
        case .tooManyRequests(let server): "\(server) lets in no more requests for the moment"
        case .otherFormat(let server, let theirs, let ours):
            "\(server) runs another version of ticktop (format \(theirs), here \(ours))"
        case .refused(let status, let detail): "refused with status \(status): \(detail)"
        case .malformedAnswer(let server): "\(server) sent what this ticktop cannot read"
        case .disconnected(let server): "not connected to \(server)"
        }
    }

    /// What to do next.
    var remedy: String {
        switch self {
        case .notAnAddress: "give http://host:port, such as http://127.0.0.1:8000"
        case .unreachable:
            "check the address, and that `ticktop` or `ticktop serve` runs there with its side port"
        case .tokenRefused:
            "run `ticktop token` there, and give it here as TICKTOP_API_TOKEN or --token-file"
        case .hostRefused: "add the name to api.allowed_hosts in the configuration there"
        case .notTicktop:
            "check the address and port; an older ticktop has to be updated before"
        case .tooManyRequests:
            "it goes on by itself; api.requests_per_minute_max there is the limit"
        case .otherFormat: "install the same version on both machines"
        case .refused, .malformedAnswer: "look into the server's status with its /health"
        case .disconnected: "it goes on by itself once the connection is back"
        }
    }
}

extension RemoteError: CustomStringConvertible {
    public var description: String { "\(reason): \(remedy)" }
}

extension RemoteError {
    /// What an HTTP status other than the one hoped for means.
    init(status: Int, body: [UInt8], server: String) {
        switch status {
        case 401: self = .tokenRefused(server: server)
        case 421: self = .hostRefused(server: server)
        case 429: self = .tooManyRequests(server: server)
        case 404, 400, 405, 200..<400: self = .notTicktop(server: server, status: status)
        default:
            self = .refused(status: status, detail: ProblemDetail.text(body) ?? "no reason given")
        }
    }
}
