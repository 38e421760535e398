import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// The client's channel: read stamp, TLS, HTTP upgrade, then WebSocket frames.
enum WebSocketPipeline {
    private static let requestHandlerName = "upgrade request"
    /// How long the provider gets to answer a close before the socket is shut.
    private static let closeGrace = TimeAmount.milliseconds(500)

    static func configure(
        _ channel: any Channel, address: FeedAddress,
        certificates: WebSocketFeedOptions.Certificates, loop: FeedLoop
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ReadStamp(loop: loop))
        if address.isSecure {
            let context = try NIOSSLContext(configuration: tls(certificates))
            try pipeline.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: address.serverName))
        }
        let upgrader = NIOWebSocketClientUpgrader(
            maxFrameSize: WebSocketFeedOptions.messageBytesMax, automaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4096,
                        maxAccumulatedFrameSize: WebSocketFeedOptions.messageBytesMax),
                    WebSocketSession(loop: loop),
                ])
            }
        }
        try pipeline.addHTTPClientHandlers(
            leftOverBytesStrategy: .forwardBytes,
            withClientUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.removeHandler(name: requestHandlerName, promise: nil)
                }
            ))
        try pipeline.addHandler(
            UpgradeRequest(address: address, loop: loop), name: requestHandlerName)
    }

    private static func tls(_ certificates: WebSocketFeedOptions.Certificates) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        switch certificates {
        case .system: break
        case .file(let path): configuration.trustRoots = .file(path)
        case .unchecked: configuration.certificateVerification = .none
        }
        return configuration
    }

    /// Client frames are masked, as the protocol demands.
    static func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, to channel: any Channel) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        channel.writeAndFlush(frame, promise: nil)
    }

    /// Says goodbye when that is possible, then shuts the socket.
    static func close(_ channel: any Channel) {
        var code = ByteBuffer()
        code.write(webSocketErrorCode: .normalClosure)
        send(.connectionClose, code, to: channel)
        channel.eventLoop.scheduleTask(in: closeGrace) { channel.close(promise: nil) }
    }

    /// What a person can act on, in place of an error's dump.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if error.dnsAError != nil || error.dnsAAAAError != nil,
                error.connectionErrors.isEmpty
            {
                return "cannot find the host \(error.host)"
            }
            return "cannot connect to \(error.host):\(error.port)"
        case let error as NIOSSLError:
            if case .handshakeFailed = error { return "the certificate was not accepted" }
            return "TLS failed"
        case is NIOSSLExtraError: return "the certificate is for another host"
        case let error as ChannelError:
            if case .connectTimeout = error { return "no connection within the time limit" }
            return "connection lost"
        case NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            return "a message larger than 1 MiB"
        case let error as IOError: return "connection lost (errno \(error.errnoCode))"
        default: return "connection lost: \(error)"
        }
    }
}

/// Takes the time when bytes leave the socket, before anything is made of them.
private final class ReadStamp: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: FeedLoop

    init(loop: FeedLoop) { self.loop = loop }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.bytesRead()
        context.fireChannelRead(data)
    }
}

/// Asks for the upgrade, and reports an answer that is none.
private final class UpgradeRequest: ChannelInboundHandler, RemovableChannelHandler {
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

/// Whole messages to the loop; pings and closes are answered here.
private final class WebSocketSession: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let loop: FeedLoop
    private var closeCode: Int?
    private var closeText = ""

    init(loop: FeedLoop) { self.loop = loop }

    func handlerAdded(context: ChannelHandlerContext) { loop.opened(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard loop.isCurrent(context.channel) else { return }
        switch frame.opcode {
        case .text, .binary:
            let bytes = frame.unmaskedData
            loop.received([UInt8](bytes.readableBytesView))
        case .ping:
            loop.signOfLife()
            WebSocketPipeline.send(.pong, frame.unmaskedData, to: context.channel)
        case .pong: loop.signOfLife()
        case .connectionClose: answerClose(context, frame)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if closeCode == nil, closeText.isEmpty { closeText = WebSocketPipeline.text(of: error) }
        let code: WebSocketErrorCode? =
            switch error {
            case NIOWebSocketError.invalidFrameLength,
                NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
                .messageTooLarge
            case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error: .protocolError
            default: nil
            }
        if let code {
            var data = ByteBuffer()
            data.write(webSocketErrorCode: code)
            WebSocketPipeline.send(.connectionClose, data, to: context.channel)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if loop.isCurrent(context.channel) { loop.lost(code: closeCode, text: closeText) }
        context.fireChannelInactive()
    }

    private func answerClose(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        var data = frame.unmaskedData
        if let code = data.readWebSocketErrorCode() {
            closeCode = Int(UInt16(webSocketErrorCode: code))
            closeText = data.readString(length: data.readableBytes) ?? ""
        }
        WebSocketPipeline.send(.connectionClose, frame.unmaskedData, to: context.channel)
        context.close(promise: nil)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
