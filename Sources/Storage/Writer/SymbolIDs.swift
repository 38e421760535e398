import MarketModel

/// The short numbers that hot tables use for tickers, in the order in which tickers were first
/// stored.
struct SymbolIDs {
    private var ids: [Symbol: Int64]
    /// Given out, but not known to be in a committed transaction yet.
    private(set) var uncommitted: [(symbol: Symbol, id: Int64)] = []
    /// Trades of one ticker come in runs.
    private var last: (symbol: Symbol, id: Int64)?

    init(stored: [Symbol: Int64]) { ids = stored }

    mutating func id(of symbol: Symbol) -> Int64 {
        if let last, last.symbol == symbol { return last.id }
        let id = ids[symbol] ?? added(symbol)
        last = (symbol, id)
        return id
    }

    /// `nil` for a ticker that has never been stored.
    func known(_ symbol: Symbol) -> Int64? { ids[symbol] }

    mutating func committed() { uncommitted.removeAll() }

    private mutating func added(_ symbol: Symbol) -> Int64 {
        let id = Int64(ids.count + 1)
        ids[symbol] = id
        uncommitted.append((symbol, id))
        return id
    }
}
