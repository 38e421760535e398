import Engine
import Feeds
import MarketModel
import TicktopConfiguration

/// The feed that runs inside an instance, whichever it is.
enum RunningFeed {
    case demo(DemoMarket)
    case socket(WebSocketFeed)

    /// Throws when the configuration asks for what cannot be had, such as a feed whose key is
    /// missing.
    init(
        _ settings: FeedSettings, secrets: Secrets, clock: any MarketClock,
        onStatus: @escaping @Sendable (FeedStatus) -> Void
    ) throws {
        switch settings.provider {
        case .demo:
            var options = DemoMarketOptions()
            options.symbols = settings.tickers
            options.seed = settings.seed
            options.eventsPerSecond = settings.eventsPerSecond
            self = .demo(DemoMarket(options, clock: clock, onStatus: onStatus))
        case .massive:
            guard let key = secrets.massiveKey else { throw StartError.noMassiveKey }
            var options = WebSocketFeedOptions(.massive, symbols: settings.tickers)
            options.key = ProviderKey(key)
            if let url = settings.url { options.url = url }
            self = .socket(WebSocketFeed(options, clock: clock, onStatus: onStatus))
        case .binance:
            var options = WebSocketFeedOptions(.binance, symbols: settings.tickers)
            if let url = settings.url { options.url = url }
            self = .socket(WebSocketFeed(options, clock: clock, onStatus: onStatus))
        case .kafka: throw StartError.kafkaIsNoProvider
        }
    }

    var queueRule: FrameQueue.Rule {
        switch self {
        case .demo: .wait
        case .socket: .shed
        }
    }

    /// What the screen calls it; never with a key in it.
    var name: String {
        switch self {
        case .demo: "demo market"
        case .socket(let feed): feed.shownAddress
        }
    }

    var label: FeedLabel {
        switch self {
        case .demo: .demo
        case .socket: .live
        }
    }

    func start(into queue: FrameQueue) {
        switch self {
        case .demo(let market): market.start(into: queue)
        case .socket(let feed): feed.start(into: queue)
        }
    }

    func stop() {
        switch self {
        case .demo(let market): market.stop()
        case .socket(let feed): feed.stop()
        }
    }
}

extension SnapshotBoard {
    /// The feed's own words for its state, in the pipeline's.
    func take(_ status: FeedStatus) {
        update { pipeline in
            switch status {
            case .connecting(let attempt):
                pipeline.feed = .connecting(attempt: attempt)
                if attempt > 1 { pipeline.reconnects += 1 }
            case .live: pipeline.feed = .live
            case .disconnected(let reason, let retryAt):
                pipeline.feed = .disconnected(reason: reason, retryAt: retryAt)
            case .refused(let reason, let remedy):
                pipeline.feed = .refused(reason: reason, remedy: remedy)
            case .ended: pipeline.feed = .ended
            case .warning(let text): pipeline.warn(text)
            }
        }
    }
}

extension PipelineStatus {
    /// Adds a line for the screen's banner; the newest eight are kept, each once.
    mutating func warn(_ text: String) {
        warnings.removeAll { $0 == text }
        warnings.append(text)
        if warnings.count > 8 { warnings.removeFirst() }
    }
}
