import MarketModel

/// The newest closed episodes of all tickers, for the screen. Used by one thread, the engine's.
final class ClosedEpisodes {
    private static let countMax = 200

    /// Oldest first.
    private(set) var newest: [Episode] = []
    /// How many of them, from the oldest on, have their texts written.
    private var writtenCount = 0

    /// Keeps what has closed of the episodes sent.
    func keep(_ sent: ArraySlice<Episode>) {
        for episode in sent where !episode.isOpen { keep(episode) }
    }

    func keep(_ episode: Episode) {
        if newest.count == ClosedEpisodes.countMax {
            newest.removeFirst()
            writtenCount = max(0, writtenCount - 1)
        }
        newest.append(episode)
    }

    /// As readers see them, the oldest first: texts are written once, and not while events wait.
    func shown() -> [Episode] {
        for index in writtenCount..<newest.count { newest[index] = newest[index].written() }
        writtenCount = newest.count
        return newest
    }
}
