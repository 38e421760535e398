import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// The client's channel: TLS where there is any, the upgrade, then WebSocket frames.
enum BoardPipeline {
    static let path = "/ws/board"
    /// News and anomalies come as whole lists.
    private static let messageBytesMax = 64 << 20
    private static let requestName = "board request"

    static func configure(
        _ channel: any Channel, address: RemoteAddress, token: String, certificates: String?,
        loop: BoardLoop, connection: Int
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if address.isSecure {
            let context = try NIOSSLContext(configuration: ClientTLS.configuration(certificates))
            try pipeline.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: address.serverName))
        }
        let upgrader = NIOWebSocketClientUpgrader(
            maxFrameSize: messageBytesMax, automaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4096,
                        maxAccumulatedFrameSize: messageBytesMax),
                    BoardSession(loop: loop, connection: connection),
                ])
            }
        }
        try pipeline.addHTTPClientHandlers(
            leftOverBytesStrategy: .forwardBytes,
            withClientUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.removeHandler(name: requestName, promise: nil)
                }
            ))
        try pipeline.addHandler(
            BoardRequest(address: address, token: token, loop: loop, connection: connection),
            name: requestName)
    }

    /// Client frames are masked, as the protocol demands.
    static func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, to channel: any Channel) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        channel.writeAndFlush(frame, promise: nil)
    }
}

/// Asks for the upgrade, and reports an answer that is none.
private final class BoardRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private static let bodyBytesMax = 65_536

    private let address: RemoteAddress
    private let token: String
    private let loop: BoardLoop
    private let connection: Int
    private var status: Int?
    private var body: [UInt8] = []
    private var isOver = false

    init(address: RemoteAddress, token: String, loop: BoardLoop, connection: Int) {
        self.address = address
        self.token = token
        self.loop = loop
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": address.hostHeader, "User-Agent": "ticktop",
            "Authorization": "Bearer " + token,
        ]
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: address.basePath + BoardPipeline.path,
            headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let bytes):
            if body.count < BoardRequest.bodyBytesMax { body += bytes.readableBytesView }
        case .end:
            let error = RemoteError(status: status ?? 0, body: body, server: address.server)
            fail(error, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let reason =
            error is HTTPParserError
            ? RemoteError.notTicktop(server: address.server, status: 0)
            : .unreachable(server: address.server, reason: ClientTLS.text(of: error))
        fail(reason, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.unreachable(server: address.server, reason: "it hung up"), context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { isOver = true }

    private func fail(_ error: RemoteError, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        loop.lost(error, connection)
        context.close(promise: nil)
    }
}

/// Whole messages to the loop; pings and closes are answered here.
private final class BoardSession: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let loop: BoardLoop
    private let connection: Int
    private var reason = "the connection was lost"

    init(loop: BoardLoop, connection: Int) {
        self.loop = loop
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        loop.opened(context.channel, connection)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        var data = frame.unmaskedData
        switch frame.opcode {
        case .binary: loop.received(data.readBytes(length: data.readableBytes) ?? [], connection)
        case .ping: BoardPipeline.send(.pong, data, to: context.channel)
        case .connectionClose:
            BoardPipeline.send(.connectionClose, data, to: context.channel)
            if data.readWebSocketErrorCode() != nil,
                let text = data.readString(length: data.readableBytes), !text.isEmpty
            {
                reason = String(text.prefix(200))
            }
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason = ClientTLS.text(of: error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.hungUp(reason, connection)
        context.fireChannelInactive()
    }
}
