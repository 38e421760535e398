import API
import Dispatch
import Engine
import Feeds
import MarketModel
import TicktopConfiguration

/// Asks the provider's REST, at the start, for what happened before: previous closes and the
/// session's bars so far.
///
/// The live feed does not wait for it, and what fails is a warning. The demo market brings a
/// history of its own.
final class HistoryPrefetch: Sendable {
    private let fetch: HistoryFetch?
    private let symbols: [Symbol]

    init(_ settings: FeedSettings, secrets: Secrets) {
        symbols = settings.tickers
        let url = settings.url.flatMap { HistoryPrefetch.restAddress(besides: $0) }
        switch settings.provider {
        case .demo, .kafka: fetch = nil
        case .binance: fetch = HistoryFetch(.binance, url: url)
        case .massive:
            var massive = HistoryFetch(.massive, url: url)
            massive.key = ProviderKey(secrets.massiveKey ?? "")
            fetch = massive
        }
    }

    func start(into queue: FrameQueue, clock: any MarketClock, board: SnapshotBoard) {
        guard let fetch else { return }
        Task.detached { [symbols] in
            let answer = await fetch.fetch(symbols, clock: clock)
            board.update { status in
                for warning in answer.warnings { status.warn(warning) }
            }
            DispatchQueue(label: "ticktop.history").async {
                HistoryPrefetch.offer(answer.records, to: queue)
            }
        }
    }

    /// What can be asked while the program runs; `nil` for a feed without a provider.
    func backfill(into queue: FrameQueue, clock: any MarketClock) -> Backfill? {
        guard let fetch else { return nil }
        let offering = DispatchQueue(label: "ticktop.backfill")
        return Backfill(
            provider: fetch.provider.rawValue, today: { fetch.today(at: clock.now) },
            fetch: { symbol, first, last in
                let stretch = try await fetch.stretch(
                    of: symbol, from: first, through: last, clock: clock)
                await withCheckedContinuation { done in
                    offering.async {
                        HistoryPrefetch.offer(stretch.records, to: queue)
                        done.resume()
                    }
                }
                return Backfill.Fetched(days: stretch.days, minutes: stretch.minutes)
            })
    }

    /// In slices with pauses, so that live frames are not delayed by a day of bars.
    private static func offer(_ records: [LogRecord], to queue: FrameQueue) {
        var rest = records[...]
        while !rest.isEmpty {
            queue.offer(contentsOf: rest.prefix(sliceRecords))
            rest = rest.dropFirst(sliceRecords)
            SystemClock.sleepThread(slicePause)
        }
    }

    private static let sliceRecords = 40
    private static let slicePause = Duration.milliseconds(5)

    /// The REST of a provider whose WebSocket was put elsewhere: the same host and port.
    static func restAddress(besides url: String) -> String? {
        guard let scheme = url.range(of: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        return (url.hasPrefix("wss") ? "https://" : "http://") + host
    }
}
