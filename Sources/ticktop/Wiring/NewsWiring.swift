import Engine
import Feeds
import MarketModel
import TicktopConfiguration

/// The asking for news beside the feed, when somebody is to be asked.
///
/// The demo market brings headlines of its own, and there is no company news about coins.
final class NewsWiring: Sendable {
    private let poller: NewsPoller?

    /// What the history has is not asked for again, and the board shows how the asking goes.
    /// Without a history, what was sent in an earlier life is sent again: a repeat to the engine.
    convenience init(
        _ settings: Settings, secrets: Secrets, history: (any MarketHistory)?,
        clock: any MarketClock, board: SnapshotBoard
    ) {
        self.init(
            settings, secrets: secrets, clock: clock,
            stored: {
                try history?.articles($0, since: $1, limit: NewsPoller.rememberedMax) ?? []
            },
            onStatus: { board.take($0) })
        if let provider = NewsWiring.provider(settings, secrets) {
            board.update { $0.news = NewsStatus(provider: provider.rawValue) }
        }
    }

    init(
        _ settings: Settings, secrets: Secrets, clock: any MarketClock,
        stored: @escaping @Sendable (Symbol, Timestamp) throws -> [ScoredArticle],
        onStatus: @escaping @Sendable (NewsStatus) -> Void
    ) {
        guard let provider = NewsWiring.provider(settings, secrets) else {
            poller = nil
            return
        }
        var options = NewsPollerOptions(
            provider, url: NewsWiring.address(of: provider, settings),
            symbols: settings.feed.tickers)
        let key = provider == .finnhub ? secrets.finnhubKey : secrets.massiveKey
        options.key = ProviderKey(key ?? "")
        options.every = settings.news.pollInterval
        options.requestsPerMinute = settings.news.requestsPerMinute
        options.seed = UInt64(bitPattern: clock.now.nanoseconds)
        poller = NewsPoller(options, clock: clock, stored: stored, onStatus: onStatus)
    }

    func start(into queue: FrameQueue) { poller?.start(into: queue) }

    func stop() { poller?.stop() }

    private static func provider(_ settings: Settings, _ secrets: Secrets) -> NewsProvider? {
        switch settings.news.provider {
        case .off: return nil
        case .finnhub: return .finnhub
        case .massive: return .massive
        case .auto:
            guard settings.feed.provider == .massive else { return nil }
            if secrets.finnhubKey != nil { return .finnhub }
            return secrets.massiveKey == nil ? nil : .massive
        }
    }

    /// A feed that was put elsewhere has its REST there, too.
    private static func address(of provider: NewsProvider, _ settings: Settings) -> String? {
        if let url = settings.news.url { return url }
        guard provider == .massive, settings.feed.provider == .massive else { return nil }
        return settings.feed.url.flatMap { HistoryPrefetch.restAddress(besides: $0) }
    }
}

extension SnapshotBoard {
    func take(_ news: NewsStatus) {
        update { pipeline in
            pipeline.news = news
            if case .refused(let reason, let remedy) = news.state {
                pipeline.warn("news: \(reason): \(remedy)")
            }
        }
    }
}
