import Export
import MarketModel

extension ExportValue {
    init(_ text: String?) { self = text.map { .text($0) } ?? .missing }
    init(_ symbol: Symbol?) { self.init(symbol?.description) }
    init(_ price: Price?) { self = price.map { .decimal(Int128($0.units)) } ?? .missing }
    init(_ size: Size) { self = .decimal(Int128(size.units)) }
    init(_ number: Double?) { self = number.map { .double($0) } ?? .missing }
    init(_ number: Int64?) { self = number.map { .integer($0) } ?? .missing }
    init(_ moment: Timestamp?) { self = moment.map { .timestamp($0.nanoseconds) } ?? .missing }
    init(_ position: LogPosition) { self = .text(position.description) }
}

extension ExportColumn.Kind {
    static let price = decimal(places: Price.decimalPlaces)
    static let size = decimal(places: Size.decimalPlaces)
    /// Price times size.
    static let money = decimal(places: Price.decimalPlaces + Size.decimalPlaces)
}

extension StoredTrade {
    static let exportColumns: [ExportColumn] = [
        .init("ticker", .text), .init("timestamp", .timestamp), .init("price", .price),
        .init("size", .size), .init("sequence_number", .integer), .init("conditions", .text),
        .init("trade_id", .decimal(places: 0)), .init("exchange", .integer),
        .init("aggressor", .text), .init("received_at", .timestamp), .init("source", .text),
        .init("late", .boolean), .init("position", .text),
    ]

    var exportRow: [ExportValue] {
        [
            .init(trade.symbol), .init(trade.executedAt), .init(trade.price), .init(trade.size),
            .integer(trade.sequence),
            .text(trade.conditions.ids.map { String($0) }.joined(separator: " ")),
            .decimal(Int128(trade.tradeID)), .integer(Int64(trade.exchange)),
            .text(String(describing: trade.aggressor)), .init(receivedAt), .text(source.name),
            .boolean(isLate), .init(position),
        ]
    }
}

extension StoredQuote {
    static let exportColumns: [ExportColumn] = [
        .init("ticker", .text), .init("timestamp", .timestamp), .init("bid", .price),
        .init("ask", .price), .init("bid_size", .size), .init("ask_size", .size),
        .init("sequence_number", .integer), .init("has_exchange_time", .boolean),
        .init("received_at", .timestamp), .init("source", .text), .init("position", .text),
    ]

    /// An empty side has neither price nor size.
    var exportRow: [ExportValue] {
        let hasBid = quote.bid.units != 0
        let hasAsk = quote.ask.units != 0
        return [
            .init(quote.symbol), .init(quote.quotedAt), hasBid ? .init(quote.bid) : .missing,
            hasAsk ? .init(quote.ask) : .missing, hasBid ? .init(quote.bidSize) : .missing,
            hasAsk ? .init(quote.askSize) : .missing, .integer(quote.sequence),
            .boolean(quote.hasExchangeTime), .init(receivedAt), .text(source.name), .init(position),
        ]
    }
}

extension Bar {
    static let exportColumns: [ExportColumn] = [
        .init("ticker", .text), .init("interval", .text), .init("start", .timestamp),
        .init("open", .price), .init("high", .price), .init("low", .price), .init("close", .price),
        .init("volume", .size), .init("notional", .money), .init("vwap", .price),
        .init("trade_count", .integer), .init("revision", .integer), .init("final", .boolean),
        .init("reference", .boolean),
    ]

    var exportRow: [ExportValue] {
        [
            .init(symbol), .text(interval.name), .init(start), .init(open), .init(high), .init(low),
            .init(close), .decimal(volume.units), .decimal(notional.units), .init(vwap),
            .integer(tradeCount), .integer(Int64(revision)), .boolean(isFinal),
            .boolean(isReference),
        ]
    }
}

extension FeatureVector {
    static let exportColumns: [ExportColumn] = [
        .init("ticker", .text), .init("updated_at", .timestamp), .init("price", .price),
        .init("volume", .size), .init("volume_zscore", .double), .init("price_momentum", .double),
        .init("vwap_deviation", .double), .init("trade_frequency", .double),
        .init("vwap_1min", .price), .init("vwap_5min", .price), .init("bid_ask_spread", .price),
        .init("model_version", .integer), .init("position", .text),
    ]

    var exportRow: [ExportValue] {
        [
            .init(symbol), .init(updatedAt), .init(price), .init(size), .init(volumeZScore),
            .init(priceMomentum), .init(vwapDeviation),
            // Stored as missing when it was no number.
            tradeFrequency.isNaN ? .missing : .double(tradeFrequency), .init(vwapOneMinute),
            .init(vwapFiveMinutes), .init(spread), .init(modelVersion), .init(position),
        ]
    }
}

extension IndicatorSignal {
    static let exportColumns: [ExportColumn] = [
        .init("ticker", .text), .init("kind", .text), .init("interval", .text),
        .init("bar_start", .timestamp), .init("timestamp", .timestamp), .init("close", .price),
        .init("value", .double), .init("reference", .double), .init("position", .text),
    ]

    var exportRow: [ExportValue] {
        [
            .init(symbol), .text(kind.rawValue), .text(interval.name), .init(barStart), .init(at),
            .init(close), .double(value), .double(reference), .init(position),
        ]
    }
}
