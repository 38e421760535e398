import Export
import Foundation
import MarketModel

extension EpisodeReading {
    static let exportColumns: [ExportColumn] = [
        .init("id", .text), .init("ticker", .text), .init("kind", .text), .init("severity", .text),
        .init("state", .text), .init("first_at", .timestamp), .init("last_at", .timestamp),
        .init("hits", .integer), .init("worst_score", .double), .init("explanation", .text),
        .init("acknowledged", .boolean), .init("acknowledged_by", .text),
        .init("acknowledged_at", .timestamp), .init("note", .text),
    ]

    var exportRow: [ExportValue] {
        [
            .text(episode.id), .init(episode.symbol), .text(episode.kind.rawValue),
            .text(episode.severity.name), .text(episode.isOpen ? "open" : "closed"),
            .init(episode.firstAt), .init(episode.lastAt), .integer(episode.hits),
            .double(episode.worstScore), .text(episode.explanation), .boolean(isAcknowledged),
            .init(acknowledgement?.by), .init(acknowledgement?.at), .init(acknowledgement?.note),
        ]
    }
}

extension ScoredArticle {
    static let exportColumns: [ExportColumn] = [
        .init("article_id", .text), .init("ticker", .text), .init("headline", .text),
        .init("summary", .text), .init("source", .text), .init("url", .text),
        .init("published_at", .timestamp), .init("received_at", .timestamp),
        .init("provider", .text), .init("compound", .double), .init("positive", .double),
        .init("negative", .double), .init("neutral", .double), .init("label", .text),
        .init("summary_compound", .double), .init("correlation_strength", .text),
        .init("volume_zscore", .double), .init("position", .text),
    ]

    var exportRow: [ExportValue] {
        [
            .text(article.articleID), .init(article.symbol), .text(article.headline),
            .text(article.summary), .text(article.publisher), .text(article.url),
            .init(article.publishedAt), .init(receivedAt), .text(source.name),
            .init(sentiment?.compound), .init(sentiment?.positive), .init(sentiment?.negative),
            .init(sentiment?.neutral), .init(sentiment?.label.rawValue),
            .init(summarySentiment?.compound), .init(correlation?.strength.rawValue),
            .init(correlation?.volumeZScore), .init(position),
        ]
    }
}

extension DeadLetter {
    static let exportColumns: [ExportColumn] = [
        .init("id", .text), .init("received_at", .timestamp), .init("source", .text),
        .init("reason", .text), .init("field", .text), .init("ticker", .text),
        .init("raw", .text), .init("raw_base64", .text),
    ]

    /// What is no text stands in base 64.
    var exportRow: [ExportValue] {
        let text = String(validating: raw, as: UTF8.self)
        return [
            .init(position), .init(receivedAt), .text(source.name),
            .text(refusal.reason.rawValue), .text(refusal.field), .init(refusal.symbol),
            .init(text), text == nil ? .text(Data(raw).base64EncodedString()) : .missing,
        ]
    }
}
