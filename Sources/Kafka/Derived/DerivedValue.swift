import Foundation
import MarketModel

/// What a message of a derived topic says, read back.
public enum DerivedValue: Equatable, Sendable {
    case aggregate(TickerAggregate)
    case quote(StoredQuote)
    case bar(Bar)
    case anomaly(Episode)
    case article(ScoredArticle)
}

/// Why a message of a derived topic cannot be read.
public enum DerivedMessageError: Error, Equatable {
    /// Of a later version, or of a type this build does not know.
    case unknown(type: String, version: Int)
    case malformed(field: String)
}

extension DerivedValue {
    /// Reads a message; members that this build does not know are passed over.
    public init(_ bytes: some Sequence<UInt8>) throws {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let head = try decoder.decode(MessageHead.self, from: data)
        guard head.v == DerivedMessage.version else {
            throw DerivedMessageError.unknown(type: head.type, version: head.v)
        }
        switch head.type {
        case "aggregation":
            self = .aggregate(try decoder.decode(AggregationMessage.self, from: data).value())
        case "quote": self = .quote(try decoder.decode(QuoteMessage.self, from: data).value())
        case "bar": self = .bar(try decoder.decode(BarMessage.self, from: data).value())
        case "anomaly":
            self = .anomaly(try decoder.decode(AnomalyMessage.self, from: data).value())
        case "article":
            self = .article(try decoder.decode(ArticleMessage.self, from: data).value())
        default: throw DerivedMessageError.unknown(type: head.type, version: head.v)
        }
    }
}

private struct MessageHead: Decodable {
    var v: Int
    var type: String
}

/// Members in their text form, read exactly.
enum MarketText {
    /// The value, or the field that does not hold one.
    static func need<Value>(_ value: Value?, _ field: String) throws -> Value {
        guard let value else { throw DerivedMessageError.malformed(field: field) }
        return value
    }

    static func symbol(_ text: String) throws -> Symbol { try need(Symbol(text), "ticker") }

    static func position(_ text: String) throws -> LogPosition {
        try need(LogPosition(text), "position")
    }

    static func price(_ value: Decimal?) throws -> Price? {
        try value.map { try need(Price(decimal: $0.description), "price") }
    }

    static func size(_ value: Decimal) throws -> Size {
        try need(Size(decimal: value.description), "size")
    }

    static func volume(_ value: Decimal) throws -> Volume {
        let units = value * Decimal(Size.scale)
        return Volume(units: try need(Int128(units.description), "volume"))
    }

    /// A text of at most 17 fraction digits.
    static func notional(_ text: String) throws -> Notional {
        let parts = text.split(separator: ".", maxSplits: 1)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        let whole = parts.first.map(String.init) ?? ""
        let digits = fraction.padding(toLength: 17, withPad: "0", startingAt: 0)
        return Notional(
            units: try need(fraction.count > 17 ? nil : Int128(whole + digits), "notional"))
    }

    static func moment(_ text: String) throws -> Timestamp {
        try need(Timestamp(rfc3339: text), "time")
    }

    static func source(_ name: String) throws -> FeedSource {
        try need(FeedSource.allCases.first { $0.name == name }, "source")
    }
}
