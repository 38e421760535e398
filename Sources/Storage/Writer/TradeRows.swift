import MarketModel

/// Writes trades: the hot path of the store.
final class TradeRows {
    private let insert: RowStatement
    private let insertMinute: RowStatement
    /// The minute last noted for each ticker, by `symbols.id`.
    private var minutes: [Int64] = []

    init(_ connection: OpaquePointer) throws(StorageError) {
        insert = try RowStatement(
            connection,
            """
            INSERT OR IGNORE INTO trades (second, symbol_id, sequence, source, epoch, byte_offset,
                event_index, nanosecond, price, size, conditions, trade_id, exchange, aggressor,
                received_at, is_late)
            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            """)
        insertMinute = try RowStatement(
            connection,
            """
            INSERT OR IGNORE INTO active_minutes (symbol_id, minute, epoch, byte_offset,
                event_index)
            VALUES (?,?,?,?,?)
            """)
    }

    func finalize() {
        insert.finalize()
        insertMinute.finalize()
    }

    /// The transaction did not hold: nothing noted is known to be stored.
    func forgetNotes() { minutes.removeAll(keepingCapacity: true) }

    func write(_ stored: StoredTrade, symbolID: Int64) throws(StorageError) {
        let trade = stored.trade
        let second = trade.executedAt.secondsFloor
        insert.bind(1, second)
        insert.bind(2, symbolID)
        insert.bind(3, trade.sequence)
        insert.bind(4, Int64(stored.source.rawValue))
        insert.bind(5, Int64(stored.position.epoch))
        insert.bind(6, stored.position.offset)
        insert.bind(7, Int64(stored.position.index))
        insert.bind(8, trade.executedAt.nanoseconds - second * 1_000_000_000)
        insert.bind(9, trade.price.units)
        insert.bind(10, trade.size.units)
        insert.bind(11, Int64(bitPattern: trade.conditions.packed))
        insert.bind(12, Int64(bitPattern: trade.tradeID))
        insert.bind(13, Int64(trade.exchange))
        insert.bind(14, Int64(trade.aggressor.rawValue))
        insert.bind(15, stored.receivedAt.nanoseconds)
        insert.bind(16, stored.isLate ? 1 : 0)
        try insert.run()
        if !stored.isLate { try noteMinute(second / 60, symbolID, stored.position) }
    }

    /// Keeps the position of the first trade of a ticker's minute. Late trades have an index of
    /// their own.
    private func noteMinute(
        _ minute: Int64, _ symbolID: Int64, _ position: LogPosition
    ) throws(StorageError) {
        let index = Int(symbolID)
        while minutes.count <= index { minutes.append(.min) }
        guard minutes[index] != minute else { return }
        insertMinute.bind(1, symbolID)
        insertMinute.bind(2, minute)
        insertMinute.bind(3, Int64(position.epoch))
        insertMinute.bind(4, position.offset)
        insertMinute.bind(5, Int64(position.index))
        try insertMinute.run()
        minutes[index] = minute
    }
}
