import Dispatch
import Foundation
import MarketModel
import Synchronization

/// A store in memory that says what a test wrote into it.
final class ScriptedHistory: MarketHistory {
    struct Rows {
        var bars: [Bar] = []
        var trades: [StoredTrade] = []
        var episodes: [Episode] = []
        var acknowledgements: [String: Acknowledgement] = [:]
        var articles: [ScoredArticle] = []
        var deadLetters: [DeadLetter] = []
        var listings: [Listing] = []
        var earnings: [EarningsReport] = []
        var failure: StoreFailure?
        /// Each read waits for a signal first, as on a disk that hangs.
        var disk: DispatchSemaphore?
    }

    struct StoreFailure: Error {}

    let rows: Mutex<Rows>
    /// Of the threads that have asked.
    let niceness = Mutex<[Int32]>([])
    /// How often somebody has.
    let stepsAside = Atomic(0)

    init(_ rows: Rows = Rows()) { self.rows = Mutex(rows) }

    private func read<Value: Sendable>(_ body: (inout Rows) -> Value) throws -> Value {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        niceness.withLock { $0.append(own) }
        rows.withLock { $0.disk }?.wait()
        return try rows.withLock { rows in
            if let failure = rows.failure { throw failure }
            return body(&rows)
        }
    }

    func stepAside() { stepsAside.add(1, ordering: .relaxed) }

    func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        try read {
            Array(
                $0.bars.filter { bar in
                    bar.symbol == symbol && bar.interval == interval
                        && from.map { bar.start >= $0 } ?? true
                        && to.map { bar.start < $0 } ?? true
                }.suffix(limit))
        }
    }

    func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) throws -> [StoredTrade] {
        try read { rows in
            let newest = rows.trades.reversed().filter { stored in
                stored.trade.symbol == symbol && before.map { stored.position < $0 } ?? true
            }
            return Array(newest.prefix(limit))
        }
    }

    func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading] {
        try read { rows in
            rows.episodes.filter { episode in
                query.symbol.map { $0 == episode.symbol } ?? true
                    && query.since.map { episode.lastAt >= $0 } ?? true
            }.sorted { $0.lastAt > $1.lastAt }
                .map { EpisodeReading(episode: $0, acknowledgement: rows.acknowledgements[$0.id]) }
        }
    }

    func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [ScoredArticle] {
        try read { rows in
            Array(
                rows.articles.filter { scored in
                    symbol.map { $0 == scored.article.symbol } ?? true
                        && since.map { scored.article.publishedAt >= $0 } ?? true
                }.prefix(limit))
        }
    }

    func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter] {
        try read { rows in
            let older = rows.deadLetters.filter { letter in
                before.map { letter.position < $0 } ?? true
            }
            return Array(older.prefix(limit))
        }
    }

    func deadLetterCount() throws -> Int { try read { $0.deadLetters.count } }

    func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] { [] }

    func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [IndicatorSignal] {
        []
    }

    func listings() throws -> [Listing] { try read { $0.listings } }

    func earnings(_ symbol: Symbol) throws -> [EarningsReport] {
        try read { rows in rows.earnings.filter { $0.symbol == symbol } }
    }

    func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String) throws
        -> EpisodeReading?
    {
        try read { rows in
            guard let episode = rows.episodes.first(where: { $0.id == episodeID }) else {
                return nil
            }
            if rows.acknowledgements[episodeID] == nil {
                rows.acknowledgements[episodeID] = Acknowledgement(
                    episodeID: episodeID, by: by, at: at, note: note, severity: episode.severity)
            }
            return EpisodeReading(
                episode: episode, acknowledgement: rows.acknowledgements[episodeID])
        }
    }

    func unacknowledge(_ episodeID: String, by: String, at: Timestamp) throws -> EpisodeReading? {
        try read { rows in
            guard let episode = rows.episodes.first(where: { $0.id == episodeID }) else {
                return nil
            }
            rows.acknowledgements[episodeID] = nil
            return EpisodeReading(episode: episode, acknowledgement: nil)
        }
    }
}
