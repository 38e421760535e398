import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what cannot be parsed, and closes connections of clients that send or read too slowly.
///
/// Bytes of a body beyond the limit are dropped here; the resource sees one too many and answers
/// 413.
final class ConnectionLimits: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let settings: APISettings
    private var requestsInFlight = 0
    private var bodyBytes = 0
    private var closesAfterResponse = false
    private var deadline: Scheduled<Void>?

    init(settings: APISettings) { self.settings = settings }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestsInFlight += 1
            bodyBytes = 0
            if deadline == nil { scheduleClose(context, in: TimeAmount(settings.requestTimeout)) }
        case .body(let bytes):
            let wasWithin = bodyBytes <= settings.bodyBytesMax
            bodyBytes += bytes.readableBytes
            guard wasWithin else { return }
        case .end: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection] == "close" { closesAfterResponse = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            requestsInFlight -= 1
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            let limits = NIOLoopBound(self, eventLoop: context.eventLoop)
            let loopContext = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in
                limits.value.responseWritten(loopContext.value)
            }
            context.writeAndFlush(data, promise: written)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // In the middle of a request its resource gets the error, and the connection ends with it.
        guard requestsInFlight == 0 else { return context.fireErrorCaught(error) }
        guard !closesAfterResponse else { return }
        closesAfterResponse = true
        let isTooLarge = (error as? HTTPParserError) == .headerOverflow
        var problem =
            isTooLarge
            ? Problem.headersTooLarge(bytesMax: settings.headerBytesMax)
            : Problem.malformed("The request is not HTTP/1.1.")
        problem.closesConnection = true
        let reply = Reply(problem)
        let body = reply.body
        let head = HTTPResponse(
            status: .init(code: reply.status),
            headerFields: reply.headerFields(bodyBytes: body.count))
        requestsInFlight += 1
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        write(context: context, data: NIOAny(HTTPResponsePart.end(nil)), promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    private func responseWritten(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        if closesAfterResponse {
            // Output first: a close with bytes unread would reset the connection and lose the
            // answer.
            context.close(mode: .output, promise: nil)
            scheduleClose(context, in: .seconds(1))
        } else if requestsInFlight > 0 {
            scheduleClose(context, in: TimeAmount(settings.requestTimeout))
        }
    }

    private func scheduleClose(_ context: ChannelHandlerContext, in span: TimeAmount) {
        let loopContext = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: span) {
            loopContext.value.close(promise: nil)
        }
    }
}
