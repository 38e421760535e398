import Engine
import Hummingbird
import HummingbirdCore
import Logging
import MarketModel
import NIOCore
import NIOPosix

/// The side port: HTTP/1.1 with JSON beside the engine, never in its way.
///
/// Used once: `start`, then `stop`. Leaves signals to others.
public actor APIServer {
    /// Stored rows are read on so many threads, so that a slow disk blocks neither the event loops
    /// nor Swift's pool. They never take every processor: a disk's own work needs one too.
    private static let historyThreadCount = System.coreCount < 4 ? 1 : 2
    /// Acknowledgements and dead letters, which wait for the writer or the engine.
    private static let deskThreadCount = 2

    private let settings: APISettings
    private let logger: Logger
    private let threads: PatientThreads
    private let desk = NIOThreadPool(numberOfThreads: deskThreadCount)
    private let responder: APIResponder
    private let requestGuard: RequestGuard
    private let health: HealthResources
    private let streams: StreamHub
    private var running: Task<Void, any Error>?
    private var observing: RepeatedTask?

    /// `deadLetters` takes letters up again and `backfill` asks the provider, where that can be
    /// done; `elsewhere` says how a ticker stands that another engine computes.
    ///
    /// Throws `tokenRequired` for an address beyond loopback without a token given explicitly.
    public init(
        settings: APISettings, token: APIToken, board: SnapshotBoard,
        history: any MarketHistory, clock: any MarketClock,
        elsewhere: @escaping @Sendable (Symbol) -> TickerSnapshot? = { _ in nil },
        sessionIsOpen: @escaping @Sendable (Market, Timestamp) -> Bool,
        calculations: APICalculations, deadLetters: DeadLetterActions? = nil,
        backfill: Backfill? = nil,
        logger: Logger = Logger(label: "api")
    ) throws(APIError) {
        guard settings.isLoopback || token.isExplicit else {
            throw APIError.tokenRequired(address: settings.address)
        }
        self.settings = settings
        self.logger = logger
        threads = PatientThreads(count: APIServer.historyThreadCount) { history.stepAside() }
        let reader = MarketReader(
            board: board, history: history, clock: clock, sessionIsOpen: sessionIsOpen,
            staleAfter: settings.staleAfter, threads: threads, desk: desk, elsewhere: elsewhere)
        let metrics = RequestMetrics()
        health = HealthResources(reader: reader, requests: metrics)
        requestGuard = RequestGuard(settings: settings, token: token, clock: clock)
        let prompt =
            TickerResources(reader: reader).routes + MarketResources(reader: reader).routes
            + health.routes + StreamResources(reader: reader).routes
        let patient =
            BarResources(reader: reader).routes + TradeResources(reader: reader).routes
            + AnomalyResources(reader: reader).routes + NewsResources(reader: reader).routes
            + IndicatorResources(reader: reader, series: calculations.indicatorSeries).routes
            + PredictionResources(reader: reader, forecast: calculations.forecast).routes
            + EarningsResources(reader: reader, study: calculations.earningsStudy).routes
            + DeadLetterResources(reader: reader, actions: deadLetters).routes
            + BackfillResources(backfill: backfill).routes
            + AttachResources(reader: reader).routes
        let routes = prompt + patient.map { $0.patient() }
        responder = APIResponder(
            settings: settings, requestGuard: requestGuard,
            routes: RouteTable(routes + DocumentationResources(describing: routes).routes),
            metrics: metrics, streams: StreamResources(reader: reader), reader: reader)
        streams = StreamHub(
            source: StreamSource(reader: reader, health: health), metrics: metrics)
    }

    /// Binds, and returns the port. Throws `portBusy` or `cannotBind`.
    public func start() async throws(APIError) -> Int {
        precondition(running == nil, "an APIServer starts once")
        threads.start()
        desk.start()
        let (bound, announce) = AsyncStream.makeStream(of: Int.self)
        let application = application { channel in
            announce.yield(channel.localAddress?.port ?? 0)
        }
        let running = Task {
            defer { announce.finish() }
            try await application.run()
        }
        self.running = running
        for await port in bound {
            observing = observeHealth()
            streams.start()
            return port
        }
        throw await bindError(of: running)
    }

    /// Closes the port and every connection. Twice is the same as once.
    public func stop() async {
        observing?.cancel()
        observing = nil
        await streams.stop()
        running?.cancel()
        _ = await running?.result
        running = nil
        do {
            try await threads.stop()
            try await desk.shutdownGracefully()
        } catch {
            logger.error("history threads did not end: \(error)")
        }
    }

    private func application(onBound: @escaping @Sendable (any Channel) async -> Void)
        -> Application<APIResponder>
    {
        let settings = settings
        let requestGuard = requestGuard
        let api = responder
        let streams = streams
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                WebSocketUpgrade(responder: api, hub: streams),
                ConnectionLimits(settings: settings),
            ],
            idleTimeout: TimeAmount(settings.headerTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headerBytesMax,
                maxHeaderListSize: settings.headerBytesMax, maxHeaderFieldCount: 100))
        return Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                GuardedHTTP1(http: HTTP1Channel(responder: responder, configuration: http))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.address, port: settings.port),
                availableConnectionsDelegate: .maximum(
                    settings.connectionsMax, logger: logger)),
            onServerRunning: { channel in
                requestGuard.didBind(port: channel.localAddress?.port ?? settings.port)
                await onBound(channel)
            },
            logger: logger)
    }

    private func observeHealth() -> RepeatedTask {
        let health = health
        return MultiThreadedEventLoopGroup.singleton.next().scheduleRepeatedTask(
            initialDelay: .seconds(1), delay: .seconds(1)
        ) { _ in health.observe() }
    }

    private func bindError(of running: Task<Void, any Error>) async -> APIError {
        self.running = nil
        let result = await running.result
        await stop()
        guard case .failure(let error) = result else {
            return .cannotBind(
                address: settings.address, port: settings.port, reason: "stopped while starting")
        }
        if let error = error as? IOError, error.errnoCode == EADDRINUSE {
            return .portBusy(address: settings.address, port: settings.port)
        }
        return .cannotBind(
            address: settings.address, port: settings.port, reason: "\(error)")
    }
}
