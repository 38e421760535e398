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

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
