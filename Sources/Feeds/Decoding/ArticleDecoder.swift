import MarketModel

/// News articles: one JSON object of Finnhub's shape, with our `symbol` for the ticker it was asked
/// for.
///
/// Without `symbol` there is one article for each ticker of `related`. A missing or zero `datetime`
/// stands for the receive time. HTML entities of headline and summary are resolved.
enum ArticleDecoder {
    static func decode(
        _ payload: Range<Int>, from origin: inout EventOrigin, into batch: inout EventBatch
    ) {
        guard !payload.isEmpty else { return }
        guard payload.count <= FrameDecoder.frameBytesMax else {
            return origin.refuse(.tooLarge, raw: payload, in: &batch)
        }
        let bytes = batch.bytes
        let (fields, fault) = bytes.withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, frame: payload, speculates: false)
            return read(&cursor)
        }
        if let fault {
            return origin.refuse(
                fault.reason, field: FieldKey.name(fault.key), symbol: fields.symbol, raw: payload,
                in: &batch)
        }
        for symbol in fields.symbol.map({ [$0] }) ?? fields.related {
            batch.articles.append(
                NewsArticle(
                    articleID: fields.id, symbol: symbol, headline: fields.headline,
                    summary: fields.summary, publisher: fields.publisher, url: fields.url,
                    publishedAt: fields.publishedAt ?? origin.receivedAt))
            origin.append(
                .article(index: Int32(batch.articles.count - 1)), raw: payload, to: &batch)
        }
    }

    /// An article's id and time; `nil` when it would be refused.
    static func identity(of payload: [UInt8]) -> (id: String, publishedAt: Timestamp?)? {
        guard !payload.isEmpty, payload.count <= FrameDecoder.frameBytesMax else { return nil }
        let (fields, fault) = payload.withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, frame: 0..<payload.count, speculates: false)
            return read(&cursor)
        }
        return fault == nil ? (fields.id, fields.publishedAt) : nil
    }

    private static func read(_ cursor: inout JSONCursor) -> (ArticleFields, FieldFault?) {
        cursor.skipSpace()
        guard cursor.current == UInt8(ascii: "{") else {
            cursor.note(.malformed)
            return (ArticleFields(), cursor.fault)
        }
        cursor.at += 1
        let fields = cursor.fields(ArticleFields.self)
        cursor.skipSpace()
        if cursor.at < cursor.end { cursor.note(.malformed) }
        if fields.symbol == nil && fields.related.isEmpty { cursor.note(.missingField, "symbol") }
        if fields.id.isEmpty { cursor.note(.missingField, "id") }
        if fields.headline.isEmpty { cursor.note(.missingField, "headline") }
        return (fields, cursor.fault)
    }
}

private struct ArticleFields: ElementFields {
    /// Articles name no type.
    static var type: FieldKey { "" }

    var id = ""
    var symbol: Symbol?
    var related: [Symbol] = []
    var headline = ""
    var summary = ""
    var publisher = ""
    var url = ""
    var publishedAt: Timestamp?

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "id" where cursor.current == UInt8(ascii: "\""):
            id = cursor.unescapedText() ?? id
        case "id": id = cursor.integer().map { String($0) } ?? id
        case "symbol": symbol = cursor.symbol() ?? symbol
        case "related":
            let tickers = (cursor.unescapedText() ?? "").split { $0 == "," || $0 == " " }
            related = Array(tickers.compactMap { Symbol($0) }.prefix(ArticleFields.relatedMax))
        case "headline": headline = HTMLText.decoded(cursor.unescapedText() ?? headline)
        case "summary":
            summary = HTMLText.decoded(cursor.unescapedText(bytesMax: 65_536) ?? summary)
        case "source": publisher = cursor.unescapedText() ?? publisher
        case "url": url = cursor.unescapedText() ?? url
        case "datetime":
            // Zero is how the provider says that it does not know.
            if let seconds = cursor.integer(), seconds > 0 {
                publishedAt = TimeUnit.byMagnitude.timestamp(seconds)
                if publishedAt == nil { cursor.note(.time) }
            }
        default: cursor.skipValue()
        }
    }

    /// An article about more tickers than this is about none of them.
    private static let relatedMax = 16
}
