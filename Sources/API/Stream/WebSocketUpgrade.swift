import HTTPTypes
import HummingbirdCore
import MarketModel
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOWebSocket

/// Turns a connection into a WebSocket when its request asks for one and may have it.
///
/// Whatever may not is passed on as an ordinary request, which is answered with what is wrong.
final class WebSocketUpgrade: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let responder: APIResponder
    private let hub: StreamHub
    private var answersOwed = 0
    /// The request that is a WebSocket's, once it is read to its end.
    private var asking: HTTPRequest?

    init(responder: APIResponder, hub: StreamHub) {
        self.responder = responder
        self.hub = hub
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if answersOwed == 0, WebSocketUpgrade.isAsked(for: head) {
                asking = head
            } else {
                answersOwed += 1
                context.fireChannelRead(data)
            }
        case .body:
            passOn(context)
            context.fireChannelRead(data)
        case .end:
            guard let head = asking else { return context.fireChannelRead(data) }
            decide(head, context)
            if asking != nil {
                passOn(context)
                context.fireChannelRead(data)
            }
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { answersOwed = max(0, answersOwed - 1) }
        context.write(data, promise: promise)
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard let head = asking else { return }
        asking = nil
        answersOwed += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Leaves `asking` as it is when the request is to be passed on.
    private func decide(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        let client = context.channel.remoteAddress?.ipAddress ?? "unknown"
        guard let topics = responder.streamTopics(for: head, client: client) else { return }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: head.path ?? "/",
            headers: HTTPHeaders(head.headerFields.map { ($0.name.rawName, $0.value) }))
        asking = nil
        upgrader.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: request, initialResponseHeaders: HTTPHeaders()
        ).assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success(let headers): upgrade(headers, topics, context)
            case .failure(let error): context.fireErrorCaught(error)
            }
        }
    }

    /// The new handlers stand before those of HTTP, which see nothing of the connection any more.
    private func upgrade(
        _ headers: HTTPHeaders, _ topics: Set<StreamTopic>, _ context: ChannelHandlerContext
    ) {
        let session = StreamSession(topics: topics, hub: hub, settings: responder.settings)
        let pipeline = context.pipeline.syncOperations
        let bytesMax = responder.settings.bodyBytesMax
        do {
            // Its timer would take the silent HTTP side for an idle connection.
            let idle = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            pipeline.removeHandler(idle, promise: nil)
            try pipeline.addHandlers(
                [
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: bytesMax)),
                    UnmaskedFrames(),
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
                        maxAccumulatedFrameSize: bytesMax), session,
                ], position: .first)
        } catch {
            return context.fireErrorCaught(error)
        }
        var text = "HTTP/1.1 101 Switching Protocols\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        session.open(ByteBuffer(string: text + "\r\n"))
    }

    /// GET, `Connection: upgrade`, `Upgrade: websocket`, version 13 and a key of 16 bytes.
    private static func isAsked(for head: HTTPRequest) -> Bool {
        func words(_ name: HTTPField.Name) -> [Substring] {
            (head.headerFields[name] ?? "").lowercased().split { ", ".contains($0) }
        }
        let key = head.headerFields[.secWebSocketKey] ?? ""
        return head.method == .get && words(.connection).contains("upgrade")
            && words(.upgrade).contains("websocket")
            && head.headerFields[.secWebSocketVersion] == "13"
            && key.utf8.count == 24 && key.hasSuffix("==")
    }
}

/// A client masks every frame; one that does not is no WebSocket client.
private final class UnmaskedFrames: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard frame.maskKey != nil || frame.length == 0 else {
            return context.fireErrorCaught(NIOWebSocketError.fragmentedControlFrame)
        }
        context.fireChannelRead(data)
    }
}
