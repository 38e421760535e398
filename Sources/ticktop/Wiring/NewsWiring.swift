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
        onStatus: @escaping @Sendable (NewsPollStatus) -> Void
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
    /// The poller's own words for its state, in the pipeline's.
    func take(_ status: NewsPollStatus) {
        var news = NewsStatus(provider: status.provider.rawValue)
        news.requests = status.requests
        news.articles = status.articles
        news.errors = status.errors
        news.limited = status.limited
        news.lastPollAt = status.lastPollAt
        news.lastError = status.lastError
        switch status.state {
        case .starting: news.state = .starting
        case .polling: news.state = .live
        case .waiting(let reason, let until):
            news.state = .disconnected(reason: reason, retryAt: until)
        case .refused(let reason, let remedy):
            news.state = .refused(reason: reason, remedy: remedy)
        case .ended: news.state = .ended
        }
        let shown = news
        update { pipeline in
            pipeline.news = shown
            if case .refused(let reason, let remedy) = shown.state {
                pipeline.warn("news: \(reason): \(remedy)")
            }
        }
    }
}
