import MarketModel

/// What the peers count per ticker: sizes of all trades, the last price in file order, and how many
/// there were.
///
/// They know no sale conditions, so these are no figures of the engine; counted from the trades it
/// applied.
struct TickerTally {
    struct Count {
        var symbol: Symbol
        var volumeUnits: Int64 = 0
        var lastUnits: Int64 = 0
        var trades = 0
    }

    /// By the engine's number of the ticker; `nil` for one without a trade.
    private(set) var counts: [Count?] = []

    @inline(__always)
    mutating func take(_ trade: Trade, ofTicker number: Int) {
        if number >= counts.count || counts[number] == nil { open(trade.symbol, number) }
        counts[number]?.volumeUnits &+= trade.size.units
        counts[number]?.lastUnits = trade.price.units
        counts[number]?.trades &+= 1
    }

    @inline(never)
    private mutating func open(_ symbol: Symbol, _ number: Int) {
        while counts.count <= number { counts.append(nil) }
        counts[number] = Count(symbol: symbol)
    }
}
