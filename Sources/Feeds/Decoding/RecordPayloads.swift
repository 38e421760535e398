import Foundation
import MarketModel

/// What the log's own records hold besides frames: the one definition for those who write and those
/// who read.
public enum RecordPayload {
    /// A `Notice` as JSON, for records of kind `reference`, `settings`, `connection` and `shed`.
    public static func encode(_ notice: Notice) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(NoticePayload(notice)) else {
            preconditionFailure("a notice is made of integers and texts, which always encode")
        }
        return Array(json)
    }

    /// The kind of record a notice travels in.
    public static func kind(of notice: Notice) -> LogRecordKind {
        switch notice {
        case .previousClose, .historicalBar, .listing, .earnings: .reference
        case .connected, .disconnected, .outage: .connection
        case .shed: .shed
        case .settings: .settings
        }
    }

    /// `nil` when the bytes are not what `encode` makes.
    static func notice(_ json: some Sequence<UInt8>) -> Notice? {
        (try? JSONDecoder().decode(NoticePayload.self, from: Data(json)))?.notice
    }

    /// An article in Finnhub's shape, with our `symbol` added: the payload of an `article` record.
    public static func encode(_ article: NewsArticle) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(ArticlePayload(article)) else {
            preconditionFailure("an article is made of integers and texts, which always encode")
        }
        return Array(json)
    }
}

/// A notice on disk. Prices, sizes and times are the integers of `MarketModel`, so nothing is
/// rounded.
private struct NoticePayload: Codable {
    var type: String
    var symbol: String?
    var price: Int64?
    var date: Int64?
    var bar: BarPayload?
    var source: UInt8?
    var reason: String?
    var trades: Int64?
    var quotes: Int64?
    var other: Int64?
    var from: Int64?
    var to: Int64?
    var json: String?
    var listing: ListingPayload?
    var report: EarningsPayload?

    init(_ notice: Notice) {
        switch notice {
        case .previousClose(let symbol, let price, let date):
            type = "previous_close"
            self.symbol = symbol.description
            self.price = price.units
            self.date = date.daysSince1970
        case .historicalBar(let bar, let interval):
            type = "bar"
            self.bar = BarPayload(bar, interval)
        case .connected(let source):
            type = "connected"
            self.source = source.rawValue
        case .disconnected(let source, let reason):
            type = "disconnected"
            self.source = source.rawValue
            self.reason = reason
        case .shed(let source, let trades, let quotes, let other):
            type = "shed"
            self.source = source.rawValue
            (self.trades, self.quotes, self.other) = (trades, quotes, other)
        case .outage(let source, let from, let to):
            type = "outage"
            self.source = source.rawValue
            (self.from, self.to) = (from.nanoseconds, to.nanoseconds)
        case .settings(let json):
            type = "settings"
            self.json = json
        case .listing(let listing):
            type = "listing"
            self.listing = ListingPayload(listing)
        case .earnings(let report):
            type = "earnings"
            self.report = EarningsPayload(report)
        }
    }

    var notice: Notice? {
        let source = source.flatMap { FeedSource(rawValue: $0) }
        switch type {
        case "previous_close":
            guard let symbol = symbol.flatMap({ Symbol($0) }), let price, price > 0, let date
            else { return nil }
            return .previousClose(
                symbol, Price(units: price), tradingDate: CivilDate(daysSince1970: date))
        case "bar": return bar?.notice
        case "connected": return source.map { .connected($0) }
        case "disconnected": return source.map { .disconnected($0, reason: reason ?? "") }
        case "shed":
            guard let trades, let quotes, let other, trades | quotes | other >= 0 else {
                return nil
            }
            return source.map { .shed($0, trades: trades, quotes: quotes, other: other) }
        case "outage":
            guard let from, let to else { return nil }
            return source.map {
                .outage($0, from: Timestamp(nanoseconds: from), to: Timestamp(nanoseconds: to))
            }
        case "settings": return json.map { .settings(json: $0) }
        case "listing": return listing?.notice
        case "earnings": return report?.notice
        default: return nil
        }
    }
}

private struct BarPayload: Codable {
    var symbol: String
    var interval: String
    var start: Int64
    var end: Int64
    var open: Int64
    var high: Int64
    var low: Int64
    var close: Int64
    var volume: Int64
    var vwap: Int64?
    var tradeCount: Int32?
    var sessionOpen: Int64?

    init(_ bar: ProviderBar, _ interval: BarInterval) {
        symbol = bar.symbol.description
        self.interval = interval.name
        start = bar.start.nanoseconds
        end = bar.end.nanoseconds
        open = bar.open.units
        high = bar.high.units
        low = bar.low.units
        close = bar.close.units
        volume = bar.volume.units
        vwap = bar.vwap?.units
        tradeCount = bar.tradeCount
        sessionOpen = bar.sessionOpen?.units
    }

    var notice: Notice? {
        guard let symbol = Symbol(symbol), let interval = BarInterval(name: interval),
            end > start, open > 0, high > 0, low > 0, close > 0, volume >= 0
        else { return nil }
        let bar = ProviderBar(
            symbol: symbol, start: Timestamp(nanoseconds: start), end: Timestamp(nanoseconds: end),
            open: Price(units: open), high: Price(units: high), low: Price(units: low),
            close: Price(units: close), volume: Size(units: volume),
            vwap: vwap.map { Price(units: $0) }, tradeCount: tradeCount,
            sessionOpen: sessionOpen.map { Price(units: $0) })
        return .historicalBar(bar, interval: interval)
    }
}

/// An article as Finnhub sends it, and the ticker we asked it for.
private struct ArticlePayload: Codable {
    var id: String
    var symbol: String
    var datetime: Int64
    var headline: String
    var summary: String
    var source: String
    var url: String

    init(_ article: NewsArticle) {
        id = article.articleID
        symbol = article.symbol.description
        datetime = article.publishedAt.secondsFloor
        headline = article.headline
        summary = article.summary
        source = article.publisher
        url = article.url
    }
}
