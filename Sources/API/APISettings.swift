/// How the side port is bound and what it lets in.
public struct APISettings: Equatable, Sendable {
    public var address = "127.0.0.1"
    /// 0 takes any free port.
    public var port = 8000
    /// `Host` values let in beside the loopback names and the bound address: `name` or `name:port`.
    public var allowedHosts: [String] = []
    /// Requests a minute and client address; 0 for no limit.
    public var requestsPerMinuteMax = 100
    /// A quote older than this is stale while its session is open.
    public var staleAfter: Duration = .seconds(10)
    /// Further ones wait; up to 3 more get in when many come in the same moment.
    public var connectionsMax = 256
    /// Request line and headers.
    public var headerBytesMax = 16_384
    public var bodyBytesMax = 65_536
    /// Also how long a connection may idle between requests.
    public var headerTimeout: Duration = .seconds(5)
    /// From the headers to the last byte of the answer taken by the client.
    public var requestTimeout: Duration = .seconds(30)

    /// How often a WebSocket's client is pinged; one that is silent for twice as long is closed.
    public var pingInterval: Duration = .seconds(20)
    /// How long a WebSocket's client may take nothing before it is closed.
    public var slowClientMax: Duration = .seconds(10)

    public init() {}

    /// For who brings the token, such as `ticktop attach`, which asks several times a second.
    var requestsPerMinuteTrusted: Int { 20 * requestsPerMinuteMax }

    /// Only processes of this machine can reach the address.
    public var isLoopback: Bool {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        return address == "localhost" || address == "::1"
            || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
    }
}
