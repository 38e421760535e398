import HTTPTypes
import MarketModel
import Synchronization

/// Decides whether a request is let in, before anything is read for it.
final class RequestGuard: Sendable {
    private let settings: APISettings
    private let token: APIToken
    private let clock: any MarketClock
    private let rate: Mutex<RateLimit>
    /// Of those who bring the token: a screen on another machine asks several times a second.
    private let trustedRate: Mutex<RateLimit>
    /// Set once bound: with port 0 it is known only then.
    private let boundPort = Mutex(0)

    init(settings: APISettings, token: APIToken, clock: any MarketClock) {
        self.settings = settings
        self.token = token
        self.clock = clock
        rate = Mutex(RateLimit(perMinuteMax: settings.requestsPerMinuteMax))
        trustedRate = Mutex(RateLimit(perMinuteMax: settings.requestsPerMinuteTrusted))
    }

    func didBind(port: Int) { boundPort.withLock { $0 = port } }

    /// Before routing: the host, the rate, the sizes.
    func admit(_ head: HTTPRequest, client: String) throws(Problem) {
        guard let host = head.authority, !host.isEmpty else {
            throw .malformed("The Host header is missing.")
        }
        guard isAllowed(host: host) else { throw .host(String(host.prefix(100))) }
        let isTrusted = hasToken(head)
        let now = clock.now
        let wait =
            isTrusted
            ? trustedRate.withLock { $0.secondsToWait(client, now: now) }
            : rate.withLock { $0.secondsToWait(client, now: now) }
        if let wait {
            throw .tooManyRequests(
                waitSeconds: wait,
                perMinute: isTrusted
                    ? settings.requestsPerMinuteTrusted : settings.requestsPerMinuteMax)
        }
        let headerBytes = head.headerFields.reduce(head.path?.utf8.count ?? 0) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4
        }
        guard headerBytes <= settings.headerBytesMax else {
            throw .headersTooLarge(bytesMax: settings.headerBytesMax)
        }
        if let length = head.headerFields[.contentLength].flatMap({ Int($0) }),
            length > settings.bodyBytesMax
        {
            throw .bodyTooLarge(bytesMax: settings.bodyBytesMax)
        }
    }

    /// Writes need the token; they and WebSockets need their own site; beyond loopback reads need
    /// the token too, except what is public.
    func authorize(_ head: HTTPRequest, for route: Route) throws(Problem) {
        if route.isWrite || route.isWebSocket { try refuseCrossSite(head) }
        let isPrivate = route.isWrite || route.needsToken
        guard isPrivate || (!settings.isLoopback && !route.isPublic) else { return }
        guard hasToken(head) else { throw .tokenMissing }
    }

    private func hasToken(_ head: HTTPRequest) -> Bool {
        let scheme = "bearer "
        guard let given = head.headerFields[.authorization],
            given.lowercased().hasPrefix(scheme)
        else { return false }
        return token.matches(given.dropFirst(scheme.count))
    }

    private func refuseCrossSite(_ head: HTTPRequest) throws(Problem) {
        if let name = HTTPField.Name("Sec-Fetch-Site"), head.headerFields[name] == "cross-site" {
            throw .crossSite("another site")
        }
        guard let origin = head.headerFields[.origin] else { return }
        guard origin.hasPrefix("http://"), isAllowed(host: String(origin.dropFirst(7))) else {
            throw .crossSite(String(origin.prefix(100)))
        }
    }

    /// Exactly an allowed name, alone or with the bound port; or exactly an entry of the allow
    /// list.
    private func isAllowed(host: String) -> Bool {
        let host = host.lowercased()
        let port = boundPort.withLock { $0 }
        if settings.allowedHosts.contains(where: { $0.lowercased() == host }) { return true }
        let bound = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
        let names = ["localhost", "127.0.0.1", "[::1]", bound] + settings.allowedHosts
        return names.contains { host == $0.lowercased() || host == "\($0.lowercased()):\(port)" }
    }
}
