import MarketModel

/// The tickers as the last snapshot showed them, in alphabetical order: of thousands, most are as
/// they were a tenth of a second ago. No part of the state.
final class SnapshotShelf {
    var tickers: [TickerSnapshot] = []
    /// Ticker numbers in alphabetical order. Made for readers: a market's first events name
    /// thousands of tickers, and to find each its place at once took as long as their trades.
    private(set) var alphabetical: [Int32] = []

    /// `symbols` by ticker number: those in order already, and perhaps more.
    func putInOrder(_ symbols: [Symbol]) {
        alphabetical.append(contentsOf: Int32(alphabetical.count)..<Int32(symbols.count))
        alphabetical.sort { symbols[Int($0)] < symbols[Int($1)] }
    }
}
