import GRDB
import MarketModel

extension Symbol {
    init(row: Row, _ column: String) throws(StorageError) {
        guard let symbol = Symbol(row[column] as String) else {
            throw .malformedRow(table: "symbols", column: column)
        }
        self = symbol
    }
}

extension SourceCounts {
    /// Of a row of `source_counts` or `partition_counts`.
    init(row: Row) {
        self.init()
        received = row["received"]
        applied = row["applied"]
        duplicate = row["duplicate"]
        late = row["late"]
        deadLettered = row["dead_lettered"]
        shed = row["shed"]
    }
}

extension FeedSource {
    init(row: Row) throws(StorageError) {
        guard let source = FeedSource(rawValue: row["source"]) else {
            throw .malformedRow(table: "any", column: "source")
        }
        self = source
    }
}

extension Timestamp {
    /// From the columns `second` and `nanosecond`.
    fileprivate init(secondOf row: Row) {
        let second: Int64 = row["second"]
        let nanosecond: Int64 = row["nanosecond"]
        self.init(nanoseconds: second * 1_000_000_000 + nanosecond)
    }

    init(row: Row, _ column: String) { self.init(nanoseconds: row[column]) }
}

extension Price {
    fileprivate init?(row: Row, _ column: String) {
        guard let units: Int64 = row[column] else { return nil }
        self.init(units: units)
    }
}

extension StoredTrade {
    init(_ row: Row, symbol: Symbol) throws(StorageError) {
        guard let aggressor = Aggressor(rawValue: row["aggressor"]) else {
            throw .malformedRow(table: "trades", column: "aggressor")
        }
        let conditions: Int64 = row["conditions"]
        let tradeID: Int64 = row["trade_id"]
        self.init(
            trade: Trade(
                symbol: symbol, price: Price(units: row["price"]), size: Size(units: row["size"]),
                executedAt: Timestamp(secondOf: row), sequence: row["sequence"],
                conditions: TradeConditions(packed: UInt64(bitPattern: conditions)),
                tradeID: UInt64(bitPattern: tradeID), exchange: row["exchange"],
                aggressor: aggressor),
            source: try FeedSource(row: row), receivedAt: Timestamp(row: row, "received_at"),
            position: LogPosition(row), isLate: row["is_late"])
    }
}

extension StoredQuote {
    init(_ row: Row, symbol: Symbol) throws(StorageError) {
        self.init(
            quote: Quote(
                symbol: symbol, bid: Price(units: row["bid"]), ask: Price(units: row["ask"]),
                bidSize: Size(units: row["bid_size"]), askSize: Size(units: row["ask_size"]),
                quotedAt: Timestamp(secondOf: row), sequence: row["sequence"],
                hasExchangeTime: row["has_exchange_time"]),
            source: try FeedSource(row: row), receivedAt: Timestamp(row: row, "received_at"),
            position: LogPosition(row))
    }
}

extension Bar {
    init(_ row: Row, symbol: Symbol, interval: BarInterval) throws(StorageError) {
        guard let volume: WideInteger = row["volume"] else {
            throw .malformedRow(table: "bars", column: "volume")
        }
        guard let notional: WideInteger = row["notional"] else {
            throw .malformedRow(table: "bars", column: "notional")
        }
        self.init(
            symbol: symbol, interval: interval, start: Timestamp(row: row, "start"),
            open: Price(row: row, "open"), high: Price(row: row, "high"),
            low: Price(row: row, "low"), close: Price(row: row, "close"),
            volume: Volume(units: volume.value), notional: Notional(units: notional.value),
            tradeCount: row["trade_count"], revision: row["revision"], isFinal: row["is_final"],
            isReference: row["is_reference"])
    }
}

extension FeatureVector {
    init(_ row: Row, symbol: Symbol) {
        var figures = RollingFigures()
        figures.price = Price(row: row, "price")
        figures.volumeZScore = row["volume_zscore"]
        figures.priceMomentum = row["price_momentum"]
        figures.vwapDeviation = row["vwap_deviation"]
        figures.tradeFrequency = row["trade_frequency"] ?? .nan
        figures.vwapOneMinute = Price(row: row, "vwap_1min")
        figures.vwapFiveMinutes = Price(row: row, "vwap_5min")
        figures.spread = Price(row: row, "spread")
        self.init(
            symbol: symbol, updatedAt: Timestamp(secondOf: row), position: LogPosition(row),
            size: Size(units: row["size"]), figures: figures)
        modelVersion = row["model_version"]
    }
}
