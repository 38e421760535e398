import Foundation
import MarketModel
import NIOCore
import NIOWebSocket

/// One client of the simulated provider: greeting, key, topics, and the frames it subscribed to.
///
/// Lives on the simulator's event loop.
final class SimulatorSession: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private struct Request: Decodable {
        var action: String
        var params: String

        var topics: [Substring] { params.split(separator: ",") }
    }

    /// Larger frames are split, well below the 1 MiB that clients expect at most.
    private static let eventsPerFrame = 2000
    private static let kinds: Set<String> = ["T", "Q", "A", "AM", "LULD"]

    private let loop: SimulatorLoop
    private let tickers: [String: Int]
    private var channel: (any Channel)?
    private var isAuthorised = false
    private var isLeaving = false
    private var wantsTrades: [Bool]
    private var wantsQuotes: [Bool]

    init(loop: SimulatorLoop, symbols: [Symbol]) {
        self.loop = loop
        tickers = Dictionary(
            uniqueKeysWithValues: symbols.enumerated().map { (String(describing: $1), $0) })
        wantsTrades = Array(repeating: false, count: symbols.count)
        wantsQuotes = wantsTrades
    }

    /// Whether events may go out to it.
    var isListening: Bool {
        !isLeaving && channel != nil && (wantsTrades.contains(true) || wantsQuotes.contains(true))
    }

    /// The frames of a tick for this client, as sent.
    func send(_ tick: SimulatedStream.Tick) -> [[UInt8]] {
        guard let channel else { return [] }
        var frames: [[UInt8]] = tick.garbage.map { [$0] } ?? []
        let wanted = tick.elements.filter { wants($0) }
        for start in stride(from: 0, to: wanted.count, by: SimulatorSession.eventsPerFrame) {
            let end = min(wanted.count, start + SimulatorSession.eventsPerFrame)
            frames.append(SimulatorSession.frame(of: wanted[start..<end], in: tick.bytes))
        }
        for frame in frames {
            channel.write(text(ByteBuffer(bytes: frame)), promise: nil)
        }
        channel.flush()
        if !channel.isWritable { loop.dropSlowReader(self) }
        return frames
    }

    func wants(_ element: SimulatedStream.Element) -> Bool {
        element.isTrade ? wantsTrades[element.listing] : wantsQuotes[element.listing]
    }

    static func frame(of elements: ArraySlice<SimulatedStream.Element>, in bytes: [UInt8])
        -> [UInt8]
    {
        var frame: [UInt8] = []
        frame.reserveCapacity(elements.reduce(2) { $0 + $1.bytes.count + 1 })
        frame.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { frame.append(UInt8(ascii: ",")) }
            frame += bytes[element.bytes]
        }
        frame.append(UInt8(ascii: "]"))
        return frame
    }

    /// Closes properly: what was written before is read by the client before it sees the close.
    func close(_ code: WebSocketErrorCode, reason: String) {
        guard let channel, !isLeaving else { return }
        isLeaving = true
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        channel.writeAndFlush(
            WebSocketFrame(fin: true, opcode: .connectionClose, data: data), promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        loop.joined(self)
    }

    func greet() {
        say([("connected", "Connected Successfully")])
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: answer(frame.unmaskedData)
        case .ping:
            context.writeAndFlush(
                wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)),
                promise: nil)
        case .connectionClose:
            if !isLeaving {
                context.writeAndFlush(
                    wrapOutboundOut(
                        WebSocketFrame(
                            fin: true, opcode: .connectionClose, data: frame.unmaskedData)),
                    promise: nil)
            }
            context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        channel = nil
        loop.left(self)
        context.fireChannelInactive()
    }

    private func answer(_ data: ByteBuffer) {
        guard
            let request = try? JSONDecoder().decode(
                Request.self, from: Data(data.readableBytesView))
        else {
            say([("error", "not a request")])
            return
        }
        switch (request.action, isAuthorised) {
        case ("auth", _): authorise(key: request.params)
        case ("subscribe", true): say(request.topics.map { change($0, to: true) })
        case ("unsubscribe", true): say(request.topics.map { change($0, to: false) })
        case (_, false): say([("not_authorized", "authenticate first")])
        default: say([("error", "unknown action")])
        }
    }

    private func authorise(key: String) {
        guard key != loop.options.keyRefused, !key.isEmpty else {
            say([("auth_failed", "authentication failed")])
            close(.policyViolation, reason: "authentication failed")
            return
        }
        isAuthorised = true
        say([("auth_success", "authenticated")])
        if let most = loop.options.connectionsMax, loop.sessionCount > most {
            say([("max_connections", "Maximum number of websocket connections exceeded.")])
            close(.policyViolation, reason: "max_connections")
        }
    }

    private func change(_ topic: Substring, to wanted: Bool) -> (status: String, message: String) {
        let parts = topic.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, SimulatorSession.kinds.contains(String(parts[0])) else {
            return ("error", "unknown topic \(topic)")
        }
        let kind = String(parts[0])
        guard !loop.options.kindsRefused.contains(kind) else {
            return ("not_authorized", "You are not entitled to \(topic)")
        }
        let listings =
            parts[1] == "*" ? Array(wantsTrades.indices) : tickers[String(parts[1])].map { [$0] }
        for listing in listings ?? [] {
            if kind == "T" { wantsTrades[listing] = wanted }
            if kind == "Q" { wantsQuotes[listing] = wanted }
        }
        if isListening { loop.beginMarket() }
        return ("success", "\(wanted ? "" : "un")subscribed to: \(topic)")
    }

    private func say(_ statuses: [(status: String, message: String)]) {
        let objects = statuses.map {
            "{\"ev\":\"status\",\"status\":\"\($0.status)\",\"message\":\"\($0.message)\"}"
        }
        channel?.writeAndFlush(
            text(ByteBuffer(string: "[\(objects.joined(separator: ","))]")), promise: nil)
    }

    private func text(_ data: ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .text, data: data)
    }
}
