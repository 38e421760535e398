import Engine
import MarketModel

/// Puts the messages of one connection together to snapshots.
struct BoardAssembly {
    private var snapshot = MarketSnapshot()
    private(set) var status: PipelineStatus?

    /// The whole snapshot when the message ends what belongs to one moment, else `nil`.
    mutating func take(_ message: BoardMessage) -> MarketSnapshot? {
        switch message {
        case .greeting: return nil
        case .ticker(let ticker): put(ticker)
        case .episodes(let episodes): snapshot.episodes = episodes
        case .articles(let articles): snapshot.articles = articles
        case .status(let status): self.status = status
        case .market(let totals, _):
            snapshot.takenAt = totals.takenAt
            snapshot.position = totals.position
            snapshot.counts = totals.counts
            snapshot.ignored = totals.ignored
            return snapshot
        }
        return nil
    }

    /// In alphabetical order; those of one moment come in it, so that the end is the usual place.
    private mutating func put(_ ticker: TickerSnapshot) {
        var low = 0
        var high = snapshot.tickers.count
        if let last = snapshot.tickers.last?.symbol, last < ticker.symbol { low = high }
        while low < high {
            let middle = (low + high) / 2
            if snapshot.tickers[middle].symbol < ticker.symbol {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low < snapshot.tickers.count, snapshot.tickers[low].symbol == ticker.symbol {
            snapshot.tickers[low] = ticker
        } else {
            snapshot.tickers.insert(ticker, at: low)
        }
    }
}
