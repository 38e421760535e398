import GRDB
import MarketModel

/// Signals of the indicators: written once a bar at most, and again with the same key after a
/// restart.
enum SignalRows {
    static func write(_ signal: IndicatorSignal, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO signals (symbol, seconds, bar_start, kind, at, close, value,
                    reference, epoch, byte_offset, event_index)
                VALUES (?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            signal.symbol.description, signal.interval.rawValue, signal.barStart.nanoseconds,
            signal.kind.rawValue, signal.at.nanoseconds, signal.close.units, signal.value,
            signal.reference, signal.position.epoch, signal.position.offset, signal.position.index,
        ])
    }

    static func read(_ row: Row) throws -> IndicatorSignal {
        guard let kind = IndicatorSignal.Kind(rawValue: row["kind"]) else {
            throw StorageError.malformedRow(table: "signals", column: "kind")
        }
        guard let interval = BarInterval(rawValue: row["seconds"]) else {
            throw StorageError.malformedRow(table: "signals", column: "seconds")
        }
        return IndicatorSignal(
            symbol: try Symbol(row: row, "symbol"), kind: kind, interval: interval,
            barStart: Timestamp(row: row, "bar_start"), at: Timestamp(row: row, "at"),
            close: Price(units: row["close"]), value: row["value"], reference: row["reference"],
            position: LogPosition(row))
    }
}
