import MarketModel

/// Writes sampled quotes, and each ticker's last one.
final class QuoteRows {
    private let sampled: RowStatement
    private let last: RowStatement

    init(_ connection: OpaquePointer) throws(StorageError) {
        sampled = try RowStatement(connection, "INSERT OR REPLACE INTO quotes \(QuoteRows.values)")
        last = try RowStatement(
            connection, "INSERT OR REPLACE INTO last_quotes \(QuoteRows.values)")
    }

    func finalize() {
        sampled.finalize()
        last.finalize()
    }

    func write(_ quote: StoredQuote, symbolID: Int64) throws(StorageError) {
        try run(sampled, quote, symbolID)
    }

    func writeLast(_ quote: StoredQuote, symbolID: Int64) throws(StorageError) {
        try run(last, quote, symbolID)
    }

    private static let values = """
        (second, symbol_id, source, nanosecond, bid, ask, bid_size, ask_size, sequence,
            has_exchange_time, received_at, epoch, byte_offset, event_index)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """

    private func run(
        _ statement: RowStatement, _ stored: StoredQuote, _ symbolID: Int64
    ) throws(StorageError) {
        let quote = stored.quote
        let second = quote.quotedAt.secondsFloor
        statement.bind(1, second)
        statement.bind(2, symbolID)
        statement.bind(3, Int64(stored.source.rawValue))
        statement.bind(4, quote.quotedAt.nanoseconds - second * 1_000_000_000)
        statement.bind(5, quote.bid.units)
        statement.bind(6, quote.ask.units)
        statement.bind(7, quote.bidSize.units)
        statement.bind(8, quote.askSize.units)
        statement.bind(9, quote.sequence)
        statement.bind(10, quote.hasExchangeTime ? 1 : 0)
        statement.bind(11, stored.receivedAt.nanoseconds)
        statement.bind(12, Int64(stored.position.epoch))
        statement.bind(13, stored.position.offset)
        statement.bind(14, Int64(stored.position.index))
        try statement.run()
    }
}
