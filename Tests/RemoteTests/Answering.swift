import MarketModel
import NIOCore
import NIOPosix
import TestSupport

@testable import Remote

/// A server that says the same to everybody, whatever they ask.
final class Answering: Sendable {
    private let text: String
    private let channel: (any Channel)?

    init(_ text: String) {
        self.text = text
        channel = nil
    }

    private init(_ text: String, _ channel: any Channel) {
        self.text = text
        self.channel = channel
    }

    var port: Int { channel?.localAddress?.port ?? 0 }

    func start() async throws -> Answering {
        let text = self.text
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SameAnswer(text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Answering(text, channel)
    }

    func board() throws -> RemoteBoard {
        RemoteBoard(
            try RemoteAddress("http://127.0.0.1:\(port)"), token: "t",
            clock: ManualClock(Timestamp(seconds: 1)), seed: 1)
    }

    func stop() async throws { try await channel?.close() }
}

private final class SameAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String

    init(_ text: String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
