import CPrefetch
import MarketModel

/// What the peers count per ticker: sizes of all trades, the last price in file order, and how many
/// there were.
///
/// They know no sale conditions, so these are no figures of the engine; counted from the trades it
/// applied. Trades are noted one after the other and counted a few hundred at a time, when their
/// tickers' counts have come: counted at once, each would wait for them, which has nothing to do
/// with what is measured.
struct TickerTally: ~Copyable {
    struct Count: BitwiseCopyable {
        var volumeUnits: Int64 = 0
        var lastUnits: Int64 = 0
        var trades = 0
    }

    private struct Noted: BitwiseCopyable {
        var number: Int
        var sizeUnits: Int64
        var priceUnits: Int64
        var symbol: Symbol
    }

    private static let notedMax = 256

    private let counts: UnsafeMutablePointer<Count>
    private let symbols: UnsafeMutablePointer<Symbol>
    private let tickersMax: Int
    private let noted = UnsafeMutablePointer<Noted>.allocate(capacity: TickerTally.notedMax)
    private var notedCount = 0

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
        noted.deallocate()
    }

    /// `number` is the engine's of the ticker, below `tickersMax`.
    @inline(__always)
    mutating func take(_ trade: Trade, ofTicker number: Int) {
        precondition(number >= 0 && number < tickersMax, "more tickers than the engine keeps")
        prefetch_line(counts + number)
        noted[notedCount] = Noted(
            number: number, sizeUnits: trade.size.units, priceUnits: trade.price.units,
            symbol: trade.symbol)
        notedCount &+= 1
        if notedCount == TickerTally.notedMax { countNoted() }
    }

    @inline(never)
    private mutating func countNoted() {
        for place in 0..<notedCount {
            let trade = noted + place
            let number = trade.pointee.number
            let count = counts + number
            if count.pointee.trades == 0 { symbols[number] = trade.pointee.symbol }
            count.pointee.volumeUnits &+= trade.pointee.sizeUnits
            count.pointee.lastUnits = trade.pointee.priceUnits
            count.pointee.trades &+= 1
        }
        notedCount = 0
    }

    /// Of the tickers that have traded.
    var traded: [(symbol: Symbol, count: Count)] {
        mutating get {
            countNoted()
            return (0..<tickersMax).filter { counts[$0].trades > 0 }
                .map { (symbols[$0], counts[$0]) }
        }
    }
}
