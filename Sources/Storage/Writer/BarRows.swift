import MarketModel

/// Writes bars and feature vectors: many a second when many tickers trade.
final class BarRows {
    private let bar: RowStatement
    private let feature: RowStatement

    init(_ connection: OpaquePointer) throws(StorageError) {
        bar = try RowStatement(
            connection,
            """
            INSERT OR REPLACE INTO bars (symbol_id, seconds, start, open, high, low, close, volume,
                notional, trade_count, revision, is_final, is_reference)
            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
            """)
        feature = try RowStatement(
            connection,
            """
            INSERT OR REPLACE INTO features (second, symbol_id, nanosecond, epoch, byte_offset,
                event_index, price, size, volume_zscore, price_momentum, vwap_deviation,
                trade_frequency, vwap_1min, vwap_5min, spread, model_version)
            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            """)
    }

    func finalize() {
        bar.finalize()
        feature.finalize()
    }

    func write(_ stored: Bar, symbolID: Int64) throws(StorageError) {
        bar.bind(1, symbolID)
        bar.bind(2, stored.interval.rawValue)
        bar.bind(3, stored.start.nanoseconds)
        bar.bind(4, stored.open?.units)
        bar.bind(5, stored.high?.units)
        bar.bind(6, stored.low?.units)
        bar.bind(7, stored.close?.units)
        bar.bind(8, wide: stored.volume.units)
        bar.bind(9, wide: stored.notional.units)
        bar.bind(10, stored.tradeCount)
        bar.bind(11, Int64(stored.revision))
        bar.bind(12, stored.isFinal ? 1 : 0)
        bar.bind(13, stored.isReference ? 1 : 0)
        try bar.run()
    }

    func write(_ vector: FeatureVector, symbolID: Int64) throws(StorageError) {
        let second = vector.updatedAt.secondsFloor
        feature.bind(1, second)
        feature.bind(2, symbolID)
        feature.bind(3, vector.updatedAt.nanoseconds - second * 1_000_000_000)
        feature.bind(4, Int64(vector.position.epoch))
        feature.bind(5, vector.position.offset)
        feature.bind(6, Int64(vector.position.index))
        feature.bind(7, vector.price?.units)
        feature.bind(8, vector.size.units)
        feature.bind(9, vector.volumeZScore)
        feature.bind(10, vector.priceMomentum)
        feature.bind(11, vector.vwapDeviation)
        feature.bind(12, vector.tradeFrequency)
        feature.bind(13, vector.vwapOneMinute?.units)
        feature.bind(14, vector.vwapFiveMinutes?.units)
        feature.bind(15, vector.spread?.units)
        feature.bind(16, vector.modelVersion)
        try feature.run()
    }
}
