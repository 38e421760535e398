import NIOCore
import NIOHTTP1

/// Takes the time when bytes leave the socket, before anything is made of them.
final class ReadStamp: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: FeedLoop

    init(loop: FeedLoop) { self.loop = loop }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.bytesRead()
        context.fireChannelRead(data)
    }
}

/// Asks for the upgrade, and reports an answer that is none.
final class UpgradeRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let address: FeedAddress
    private let loop: FeedLoop
    private var hasFailed = false
    private var isRemoved = false

    init(address: FeedAddress, loop: FeedLoop) {
        self.address = address
        self.loop = loop
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": address.hostAndPort, "User-Agent": "ticktop",
        ]
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: address.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !hasFailed else { return }
        hasFailed = true
        if loop.isCurrent(context.channel) { loop.answered(httpStatus: Int(head.status.code)) }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, WebSocketPipeline.text(of: error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, "connection lost before the upgrade")
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { isRemoved = true }

    private func fail(_ context: ChannelHandlerContext, _ reason: String) {
        guard !hasFailed, !isRemoved else { return }
        hasFailed = true
        if loop.isCurrent(context.channel) { loop.lost(code: nil, text: reason) }
    }
}
