import Dispatch
import Engine
import Feeds
import MarketModel
import TicktopConfiguration

/// Asks, at the start, what companies the tickers are and what they earned, when there is a key for
/// somebody who knows.
///
/// The demo market brings companies of its own, and there are none behind coins.
final class ReferencePrefetch: Sendable {
    private let fetch: ReferenceFetch?
    private let symbols: [Symbol]

    init(_ settings: Settings, secrets: Secrets) {
        symbols = settings.feed.tickers
        guard settings.feed.provider == .massive else {
            fetch = nil
            return
        }
        let feedAddress = settings.feed.url.flatMap { HistoryPrefetch.restAddress(besides: $0) }
        let massive = secrets.massiveKey.map {
            ReferenceFetch.Provider(.massive, url: feedAddress, key: ProviderKey($0))
        }
        let address = settings.news.provider == .massive ? nil : settings.news.url
        let finnhub = secrets.finnhubKey.map {
            ReferenceFetch.Provider(.finnhub, url: address, key: ProviderKey($0))
        }
        fetch = ReferenceFetch(companies: massive ?? finnhub, earnings: finnhub)
    }

    func start(into queue: FrameQueue, clock: any MarketClock, board: SnapshotBoard) {
        guard let fetch else { return }
        let offering = DispatchQueue(label: "ticktop.reference")
        Task.detached { [symbols] in
            let warnings = await fetch.fetch(symbols, clock: clock) { records in
                offering.async { queue.offer(contentsOf: records) }
            }
            board.update { status in
                for warning in warnings { status.warn(warning) }
            }
        }
    }
}
