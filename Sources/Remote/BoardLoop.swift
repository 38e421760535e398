import Engine
import MarketModel
import NIOCore
import NIOPosix

/// The life of the connection that brings the market: attempt, messages, loss, wait, next attempt.
///
/// `@unchecked Sendable`: every stored property that changes is touched on `eventLoop` alone.
final class BoardLoop: @unchecked Sendable {
    /// The side port sends ten messages a second: nothing for so long means that it is gone.
    private static let silenceMax = Duration.seconds(10)
    private static let connectTimeout = TimeAmount.seconds(5)
    private static let lookInterval = TimeAmount.milliseconds(200)

    private let address: RemoteAddress
    private let token: String
    private let certificates: String?
    private let board: SnapshotBoard
    private let clock: RemoteClock
    private let eventLoop: any EventLoop
    /// Called with the outcome of every attempt: `nil` once the market is there.
    private let onOutcome: @Sendable (RemoteError?) -> Void
    private var backoff: Backoff
    /// Counts connections up to their end, so that what an abandoned one still reports is
    /// recognised.
    private var connection = 0
    private var attempt = 0
    private var channel: (any Channel)?
    private var assembly = BoardAssembly()
    private var isGreeted = false
    private var isLive = false
    private var isOver = false
    private var heardAt: Int64 = 0
    private var watched: [Symbol] = []
    private var look: RepeatedTask?

    init(
        _ address: RemoteAddress, token: String, certificates: String?, board: SnapshotBoard,
        clock: RemoteClock, eventLoop: any EventLoop, seed: UInt64,
        onOutcome: @escaping @Sendable (RemoteError?) -> Void
    ) {
        self.address = address
        self.token = token
        self.certificates = certificates
        self.board = board
        self.clock = clock
        self.eventLoop = eventLoop
        self.onOutcome = onOutcome
        backoff = Backoff(seed: seed)
    }

    func begin() {
        eventLoop.execute {
            self.connect()
            self.look = self.eventLoop.scheduleRepeatedTask(
                initialDelay: BoardLoop.lookInterval, delay: BoardLoop.lookInterval
            ) { _ in self.lookAround() }
        }
    }

    /// Blocks until nothing more will be published.
    func end() throws {
        try eventLoop.submit {
            self.isOver = true
            self.look?.cancel()
            self.abandon()
        }.wait()
    }

    // MARK: Connecting

    private func connect() {
        guard !isOver else { return }
        attempt += 1
        show(.connecting(attempt: attempt))
        let connection = connection
        heardAt = SystemClock.monotonicNanoseconds
        ClientBootstrap(group: eventLoop)
            .connectTimeout(BoardLoop.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [address, token, certificates] channel in
                channel.eventLoop.makeCompletedFuture {
                    try BoardPipeline.configure(
                        channel, address: address, token: token, certificates: certificates,
                        loop: self, connection: connection)
                }
            }
            .connect(host: address.host, port: address.port).whenComplete { result in
                switch result {
                case .success(let channel):
                    let isWanted = self.connection == connection && !self.isOver
                    if isWanted { self.channel = channel } else { channel.close(promise: nil) }
                case .failure(let error):
                    let reason = ClientTLS.text(of: error)
                    self.lost(
                        .unreachable(server: self.address.server, reason: reason), connection)
                }
            }
    }

    /// The upgrade has been answered: messages follow.
    func opened(_ channel: any Channel, _ connection: Int) {
        guard connection == self.connection else { return }
        self.channel = channel
        assembly = BoardAssembly()
        isGreeted = false
        watched = []
        clock.forget()
        heardAt = SystemClock.monotonicNanoseconds
    }

    func received(_ bytes: [UInt8], _ connection: Int) {
        guard connection == self.connection else { return }
        heardAt = SystemClock.monotonicNanoseconds
        do {
            let message = try BoardMessage(bytes)
            if case .greeting(let format) = message {
                guard format == BoardMessage.format else {
                    let error = RemoteError.otherFormat(
                        server: address.server, theirs: format, ours: BoardMessage.format)
                    return lost(error, connection)
                }
                isGreeted = true
            }
            guard isGreeted else { throw RemoteError.malformedAnswer(server: address.server) }
            take(message)
        } catch {
            lost(.malformedAnswer(server: address.server), connection)
        }
    }

    private func take(_ message: BoardMessage) {
        if case .market(_, let sentAt) = message { clock.heard(sentAt: sentAt) }
        guard let snapshot = assembly.take(message) else { return }
        if let status = assembly.status {
            board.update { pipeline in
                let attachment = pipeline.attachment
                pipeline = status
                pipeline.attachment = attachment
            }
        }
        board.publish(snapshot)
        guard !isLive else { return }
        isLive = true
        attempt = 0
        backoff.reset()
        show(.live)
        onOutcome(nil)
    }

    // MARK: Losing

    func hungUp(_ reason: String, _ connection: Int) {
        lost(.unreachable(server: address.server, reason: reason), connection)
    }

    /// What is on the board stays there, and grows old.
    func lost(_ error: RemoteError, _ connection: Int) {
        guard connection == self.connection, !isOver else { return }
        abandon()
        let delay = error.isPermanent ? Backoff.longest : backoff.next()
        if error.isPermanent {
            show(.refused(reason: error.reason, remedy: error.remedy))
        } else {
            show(
                .disconnected(
                    reason: BoardLoop.shown(error), retryAt: clock.now.advanced(by: delay)))
        }
        onOutcome(error)
        let nanoseconds = Int64(delay / .nanoseconds(1))
        eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) { self.connect() }
    }

    /// The server's name stands beside it already.
    private static func shown(_ error: RemoteError) -> String {
        if case .unreachable(_, let reason) = error { return reason }
        return error.reason
    }

    private func abandon() {
        connection += 1
        isLive = false
        channel?.close(promise: nil)
        channel = nil
    }

    // MARK: While it lasts

    /// Is the server still there, and which tickers does the screen look at?
    private func lookAround() {
        guard channel != nil, !isOver else { return }
        let silence = Duration.nanoseconds(SystemClock.monotonicNanoseconds - heardAt)
        if silence > BoardLoop.silenceMax {
            let seconds = BoardLoop.silenceMax.components.seconds
            return hungUp("nothing was heard for \(seconds) s", connection)
        }
        let wanted = board.watchedTickers
        guard isLive, wanted != watched, let channel else { return }
        watched = wanted
        let names = wanted.reversed().map { "\"\($0)\"" }.joined(separator: ",")
        BoardPipeline.send(
            .text, ByteBuffer(string: #"{"type":"watch","symbols":[\#(names)]}"#), to: channel)
    }

    private func show(_ state: FeedState) {
        board.update { pipeline in
            var attachment = pipeline.attachment ?? Attachment(server: address.server)
            attachment.state = state
            pipeline.attachment = attachment
        }
    }
}
