/// The tickers as the last snapshot showed them, in alphabetical order: of thousands, most are as
/// they were a tenth of a second ago. No part of the state.
final class SnapshotShelf {
    var tickers: [TickerSnapshot] = []
}
