import Export
import MarketModel
import Storage

/// What `ticktop export` can write: each with its columns, and how its rows are read. Names as in
/// the API.
enum StoredTable: String, CaseIterable {
    case trades, quotes, bars, features, anomalies, news, signals
    case deadLetters = "dead-letters"

    var columns: [ExportColumn] {
        switch self {
        case .trades: StoredTrade.exportColumns
        case .quotes: StoredQuote.exportColumns
        case .bars: Bar.exportColumns
        case .features: FeatureVector.exportColumns
        case .anomalies: EpisodeReading.exportColumns
        case .news: ScoredArticle.exportColumns
        case .signals: IndicatorSignal.exportColumns
        case .deadLetters: DeadLetter.exportColumns
        }
    }

    /// The oldest first, as far as the store's order goes.
    func eachRow(
        in history: StoredHistory, _ span: StoredSpan, interval: BarInterval,
        _ body: ([ExportValue]) throws -> Void
    ) throws {
        switch self {
        case .trades: try history.eachTrade(span) { try body($0.exportRow) }
        case .quotes: try history.eachQuote(span) { try body($0.exportRow) }
        case .bars: try history.eachBar(interval, span) { try body($0.exportRow) }
        case .features: try history.eachFeature(span) { try body($0.exportRow) }
        case .deadLetters: try history.eachDeadLetter(span) { try body($0.exportRow) }
        case .anomalies:
            var query = EpisodeQuery()
            query.since = span.from
            query.limit = .max
            for reading in try history.episodes(query).reversed()
            where isWanted(reading.episode.symbol, reading.episode.lastAt, span) {
                try body(reading.exportRow)
            }
        case .news:
            for article in try history.articles(nil, since: span.from, limit: .max).reversed()
            where isWanted(article.article.symbol, article.article.publishedAt, span) {
                try body(article.exportRow)
            }
        case .signals:
            for signal in try history.signals(nil, since: span.from, limit: .max).reversed()
            where isWanted(signal.symbol, signal.at, span) { try body(signal.exportRow) }
        }
    }

    private func isWanted(_ symbol: Symbol?, _ moment: Timestamp, _ span: StoredSpan) -> Bool {
        let isNamed = span.symbols.map { symbols in symbol.map(symbols.contains) ?? false } ?? true
        return isNamed && span.to.map { moment < $0 } ?? true
    }
}
