import Foundation
import MarketModel

/// A provider's list of articles about one ticker, as payloads of article records.
///
/// What is no article stays as it is: the log's decoder refuses it, so that it is counted and kept.
struct NewsAnswer {
    struct Item {
        /// Of the article's id; of the bytes when it has none.
        var identity: UInt64
        var publishedAt: Timestamp?
        var payload: [UInt8]
    }

    /// Oldest first.
    private(set) var items: [Item] = []
    /// The list ended where a list ends.
    private(set) var isComplete = true

    /// `nil` when the body is no list of anything.
    init?(_ body: [UInt8], from provider: NewsProvider, about symbol: Symbol) {
        guard let (elements, isComplete) = NewsAnswer.elements(of: body, provider) else {
            return nil
        }
        self.isComplete = isComplete
        items = elements.map { range in
            switch provider {
            case .finnhub: NewsAnswer.finnhubItem(range, in: body, symbol)
            case .massive: NewsAnswer.massiveItem(range, in: body, symbol)
            }
        }
        // Lists come newest first, and a sort that keeps the order of equals needs them turned.
        items.reverse()
        items.sort { ($0.publishedAt ?? .distantPast) < ($1.publishedAt ?? .distantPast) }
    }

    private static func elements(of body: [UInt8], _ provider: NewsProvider)
        -> ([Range<Int>], isComplete: Bool)?
    {
        guard !body.isEmpty else { return nil }
        return body.withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, frame: 0..<body.count, speculates: false)
            cursor.skipSpace()
            switch provider {
            case .finnhub:
                guard cursor.current == UInt8(ascii: "[") else { return nil }
                let elements = cursor.elements()
                return (elements, cursor.fault == nil)
            case .massive:
                guard cursor.current == UInt8(ascii: "{"),
                    let elements = cursor.results()
                else { return nil }
                return (elements, cursor.fault == nil)
            }
        }
    }

    private static func finnhubItem(_ range: Range<Int>, in body: [UInt8], _ symbol: Symbol)
        -> Item
    {
        let raw = body[range]
        // Whom it was asked for stands first; a field of the provider's follows.
        let inner = raw.dropFirst()
        let hasFields = raw.first == UInt8(ascii: "{") && inner.first { $0 > 0x20 } != 0x7D
        let payload = hasFields ? Array(#"{"symbol":"\#(symbol)","#.utf8) + inner : Array(raw)
        // Of a broken article even the id may be, and must not hide the whole one.
        guard let (id, publishedAt) = ArticleDecoder.identity(of: payload) else {
            return Item(identity: SeenArticles.identity(raw), payload: payload)
        }
        return Item(
            identity: SeenArticles.identity(id.utf8), publishedAt: publishedAt, payload: payload)
    }

    private static func massiveItem(_ range: Range<Int>, in body: [UInt8], _ symbol: Symbol)
        -> Item
    {
        let raw = body[range]
        do {
            let article = try JSONDecoder().decode(MassiveArticle.self, from: Data(raw))
                .article(about: symbol)
            return Item(
                identity: SeenArticles.identity(article.articleID.utf8),
                publishedAt: article.publishedAt, payload: RecordPayload.encode(article))
        } catch {
            // No article: kept as it came, for the dead letters.
            return Item(
                identity: SeenArticles.identity(raw), publishedAt: nil, payload: Array(raw))
        }
    }
}

/// A row of Massive's `/v2/reference/news`.
private struct MassiveArticle: Decodable {
    struct Publisher: Decodable { var name: String? }
    struct NoTime: Error {}

    var id: String
    var title: String
    var publishedUTC: String
    var publisher: Publisher?
    var articleURL: String?
    var description: String?

    private enum CodingKeys: String, CodingKey {
        case id, title, publisher, description
        case publishedUTC = "published_utc"
        case articleURL = "article_url"
    }

    func article(about symbol: Symbol) throws -> NewsArticle {
        guard let publishedAt = Timestamp(rfc3339: publishedUTC) else { throw NoTime() }
        return NewsArticle(
            articleID: id, symbol: symbol, headline: title, summary: description ?? "",
            publisher: publisher?.name ?? "", url: articleURL ?? "", publishedAt: publishedAt)
    }
}

extension JSONCursor {
    /// Where the elements of the list lie that the cursor is at; the rest of a broken one is one
    /// element, with the fault noted.
    fileprivate mutating func elements() -> [Range<Int>] {
        var found: [Range<Int>] = []
        guard opens(closing: UInt8(ascii: "]")) else { return found }
        repeat {
            skipSpace()
            let start = at
            skipValue()
            if fault != nil {
                fault = nil
                at = endOfBrokenElement(from: start) ?? end
            }
            if at > start { found.append(start..<at) }
        } while continues(until: UInt8(ascii: "]"))
        return found
    }

    /// The elements of the field `results`; none when it is not there, `nil` when the answer is no
    /// object or says that it is an error.
    fileprivate mutating func results() -> [Range<Int>]? {
        var found: [Range<Int>] = []
        guard opens(closing: UInt8(ascii: "}")) else { return nil }
        var isAnswer = false
        repeat {
            switch fieldKeySlowly() {
            case "results" where current == UInt8(ascii: "["):
                found = elements()
                isAnswer = true
            case "status":
                let status = unescapedText(bytesMax: 32)
                isAnswer = isAnswer || status == "OK" || status == "DELAYED"
            default: skipValue()
            }
        } while continues(until: UInt8(ascii: "}"))
        return isAnswer ? found : nil
    }
}
