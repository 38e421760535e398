import HTTPTypes
import MarketModel
import Synchronization

/// Decides whether a request is let in, before anything is read for it.
final class RequestGuard: Sendable {
    private let settings: APISettings
    private let token: APIToken
    private let clock: any MarketClock
    private let rate: Mutex<RateLimit>
    /// In lower case. Complete once bound: with port 0 the port is known only then.
    private let hosts: Mutex<Set<String>>
    /// Of those who bring the token: a screen on another machine asks several times a second.
    private let trustedRate: Mutex<RateLimit>

    init(settings: APISettings, token: APIToken, clock: any MarketClock) {
        self.settings = settings
        self.token = token
        self.clock = clock
        rate = Mutex(RateLimit(perMinuteMax: settings.requestsPerMinuteMax))
        hosts = Mutex(RequestGuard.hosts(settings, port: settings.port))
        trustedRate = Mutex(RateLimit(perMinuteMax: settings.requestsPerMinuteTrusted))
    }

    func didBind(port: Int) {
        hosts.withLock { $0 = RequestGuard.hosts(settings, port: port) }
    }

    /// Each allowed name, alone and with the bound port; an entry of the allow list that names
    /// another port is allowed with that.
    private static func hosts(_ settings: APISettings, port: Int) -> Set<String> {
        let bound = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
        let names = ["localhost", "127.0.0.1", "[::1]", bound] + settings.allowedHosts
        return Set(names.flatMap { [$0.lowercased(), "\($0.lowercased()):\(port)"] })
    }

    /// Before routing: the host, the rate, the sizes.
    func admit(_ head: HTTPRequest, client: @autoclosure () -> String) throws(Problem) {
        guard let host = head.authority, !host.isEmpty else {
            throw .malformed("The Host header is missing.")
        }
        // RFC 9112, 3.2: one Host, or none of them counts. Another one stands among the fields.
        guard !head.headerFields.contains(where: { $0.name.canonicalName == "host" }) else {
            throw .malformed("There is more than one Host header.")
        }
        guard isAllowed(host: host) else { throw .host(String(host.prefix(100))) }
        let isTrusted = hasToken(head)
        let perMinuteMax =
            isTrusted ? settings.requestsPerMinuteTrusted : settings.requestsPerMinuteMax
        if perMinuteMax > 0, let wait = secondsToWait(client(), isTrusted: isTrusted) {
            throw .tooManyRequests(waitSeconds: wait, perMinute: perMinuteMax)
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

    private func secondsToWait(_ client: String, isTrusted: Bool) -> Int? {
        let now = clock.now
        return isTrusted
            ? trustedRate.withLock { $0.secondsToWait(client, now: now) }
            : rate.withLock { $0.secondsToWait(client, now: now) }
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

    private func isAllowed(host: String) -> Bool {
        hosts.withLock { $0.contains(host) || $0.contains(host.lowercased()) }
    }
}
