import ArgumentParser
import Feeds
import MarketModel
import TicktopConfiguration

/// `ticktop backfill`: a provider's history into the store.
struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill", abstract: "A provider's bars of days and minutes into the store.",
        discussion: """
            For stretches that the store has no trades of its own for: before its first, and while \
            ticktop was away. Minutes become bars of 5 and 15 minutes and hours, too. Through the \
            running instance, else in a short life of the engine without a feed. What is there \
            already is fetched again and stays the same.

              ticktop backfill massive AAPL NVDA --from 2026-11-02 --to 2026-11-13
              ticktop backfill binance BTCUSDT --from 2026-11-20
            """)

    @Argument(help: "Who is asked: massive (with MASSIVE_API_KEY) or binance (without a key).")
    var provider: HistoryFetch.Provider

    @Argument(help: "Whose bars.")
    var tickers: [String]

    @Option(help: "The first day, YYYY-MM-DD: New York's for massive, UTC's for binance.")
    var from: String

    @Option(help: "The last day. Default: today.")
    var to: String?

    @Option(help: "The provider's address, when it is not its own (http:// or https://).")
    var url: String?

    @OptionGroup var arguments: StoreArguments

    func validate() throws {
        _ = try (symbols(), day(from, "--from"), to.map { try day($0, "--to") })
    }

    func run() throws {
        let symbols = try symbols()
        let surroundings = try arguments.surroundings()
        var fetch = HistoryFetch(provider, url: url ?? address(surroundings.settings.feed))
        fetch.key = ProviderKey(surroundings.secrets.massiveKey ?? "")
        let today = fetch.today(at: SystemClock().now)
        let first = try day(from, "--from")
        let last = try to.map { try day($0, "--to") } ?? today
        guard first <= last, last <= today else {
            throw CommandFailure("--from \(first) --to \(last): days up to today, \(today)")
        }
        let work = try BackfillWork(fetch, surroundings)
        try work.run(symbols, from: first, through: last)
    }

    /// The REST beside a feed of this provider that was put elsewhere.
    private func address(_ feed: FeedSettings) -> String? {
        guard feed.provider.rawValue == provider.rawValue else { return nil }
        return feed.url.flatMap { HistoryPrefetch.restAddress(besides: $0) }
    }

    private func symbols() throws -> [Symbol] {
        try tickers.map { text in
            guard let symbol = Symbol(text) else {
                throw ValidationError("\(text) is no ticker")
            }
            return symbol
        }
    }

    private func day(_ text: String, _ option: String) throws -> CivilDate {
        guard let day = CivilDate(text) else {
            throw ValidationError("\(option) \(text): expected a day such as 2026-11-02")
        }
        return day
    }
}

extension HistoryFetch.Provider: ExpressibleByArgument {}
