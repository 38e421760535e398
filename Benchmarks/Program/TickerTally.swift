import MarketModel

/// What the peers count per ticker: sizes of all trades, the last price in file order, and how many
/// there were.
///
/// They know no sale conditions, so these are no figures of the engine; counted from the trades it
/// applied.
struct TickerTally: ~Copyable {
    struct Count: BitwiseCopyable {
        var volumeUnits: Int64 = 0
        var lastUnits: Int64 = 0
        var trades = 0
    }

    private let counts: UnsafeMutablePointer<Count>
    private let symbols: UnsafeMutablePointer<Symbol>
    private let tickersMax: Int

    init(tickersMax: Int) {
        self.tickersMax = tickersMax
        counts = .allocate(capacity: tickersMax)
        counts.initialize(repeating: Count(), count: tickersMax)
        symbols = .allocate(capacity: tickersMax)
        symbols.initialize(repeating: Symbol(head: 0, tail: 0), count: tickersMax)
    }

    deinit {
        counts.deallocate()
        symbols.deallocate()
    }

    /// `number` is the engine's of the ticker, below `tickersMax`.
    @inline(__always)
    func take(_ trade: Trade, ofTicker number: Int) {
        precondition(number >= 0 && number < tickersMax, "more tickers than the engine keeps")
        let count = counts + number
        if count.pointee.trades == 0 { symbols[number] = trade.symbol }
        count.pointee.volumeUnits &+= trade.size.units
        count.pointee.lastUnits = trade.price.units
        count.pointee.trades &+= 1
    }

    /// Of the tickers that have traded.
    var traded: [(symbol: Symbol, count: Count)] {
        (0..<tickersMax).filter { counts[$0].trades > 0 }.map { (symbols[$0], counts[$0]) }
    }
}
