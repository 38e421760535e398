import NIOCore
import NIOWebSocket

/// Whole messages to the loop; pings and closes are answered here.
final class WebSocketSession: ChannelInboundHandler {
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
            var data = frame.unmaskedData
            loop.received(data.readBytes(length: data.readableBytes) ?? [])
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
