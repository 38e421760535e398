import HTTPTypes
import Hummingbird
import HummingbirdCore
import MarketModel
import NIOCore

/// What a request needs beside itself: who sent it.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let client: String

    init(source: Source) {
        coreContext = .init(source: source)
        client = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// Lets a request in, finds its route, answers it, and counts it. Every failure is a problem
/// document.
struct APIResponder: HTTPResponder {
    let settings: APISettings
    let requestGuard: RequestGuard
    let routes: RouteTable
    let metrics: RequestMetrics
    let streams: StreamResources

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let startedAt = SystemClock.monotonicNanoseconds
        var pattern = "none"
        let reply: Reply
        do throws(Problem) {
            reply = try await answer(request, client: context.client, pattern: &pattern)
        } catch {
            reply = Reply(error)
        }
        metrics.record(
            method: RequestMetrics.methodLabel(request.method.rawValue), route: pattern,
            status: reply.status,
            nanoseconds: SystemClock.monotonicNanoseconds - startedAt)
        return reply.response(
            isHead: request.method == .head, ifNoneMatch: request.headers[.ifNoneMatch])
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

    private func answer(_ request: Request, client: String, pattern: inout String)
        async throws(Problem) -> Reply
    {
        try requestGuard.admit(request.head, client: client)
        let (route, arguments) = try routes.match(
            method: request.method.rawValue, path: request.uri.path)
        pattern = route.pattern
        try requestGuard.authorize(request.head, for: route)
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
