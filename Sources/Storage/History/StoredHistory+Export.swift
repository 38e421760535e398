import GRDB
import MarketModel

/// Which stored rows to read from the first to the last.
public struct StoredSpan: Equatable, Sendable {
    /// `nil` for every ticker.
    public var symbols: Set<Symbol>?
    /// At this moment or later.
    public var from: Timestamp?
    /// Before this moment.
    public var to: Timestamp?

    public init(symbols: Set<Symbol>? = nil, from: Timestamp? = nil, to: Timestamp? = nil) {
        self.symbols = symbols
        self.from = from
        self.to = to
    }

    fileprivate func holds(_ symbol: Symbol, _ moment: Timestamp) -> Bool {
        (symbols?.contains(symbol) ?? true) && holds(moment)
    }

    fileprivate func holds(_ moment: Timestamp) -> Bool {
        from.map { moment >= $0 } ?? true && to.map { moment < $0 } ?? true
    }
}

/// Whole tables, a page at a time: no read is long, so that the writer's log of pages never grows
/// for a reader's sake. Rows that are stored meanwhile may or may not be among them.
extension StoredHistory {
    private static let pageRows = 10_000
    private static let pageLetters = 200

    /// By second, then ticker in the order of their first coming, then sequence.
    public func eachTrade(_ span: StoredSpan, _ body: (StoredTrade) throws -> Void) throws {
        let key = [
            "second", "symbol_id", "sequence", "source", "epoch", "byte_offset", "event_index",
        ]
        try eachRow(of: "trades", key: key, span) { row, symbol in
            let stored = try StoredTrade(row, symbol: symbol)
            if span.holds(symbol, stored.trade.executedAt) { try body(stored) }
        }
    }

    /// The last quote of each second; by second, then ticker.
    public func eachQuote(_ span: StoredSpan, _ body: (StoredQuote) throws -> Void) throws {
        try eachRow(of: "quotes", key: ["second", "symbol_id", "source"], span) { row, symbol in
            let stored = try StoredQuote(row, symbol: symbol)
            if span.holds(symbol, stored.quote.quotedAt) { try body(stored) }
        }
    }

    /// By second, then ticker.
    public func eachFeature(_ span: StoredSpan, _ body: (FeatureVector) throws -> Void) throws {
        try eachRow(of: "features", key: ["second", "symbol_id"], span) { row, symbol in
            let vector = FeatureVector(row, symbol: symbol)
            if span.holds(symbol, vector.updatedAt) { try body(vector) }
        }
    }

    /// By ticker in the order of their first coming, then start.
    public func eachBar(
        _ interval: BarInterval, _ span: StoredSpan, _ body: (Bar) throws -> Void
    ) throws {
        let key = ["symbol_id", "seconds", "start"]
        try eachRow(of: "bars", key: key, span) { row, symbol in
            guard row["seconds"] as Int64 == interval.rawValue else { return }
            let bar = try Bar(row, symbol: symbol, interval: interval)
            if span.holds(symbol, bar.start) { try body(bar) }
        }
    }

    /// Those that are not archived, in the order of the log.
    public func eachDeadLetter(_ span: StoredSpan, _ body: (DeadLetter) throws -> Void) throws {
        var last = LogPosition(epoch: .min, offset: .min)
        while true {
            let page = try read { [last] db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT * FROM dead_letters WHERE is_archived = 0
                        AND (epoch, byte_offset, event_index) > (?,?,?)
                        ORDER BY epoch, byte_offset, event_index LIMIT ?
                        """,
                    arguments: [last.epoch, last.offset, last.index, StoredHistory.pageLetters]
                ).map { try DeadLetterRows.read($0) }
            }
            guard let end = page.last?.position else { return }
            last = end
            for letter in page where span.holds(letter.receivedAt) {
                let isWanted =
                    span.symbols.map { symbols in
                        letter.refusal.symbol.map(symbols.contains) ?? false
                    } ?? true
                if isWanted { try body(letter) }
            }
        }
    }

    /// The table in the order of its key, page by page. A first column `second` is held to the
    /// span, whatever else is asked of it is the caller's to check.
    private func eachRow(
        of table: String, key: [String], _ span: StoredSpan, _ body: (Row, Symbol) throws -> Void
    ) throws {
        let columns = key.map { "t." + $0 }.joined(separator: ",")
        let marks = key.map { _ in "?" }.joined(separator: ",")
        let isBySecond = key[0] == "second"
        // The moments of a second lie in it: the span's ends are looked at row by row.
        let end = isBySecond ? span.to.map { $0.secondsFloor } ?? .max : Int64.max
        let start = isBySecond ? span.from.map { $0.secondsFloor } ?? .min : Int64.min
        var last = [start] + key.dropFirst().map { _ in Int64.min }
        while true {
            let page = try read { [last] db in
                // CROSS JOIN: the key's order is that of the outer table.
                try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT t.*, s.name AS ticker FROM \(table) t
                            CROSS JOIN symbols s ON s.id = t.symbol_id
                            WHERE (\(columns)) > (\(marks)) AND t.\(key[0]) <= ?
                            ORDER BY \(columns) LIMIT \(StoredHistory.pageRows)
                            """), arguments: StatementArguments(last + [end]))
            }
            guard let row = page.last else { return }
            for row in page { try body(row, try Symbol(row: row, "ticker")) }
            last = key.map { row[$0] }
        }
    }
}
