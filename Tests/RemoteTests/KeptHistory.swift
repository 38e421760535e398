import MarketModel
import Synchronization

/// A store in memory that answers each question with its own rows, and notes how it was asked.
final class KeptHistory: MarketHistory {
    struct Content {
        var bars: [Bar] = []
        var trades: [StoredTrade] = []
        var episodes: [EpisodeReading] = []
        var articles: [ScoredArticle] = []
        var deadLetters: [DeadLetter] = []
        var features: [FeatureVector] = []
        var signals: [IndicatorSignal] = []
        var listings: [Listing] = []
        var earnings: [EarningsReport] = []
        var asked: [String] = []
    }

    let content: Mutex<Content>

    init(_ content: Content) { self.content = Mutex(content) }

    var asked: [String] { content.withLock { $0.asked } }

    private func answer<Value: Sendable>(_ question: String, _ body: (inout Content) -> Value)
        -> Value
    {
        content.withLock {
            $0.asked.append(question)
            return body(&$0)
        }
    }

    func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) -> [Bar] {
        answer("bars \(symbol) \(interval.name) \(Self.text(from)) \(Self.text(to)) \(limit)") {
            $0.bars.filter { $0.symbol == symbol && $0.interval == interval }
        }
    }

    func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) -> [StoredTrade] {
        answer("trades \(symbol) \(before?.description ?? "-") \(limit)") {
            $0.trades.filter { $0.trade.symbol == symbol }
        }
    }

    func episodes(_ query: EpisodeQuery) -> [EpisodeReading] {
        answer("episodes \(query)") { $0.episodes }
    }

    func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) -> [ScoredArticle] {
        answer("articles \(symbol?.description ?? "-") \(Self.text(since)) \(limit)") {
            $0.articles
        }
    }

    func deadLetters(before: LogPosition?, limit: Int) -> [DeadLetter] {
        answer("dead letters \(before?.description ?? "-") \(limit)") { $0.deadLetters }
    }

    func deadLetterCount() -> Int { answer("count") { $0.deadLetters.count } }

    func features(_ symbol: Symbol, limit: Int) -> [FeatureVector] {
        answer("features \(symbol) \(limit)") { $0.features }
    }

    func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) -> [IndicatorSignal] {
        answer("signals \(symbol?.description ?? "-") \(Self.text(since)) \(limit)") { $0.signals }
    }

    func listings() -> [Listing] { answer("listings") { $0.listings } }

    func earnings(_ symbol: Symbol) -> [EarningsReport] {
        answer("earnings \(symbol)") { $0.earnings }
    }

    func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String)
        -> EpisodeReading?
    {
        answer("acknowledge \(episodeID) \(by) \(note)") { content in
            guard let index = content.episodes.firstIndex(where: { $0.episode.id == episodeID })
            else { return nil }
            content.episodes[index].acknowledgement = Acknowledgement(
                episodeID: episodeID, by: by, at: at, note: note,
                severity: content.episodes[index].episode.severity)
            return content.episodes[index]
        }
    }

    func unacknowledge(_ episodeID: String, by: String, at: Timestamp) -> EpisodeReading? {
        answer("unacknowledge \(episodeID) \(by)") { content in
            guard let index = content.episodes.firstIndex(where: { $0.episode.id == episodeID })
            else { return nil }
            content.episodes[index].acknowledgement = nil
            return content.episodes[index]
        }
    }

    private static func text(_ moment: Timestamp?) -> String {
        moment.map { String($0.nanoseconds) } ?? "-"
    }
}
