import Dispatch
import MarketModel
import NIOCore
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A live feed's life: attempt, conversation, data, loss, wait, next attempt.
///
/// `@unchecked Sendable`: every stored property that changes is touched on `eventLoop` alone.
final class FeedLoop: @unchecked Sendable {
    private let options: WebSocketFeedOptions
    private let clock: any MarketClock
    private let eventLoop: any EventLoop
    private let onStatus: @Sendable (FeedStatus) -> Void
    private let source: FeedSource
    private var queue: FrameQueue?
    private var conversation: FeedConversation
    private var backoff: Backoff
    private var attempt = 0
    /// Counts connections up to their end, so that what an abandoned one still reports is
    /// recognised.
    private var connection = 0
    private var channel: (any Channel)?
    /// The channel speaks WebSocket: before its upgrade it knows HTTP only, and traps on a frame.
    private var isUpgraded = false
    private var isOver = false
    private var isAccepted = false
    private var dataFrom: Timestamp?
    private var dataUntil: Timestamp?
    private var framesSincePing = 0
    private var pingsMissed = 0
    private var timers: [any Cancelling] = []
    /// When the bytes that are being decoded were read from the socket.
    private(set) var readAt = Timestamp.distantPast

    init(
        _ options: WebSocketFeedOptions, clock: any MarketClock, eventLoop: any EventLoop,
        onStatus: @escaping @Sendable (FeedStatus) -> Void
    ) {
        self.options = options
        self.clock = clock
        self.eventLoop = eventLoop
        self.onStatus = onStatus
        source = options.provider.source
        conversation =
            switch options.provider {
            case .massive:
                .massive(
                    MassiveConversation(
                        key: options.key, symbols: options.symbols, kinds: options.topics))
            case .binance: .binance(BinanceConversation())
            }
        backoff = Backoff(
            Backoff.Rule(
                first: options.retryFirst, longest: options.retryLongest,
                resetAfter: options.retryResetAfter), seed: options.seed)
    }

    func begin(into queue: FrameQueue) {
        eventLoop.execute {
            self.queue = queue
            self.connect()
        }
    }

    /// Returns when nothing more will be offered.
    func end() {
        let ended = DispatchSemaphore(value: 0)
        eventLoop.execute {
            if !self.isOver {
                self.leave()
                self.finishConnection(reason: "stopped")
                self.isOver = true
                self.onStatus(.ended)
            }
            ended.signal()
        }
        ended.wait()
    }

    // MARK: Connecting

