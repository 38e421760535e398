import Foundation
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A market-data provider on one's own machine: Massive's WebSocket and REST, and Finnhub's company
/// news, on one port.
///
/// Each event carries the time at which it was planned, so a receiver can measure against when it
/// should have come. Faults are made on demand, and the truth file holds what was really sent.
public final class ProviderSimulator: Sendable {
    private static let unsentBytesMax = 64 << 20
    private static let goodbyePause = Duration.milliseconds(10)
    private static let goodbyeLooks = 200

    private let options: ProviderSimulatorOptions
    private let clock: any MarketClock
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: SimulatorLoop
    private let news: SimulatorNews

    public init(_ options: ProviderSimulatorOptions, clock: any MarketClock) throws(FeedError) {
        self.options = options
        self.clock = clock
        news = SimulatorNews(options, clock: clock)
        loop = try SimulatorLoop(options, clock: clock, eventLoop: group.next())
    }

    /// Listens, and returns the port. The market begins with the first subscription.
    public func start() throws(FeedError) -> Int {
        do {
            let tls = try tlsContext()
            let bootstrap = ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(
                    .writeBufferWaterMark,
                    value: .init(
                        low: ProviderSimulator.unsentBytesMax / 2,
                        high: ProviderSimulator.unsentBytesMax)
                )
                .childChannelInitializer { [self] channel in
                    channel.eventLoop.makeCompletedFuture { try configure(channel, tls: tls) }
                }
            let channel = try bootstrap.bind(host: options.host, port: options.port).wait()
            return channel.localAddress?.port ?? options.port
        } catch {
            throw .cannotListen(
                address: "\(options.host):\(options.port)",
                reason: (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
                    ?? String(describing: error))
        }
    }

    /// The rate from now on, in events a second.
    public func setRate(_ eventsPerSecond: Double) {
        loop.eventLoop.execute { [loop] in loop.setRate(eventsPerSecond) }
    }

    /// Closes every connection with 1001, as `disconnectEvery` does.
    public func disconnectAll() {
        loop.eventLoop.execute { [loop] in loop.disconnectAll() }
    }

    public func counts() throws -> SimulatorCounts {
        try loop.eventLoop.submit { [loop] in loop.counts }.wait()
    }

    /// What was asked for news so far.
    public var newsCounts: SimulatorNewsCounts { news.counts }

    /// Ends the market: says goodbye to every client (1001), completes the files and returns what
    /// was done.
    ///
    /// Throws when a file could not be written. Connections still read to their end until
    /// `shutDown`.
    public func finish() throws -> SimulatorCounts {
        try loop.eventLoop.submit { [loop] in try loop.end() }.wait()
    }

    /// Ends the market, lets the clients read to the end for at most two seconds, and closes
    /// everything.
    public func stop() throws -> SimulatorCounts {
        let counts = try finish()
        for _ in 0..<ProviderSimulator.goodbyeLooks {
            let open = try loop.eventLoop.submit { [loop] in loop.sessionCount }.wait()
            if open == 0 { break }
            SystemClock.sleepThread(ProviderSimulator.goodbyePause)
        }
        try shutDown()
        return counts
    }

    /// Closes the port and every connection.
    public func shutDown() throws { try group.syncShutdownGracefully() }

    private func configure(_ channel: any Channel, tls: NIOSSLContext?) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: WebSocketFeedOptions.messageBytesMax,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { [loop, options] channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        SimulatorSession(loop: loop, symbols: options.symbols))
                }
            })
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.removeHandler(name: SimulatorREST.handlerName, promise: nil)
                }
            ))
        try pipeline.addHandler(
            SimulatorREST(options, news: news, clock: clock), name: SimulatorREST.handlerName)
    }

    private func tlsContext() throws -> NIOSSLContext? {
        guard let certificate = options.certificatePath, let key = options.certificateKeyPath else {
            return nil
        }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))))
    }
}
