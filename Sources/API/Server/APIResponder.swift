import HTTPTypes
import Hummingbird
import HummingbirdCore
import MarketModel
import NIOCore

/// What a request needs beside itself: who sent it.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The address it comes from. Made when asked for, which costs as much as a small request.
    var client: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}

/// Lets a request in, finds its route, answers it, and counts it. Every failure is a problem
/// document.
struct APIResponder: HTTPResponder {
    let settings: APISettings
    let requestGuard: RequestGuard
    let routes: RouteTable
    let metrics: RequestMetrics
    let streams: StreamResources
    let reader: MarketReader
    let cache = ReplyCache()

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let startedAt = SystemClock.monotonicNanoseconds
        var pattern = "none"
        let answered: Answered
        do throws(Problem) {
            answered = try await answer(request, context, pattern: &pattern)
        } catch {
            answered = Answered(reply: PreparedReply(Reply(error)))
        }
        let response = answered.reply.response(
            isHead: request.method == .head, ifNoneMatch: request.headers[.ifNoneMatch],
            ageSeconds: answered.ageSeconds)
        metrics.record(
            method: RequestMetrics.methodLabel(request.method.rawValue), route: pattern,
            status: response.status.code,
            nanoseconds: SystemClock.monotonicNanoseconds - startedAt)
        return response
    }

    /// What a WebSocket of this request listens to; `nil` when it may not be one. The request is
    /// counted when it may.
    func streamTopics(for head: HTTPRequest, client: String) -> Set<StreamTopic>? {
        do throws(Problem) {
            let (route, arguments) = try routes.match(
                method: head.method.rawValue, path: URI(head.path ?? "/").path)
            guard case .webSocket(let channels) = route.answer else { return nil }
            try requestGuard.authorize(head, for: route)
            let topics = try streams.topics(
                APIRequest(
                    arguments: arguments, query: [:], declared: route.allParameters.map(\.name)),
                channels)
            try requestGuard.admit(head, client: client)
            metrics.record(method: "GET", route: route.pattern, status: 101, nanoseconds: 0)
            return topics
        } catch {
            // Passed on, the request meets the same problem and is answered with it.
            return nil
        }
    }

    private struct Answered {
        var reply: PreparedReply
        var ageSeconds = 0
    }

    private func answer(_ request: Request, _ context: APIContext, pattern: inout String)
        async throws(Problem) -> Answered
    {
        try requestGuard.admit(request.head, client: context.client)
        let path = request.head.path ?? "/"
        let isRead = request.method == .get || request.method == .head
        if isRead, let kept = kept(path) {
            pattern = kept.route.pattern
            try requestGuard.authorize(request.head, for: kept.route)
            let age = reader.clock.now.duration(since: kept.madeAt)
            return Answered(reply: kept.reply, ageSeconds: Int(age.components.seconds))
        }
        let (route, arguments) = try routes.match(
            method: request.method.rawValue, path: request.uri.path)
        pattern = route.pattern
        try requestGuard.authorize(request.head, for: route)
        let askedAt = reader.clock.now
        let (reply, prepared) = try await withTaskExecutorPreference(
            route.isPatient ? reader.threads : nil
        ) { () async throws(Problem) -> (Reply, PreparedReply) in
            var reply = try await self.reply(to: request, by: route, arguments)
            if reply.status == 200 { reply.cacheSeconds = route.cacheSeconds }
            if route.isPatient { reader.history.stepAside() }
            return (reply, PreparedReply(reply))
        }
        if isRead, reply.cacheSeconds > 0 {
            cache.keep(
                ReplyCache.Entry(
                    route: route, reply: prepared, madeAt: askedAt,
                    lasts: .seconds(reply.cacheSeconds), snapshotTakenAt: reply.snapshotTakenAt),
                for: path)
        }
        return Answered(reply: prepared)
    }

    private func kept(_ path: String) -> ReplyCache.Entry? {
        cache.entry(
            path, now: reader.clock.now, snapshotTakenAt: reader.board.snapshot.takenAt)
    }

    private func reply(to request: Request, by route: Route, _ arguments: [String])
        async throws(Problem) -> Reply
    {
        var apiRequest = APIRequest(
            arguments: arguments, query: APIRequest.query(request.uri.query ?? ""),
            declared: route.allParameters.map(\.name))
        if route.isWrite { apiRequest.body = try await body(of: request) }
        guard case .listing(_, let member, let rows) = route.answer else {
            return try await route.handler(apiRequest)
        }
        let isCSV = try apiRequest.value(Route.format) == "csv"
        let reply = try await route.handler(apiRequest)
        return isCSV ? reply.csv(member: member, columns: rows.memberNames) : reply
    }

    private func body(of request: Request) async throws(Problem) -> [UInt8] {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: settings.bodyBytesMax)
        } catch is NIOTooManyBytesError {
            throw .bodyTooLarge(bytesMax: settings.bodyBytesMax)
        } catch {
            throw .malformed("The body could not be read.")
        }
        guard bytes.readableBytes > 0 else { return [] }
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("application/json") else { throw .notJSON }
        return Array(bytes.readableBytesView)
    }
}
