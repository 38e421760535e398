import MarketModel
import NIOCore
import NIOWebSocket

/// One WebSocket: takes what its client says, and sends it what it listens to as fast as it reads.
///
/// A client that does not keep up gets the newest of each thing; one that takes nothing for long,
/// or lets too much pile up, is closed and told why. Lives on its channel's event loop.
final class StreamSession: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    /// Messages a client may send in one second.
    static let messagesPerSecondMax = 50
    /// Things that may wait for a slow client.
    static let pendingMax = 10_000
    /// Of the board, which is every ticker at once.
    static let pendingOfBoardMax = 50_000
    static let kernelBytesMax = 65_536
    /// How long a client has for its answer to a close.
    static let closeWait = TimeAmount.seconds(1)
    /// The same for one that first has to read what has piled up.
    static let slowCloseWait = TimeAmount.seconds(5)

    /// What it listens to from the start; empty where the client says it.
    private let topics: Set<StreamTopic>
    private let hub: StreamHub
    private let settings: APISettings
    private var context: ChannelHandlerContext?
    private var id: Int?
    private var pending = PendingUpdates()
    private var isClosing = false
    /// By the monotonic clock: since when nothing could be written.
    private var slowSince: Int64?
    private var heardAt: Int64
    private var second: Int64 = 0
    private var messagesInSecond = 0
    private var pulse: RepeatedTask?

    init(topics: Set<StreamTopic>, hub: StreamHub, settings: APISettings) {
        self.topics = topics
        self.hub = hub
        self.settings = settings
        heardAt = SystemClock.monotonicNanoseconds
    }

    /// Sends the answer to the upgrade; from then on the connection is a WebSocket.
    func open(_ head: ByteBuffer) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(head), promise: nil)
        // What waits in the kernel is old before it is sent.
        _ = context.channel.setOption(
            .socketOption(.so_sndbuf), value: SocketOptionValue(StreamSession.kernelBytesMax))
        let id = hub.join(self, on: context.eventLoop)
        self.id = id
        if !topics.isEmpty { hub.subscribe(id, to: topics, answer: nil) }
        let session = NIOLoopBound(self, eventLoop: context.eventLoop)
        let interval = TimeAmount(settings.pingInterval)
        pulse = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            _ in session.value.beat()
        }
    }

    /// Something that must not be conflated: an answer to the client.
    func answer(_ frame: ByteBuffer) {
        guard let context, !isClosing else { return }
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func deliver(_ updates: [StreamUpdate]) {
        guard let context, !isClosing, !updates.isEmpty else { return }
        for update in updates {
            if pending.isEmpty, context.channel.isWritable {
                context.write(wrapOutboundOut(update.frame), promise: nil)
            } else {
                pending.put(update)
            }
        }
        context.flush()
        flushPending()
        if pending.count > pendingMax {
            close(
                .policyViolation, "reads too slowly: \(pending.count) messages wait",
                wait: StreamSession.slowCloseWait)
        }
    }

    func close(
        _ code: WebSocketErrorCode, _ reason: String, wait: TimeAmount = StreamSession.closeWait
    ) {
        guard let context, !isClosing else { return }
        isClosing = true
        pending = PendingUpdates()
        context.writeAndFlush(wrapOutboundOut(WebSocketFrames.close(code, reason)), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: wait) {
            bound.value.close(promise: nil)
        }
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        heardAt = SystemClock.monotonicNanoseconds
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return close(.protocolError, "no extension was agreed on")
        }
        switch frame.opcode {
        case .text: heard(frame.unmaskedData)
        case .ping:
            guard !isClosing else { return }
            answer(WebSocketFrames.frame(.pong, Array(frame.unmaskedData.readableBytesView)))
        case .pong: break
        case .connectionClose: closed(by: frame.unmaskedData, context)
        case .binary: close(.unacceptableData, "messages are text")
        default: close(.protocolError, "unknown opcode")
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        flushPending()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        if event is ChannelShouldQuiesceEvent { return close(.goingAway, "the server stops") }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What follows a fault is no frame any more; it is read and dropped until the end.
        guard !isClosing else { return }
        switch error {
        case NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            close(.messageTooLarge, "a message may have \(settings.bodyBytesMax) bytes")
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
            close(.protocolError, "not RFC 6455")
        default: context.close(promise: nil)
        }
    }

    // MARK: What the client says

    private func heard(_ data: ByteBuffer) {
        guard !isClosing else { return }
        let now = SystemClock.monotonicNanoseconds / 1_000_000_000
        messagesInSecond = now == second ? messagesInSecond + 1 : 1
        second = now
        guard messagesInSecond <= StreamSession.messagesPerSecondMax else {
            return close(.policyViolation, "too many messages")
        }
        let bytes = Array(data.readableBytesView)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            return close(.dataInconsistentWithMessage, "not UTF-8")
        }
        do throws(StreamRequest.Failure) {
            try obey(try StreamRequest(bytes))
        } catch {
            answer(WebSocketFrames.text(error.json))
        }
    }

    private var pendingMax: Int {
        topics.contains(.board) ? StreamSession.pendingOfBoardMax : StreamSession.pendingMax
    }

    private func obey(_ request: StreamRequest) throws(StreamRequest.Failure) {
        guard let id else { return }
        switch request {
        case .ping: answer(WebSocketFrames.text(["type": .text("pong")]))
        case .watch(let symbols):
            hub.watch(symbols)
            answer(
                WebSocketFrames.text([
                    "type": .text("watching"), "symbols": .list(symbols.map { .of($0) }),
                ]))
        case .subscribe where !topics.isEmpty, .unsubscribe where !topics.isEmpty: throw .fixed
        case .subscribe(let topics, let echo):
            hub.subscribe(id, to: topics, answer: echo.json("subscribed"))
        case .unsubscribe(let topics, let echo):
            hub.unsubscribe(id, from: topics, answer: echo.json("unsubscribed"))
        }
    }

    /// Answers with the client's own code, or 1002 for one that nobody may send; then ends.
    private func closed(by data: ByteBuffer, _ context: ChannelHandlerContext) {
        guard !isClosing else { return context.close(promise: nil) }
        isClosing = true
        var data = data
        let number = data.readInteger(as: UInt16.self)
        let isLegal =
            number.map {
                [1000, 1001, 1002, 1003].contains($0) || (1007...1014).contains($0)
                    || (3000...4999).contains($0)
            } ?? true
        let code = isLegal ? Int(number ?? 1000) : 1002
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrames.close(WebSocketErrorCode(codeNumber: code), "")),
            promise: written)
    }

    // MARK: Pace

    private func flushPending() {
        guard let context, !isClosing else { return }
        var hasWritten = false
        while context.channel.isWritable, let frame = pending.take() {
            context.write(wrapOutboundOut(frame), promise: nil)
            hasWritten = true
        }
        if hasWritten { context.flush() }
        let now = SystemClock.monotonicNanoseconds
        slowSince = context.channel.isWritable && pending.isEmpty ? nil : slowSince ?? now
        if let slowSince, now - slowSince > settings.slowClientMax.nanosecondsWhole {
            close(
                .policyViolation, "reads too slowly", wait: StreamSession.slowCloseWait)
        }
    }

    /// Once a ping interval: is the client still there, and does it read?
    private func beat() {
        guard !isClosing else { return }
        flushPending()
        let silence = SystemClock.monotonicNanoseconds - heardAt
        if silence > 2 * settings.pingInterval.nanosecondsWhole {
            close(.goingAway, "no answer to pings")
        } else {
            answer(WebSocketFrames.frame(.ping, []))
        }
    }

    private func end() {
        guard context != nil else { return }
        context = nil
        pulse?.cancel()
        if let id { hub.leave(id) }
        id = nil
    }
}

/// What waits for a slow client: the newest of each thing, in the order in which they first waited.
struct PendingUpdates {
    private var order: [StreamKey] = []
    private var first = 0
    private var frames: [StreamKey: ByteBuffer] = [:]

    var isEmpty: Bool { frames.isEmpty }
    var count: Int { frames.count }

    mutating func put(_ update: StreamUpdate) {
        if frames.updateValue(update.frame, forKey: update.key) == nil { order.append(update.key) }
    }

    mutating func take() -> ByteBuffer? {
        guard first < order.count else { return nil }
        let frame = frames.removeValue(forKey: order[first])
        first += 1
        if first == order.count {
            order.removeAll(keepingCapacity: true)
            first = 0
        }
        return frame
    }
}