    private func connect() {
        guard !isOver else { return }
        attempt += 1
        onStatus(.connecting(attempt: attempt))
        guard let address = address() else {
            refuse(reason: "not a WebSocket address", remedy: "check --url")
            return
        }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(options.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A busy market sends tens of megabytes a second: each turn of the loop takes much of
            // it.
            .channelOption(.maxMessagesPerRead, value: 16)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4096, initial: 65_536, maximum: 1 << 20)
            )
            .channelInitializer { [options] channel in
                channel.eventLoop.makeCompletedFuture {
                    try WebSocketPipeline.configure(
                        channel, address: address, certificates: options.certificates, loop: self)
                }
            }
        bootstrap.connect(host: address.host, port: address.port).whenComplete {
            [connection] result in
            let isWanted = !self.isOver && self.connection == connection
            switch result {
            case .success(let channel):
                if isWanted { self.channel = channel } else { channel.close(promise: nil) }
            case .failure(let error):
                guard isWanted else { return }
                self.lost(code: nil, text: WebSocketPipeline.text(of: error))
            }
        }
        after(options.connectTimeout * 2) {
            // Connected, but the upgrade or the provider's greeting never came.
            if !self.isAccepted { self.hangUp(reason: "no answer from the provider") }
        }
    }

    private func address() -> FeedAddress? {
        guard var address = FeedAddress(options.url) else { return nil }
        if options.provider == .binance, address.path == "/" {
            address.path = BinanceRequest.path(BinanceRequest.streams(options.symbols))
        }
        return address
    }

    /// The server answered the upgrade with a plain HTTP status.
    func answered(httpStatus: Int) {
        if case .refused(let reason, let remedy) = FeedConversation.refusal(
            httpStatus: httpStatus, source: source)
        {
            refuse(reason: reason, remedy: remedy)
        } else {
            hangUp(reason: "the provider answered \(httpStatus)")
        }
    }

    // MARK: Connected

    func opened(_ channel: any Channel) {
        self.channel = channel
        isUpgraded = true
        framesSincePing = 0
        pingsMissed = 0
        perform(conversation.opened())
        schedulePing()
        if let renewAfter = options.renewAfter {
            after(renewAfter) { self.renew(reason: "the connection is a day old") }
        }
    }

    func bytesRead() { readAt = clock.now }

    /// Something arrived that is no message: a pong or a ping.
    func signOfLife() { framesSincePing += 1 }

    func received(_ frame: [UInt8]) {
        framesSincePing += 1
        guard !isOver, channel != nil else { return }
        perform(conversation.received(frame))
        if isAccepted {
            dataFrom = dataFrom ?? readAt
            dataUntil = readAt
        }
        queue?.offer(
            LogRecord(kind: .frame, source: source, receivedAt: readAt, payload: frame))
    }

    private func perform(_ steps: [ConversationStep]) {
        for step in steps where !isOver {
            switch step {
            case .send(let text): send(text)
            case .accepted: accept()
            case .warn(let text): onStatus(.warning(options.key.redacted(text)))
            case .refused(let reason, let remedy): refuse(reason: reason, remedy: remedy)
            case .reconnect(let reason, let isPlanned):
                if isPlanned { renew(reason: reason) } else { hangUp(reason: reason) }
            }
        }
    }

    private func accept() {
        isAccepted = true
        offer(.connected(source))
        onStatus(.live)
    }

    private func send(_ text: String) {
        guard let channel else { return }
        WebSocketPipeline.send(.text, ByteBuffer(string: text), to: channel)
    }

    private func schedulePing() {
        let task = eventLoop.scheduleRepeatedTask(
            initialDelay: TimeAmount(options.pingEvery), delay: TimeAmount(options.pingEvery)
        ) { _ in self.ping() }
        timers.append(task)
    }

    private func ping() {
        guard let channel else { return }
        pingsMissed = framesSincePing == 0 ? pingsMissed + 1 : 0
        framesSincePing = 0
        guard pingsMissed < 2 else {
            hangUp(reason: "no answer to two pings")
            return
        }
        WebSocketPipeline.send(.ping, ByteBuffer(string: "ticktop"), to: channel)
    }

    // MARK: Losing the connection

    /// The connection ended by itself or by the provider's will. Told once for each connection.
    func lost(code: Int?, text: String) {
        guard !isOver else { return }
        let (reason, waitsLong) = conversation.closed(code: code, text: text)
        finishConnection(reason: reason)
        let jittered = backoff.next()
        wait(waitsLong ? max(jittered, options.retryLongest / 2) : jittered, reason: reason)
    }

    private func hangUp(reason: String) {
        guard !isOver else { return }
        leave()
        lost(code: nil, text: reason)
    }

    /// Makes a new connection at once: a planned change, no failure.
    private func renew(reason: String) {
        guard !isOver, channel != nil else { return }
        leave()
        finishConnection(reason: reason)
        wait(.zero, reason: reason)
    }

    /// Somebody does not want to wait.
    func reconnect() {
        eventLoop.execute {
            guard !self.isOver, self.queue != nil else { return }
            self.leave()
            self.finishConnection(reason: "a new connection was asked for")
            self.connect()
        }
    }

    private func refuse(reason: String, remedy: String) {
        leave()
        finishConnection(reason: reason)
        isOver = true
        onStatus(.refused(reason: options.key.redacted(reason), remedy: remedy))
    }

    private func leave() {
        guard let channel else { return }
        self.channel = nil
        if isUpgraded { WebSocketPipeline.close(channel) } else { channel.close(promise: nil) }
    }

    private func finishConnection(reason: String) {
        channel = nil
        isUpgraded = false
        connection += 1
        cancelTimers()
        if isAccepted { offer(.disconnected(source, reason: options.key.redacted(reason))) }
        isAccepted = false
        if let dataFrom, let dataUntil {
            backoff.connectionEnded(dataFlowedFor: dataUntil.duration(since: dataFrom))
        }
        (dataFrom, dataUntil) = (nil, nil)
    }

    private func wait(_ delay: Duration, reason: String) {
        onStatus(
            .disconnected(
                reason: options.key.redacted(reason), retryAt: clock.now.advanced(by: delay)))
        after(delay) { self.connect() }
    }

    /// Whether `channel` is the connection in use: what an abandoned one still says is of no
    /// interest.
    func isCurrent(_ channel: any Channel) -> Bool {
        !isOver && self.channel === channel
    }

    private func offer(_ notice: Notice) {
        queue?.offer(LogRecord(notice: notice, source: source, receivedAt: clock.now))
    }

    private func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) {
        timers.append(eventLoop.scheduleTask(in: TimeAmount(delay), body))
    }

    private func cancelTimers() {
        for timer in timers { timer.cancel() }
        timers = []
    }
}

private protocol Cancelling { func cancel() }
extension Scheduled: Cancelling {}
extension RepeatedTask: Cancelling { func cancel() { cancel(promise: nil) } }
