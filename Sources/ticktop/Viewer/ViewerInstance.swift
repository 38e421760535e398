import API
import Dispatch
import Engine
import Foundation
import Kafka
import MarketModel
import Storage
import Synchronization
import TicktopConfiguration

/// The whole market on one node, as engines elsewhere tell it on the derived topics, with a store
/// for its history and a side port. Computes nothing.
///
/// `start`, then `stop`, once each and one after the other.
final class ViewerInstance: @unchecked Sendable {
    // Unchecked: `thread`'s own values are used by it alone; the rest never changes.
    let board: SnapshotBoard
    let store: Store
    private let settings: Settings
    private let clock = SystemClock()
    private let reader: DerivedReader
    private var unreadableTold: Int64 = 0
    private let exchange: AcknowledgementExchange
    private let gauges: StatusTicker
    private let port: SidePort
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)
    private let onFatal: @Sendable (String) -> Void

    private static let publishEvery: Int64 = 100_000_000
    private static let rest = Duration.milliseconds(10)
    private static let stretchMax = 4096

    /// Opens the store, which is a viewer's own. `onFatal` is called, once, when it cannot go on.
    init(
        _ surroundings: Surroundings, board: SnapshotBoard,
        onFatal: @escaping @Sendable (String) -> Void
    ) throws {
        let settings = surroundings.settings
        self.board = board
        self.settings = settings
        self.onFatal = onFatal
        let kafka = try settings.kafkaSettings(environment: surroundings.sources.environment)
        let paths = StorePaths(root: settings.store.path)
        var reports = WriterReports()
        reports.stateChanged = { state in board.update { $0.store = StoreState(state) } }
        reports.fatal = onFatal
        let outlet = AcknowledgementOutlet()
        reports.acknowledged = { outlet.note($0) }
        store = try KafkaInstance.open(
            paths, log: "derived:\(kafka.topics.aggregations)", settings: settings, clock: clock,
            reports: reports)
        reader = DerivedReader(kafka)
        exchange = try AcknowledgementExchange(
            kafka, history: store.history, clock: clock, board: board)
        outlet.connect(exchange)
        gauges = StatusTicker(board: board, queue: nil, journal: nil, store: store)
        port = try SidePort(
            settings, in: surroundings, board: board, history: store.history, clock: clock)
    }

    /// Starts everything. Throws `portBusy` only when the side port is what the program is for.
    func start(portIsNeeded: Bool) throws {
        board.update {
            $0.label = .live
            $0.feedName =
                "viewer of \(settings.kafka.topics.aggregations) at \(settings.kafka.brokers)"
            $0.startedAt = clock.now
            $0.storePath = store.paths.root
            $0.isViewer = true
        }
        try port.start(isNeeded: portIsNeeded, lock: store.lock)
        gauges.start()
        exchange.start()
        let thread = Thread { [self] in
            do { try run() } catch { onFatal("the viewer stopped: \(error)") }
            ended.signal()
        }
        thread.name = "ticktop.viewer"
        thread.start()
    }

    var closingLine: String { board.closingLine(now: clock.now) }

    func stop() throws {
        isStopping.store(true, ordering: .relaxed)
        exchange.stop()
        ended.wait()
        port.stop()
        gauges.stop()
        try store.close()
    }

    // MARK: The viewer's thread

    private func run() throws {
        let market = ViewedMarket(indicators: settings.analyticsSettings.indicators)
        var stretch = EffectBatch()
        var count = store.openedAt.position.offset
        var publishDue: Int64 = 0
        while !isStopping.load(ordering: .relaxed) {
            let hasRead = reader.read { message in
                let value = try DerivedValue(message.payload)
                count += 1
                stretch.eventCount += 1
                ViewerInstance.take(value, market, &stretch)
            }
            stretch.signals += market.takeSignals()
            if stretch.eventCount >= ViewerInstance.stretchMax || !hasRead {
                try keep(&stretch, through: count)
            }
            let now = SystemClock.monotonicNanoseconds
            if now >= publishDue {
                publishDue = now + ViewerInstance.publishEvery
                publish(market)
            }
            if !hasRead { SystemClock.sleepThread(ViewerInstance.rest) }
        }
        try keep(&stretch, through: count)
        reader.close()
    }

    private static func take(
        _ value: DerivedValue, _ market: ViewedMarket, _ stretch: inout EffectBatch
    ) {
        switch value {
        case .aggregate(let aggregate): market.apply(aggregate)
        case .quote(let quote):
            market.apply(quote)
            stretch.quotes.append(quote)
        case .bar(let bar):
            market.apply(bar)
            stretch.bars.append(bar)
        case .anomaly(let episode):
            market.apply(episode)
            stretch.episodes.append(episode)
        case .article(let article):
            market.apply(article)
            stretch.articles.append(article)
        }
    }

    /// Rows of a second telling replace the first's: they are the same.
    private func keep(_ stretch: inout EffectBatch, through count: Int64) throws {
        guard stretch.eventCount > 0 else { return }
        stretch.through = LogPosition(epoch: 1, offset: count)
        stretch.engineTime = stretch.bars.map(\.start).max()
        let full = stretch
        stretch = EffectBatch()
        try store.writer.perform(full)
    }

    private func publish(_ market: ViewedMarket) {
        let snapshot = market.snapshot(takenAt: clock.now, watching: board.watchedTickers)
        let newest = snapshot.tickers.compactMap(\.receivedAt).max()
        let trouble = reader.trouble
        board.publish(snapshot)
        if reader.unreadable > unreadableTold {
            unreadableTold = reader.unreadable
            let text = "\(unreadableTold) derived messages could not be read"
            let reason = reader.unreadableReason
            board.update { $0.warn("\(text), the last one \(reason)") }
        }
        board.update { status in
            status.feed =
                trouble.map { .disconnected(reason: $0, retryAt: nil) }
                ?? (snapshot.tickers.isEmpty ? .starting : .live)
            status.lastEventReceivedAt = newest ?? status.lastEventReceivedAt
        }
    }
}
