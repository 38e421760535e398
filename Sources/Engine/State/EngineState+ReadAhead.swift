import Analytics
import CPrefetch
import MarketModel

/// With thousands of tickers an event would wait for its ticker's memory, line after line. The
/// lines of the events to come are asked for while earlier ones are applied.
///
/// What is read ahead is no part of the state, and decides nothing.
extension EngineState {
    /// How many events ahead a ticker's place in the table of symbols is asked for, how many ahead
    /// its lines, and how many ahead what these point to.
    private static let placesAhead = 9
    private static let linesAhead = 6
    private static let endsAhead = 3
    private static let linesOfBars = 3
    /// With fewer tickers they all stay in the core's own cache.
    private static let tickersMin = 256

    var readsAhead: Bool {
        @inline(__always) mutating get { tickers.count >= EngineState.tickersMin }
    }

    /// Called before each event is applied.
    @inline(__always)
    mutating func readAhead(
        of index: Int, in events: Slice<UnsafeBufferPointer<LoggedEvent>>,
        _ base: UnsafePointer<LoggedEvent>
    ) {
        if index == events.startIndex { begin(at: index, upTo: events.endIndex, base) }
        expected = ahead[index]
        let places = index &+ EngineState.placesAhead
        if places < events.endIndex { askForPlace(of: (base + places).pointee.event) }
        let lines = index &+ EngineState.linesAhead
        if lines < events.endIndex { askForLines(of: lines, base) }
        let ends = index &+ EngineState.endsAhead
        if ends < events.endIndex { askForEnds(of: ends, base) }
    }

    /// Nobody is expected any more.
    mutating func endReadAhead() { expected = nil }

    @inline(never)
    private mutating func begin(at start: Int, upTo end: Int, _ base: UnsafePointer<LoggedEvent>) {
        for index in start..<min(end, start + EngineState.linesAhead) {
            askForLines(of: index, base)
        }
        for index in start..<min(end, start + EngineState.endsAhead) { askForEnds(of: index, base) }
    }

    @inline(__always)
    private mutating func askForPlace(of event: borrowing MarketEvent) {
        switch event {
        case .trade(let trade): EngineState.ask(for: symbols.place(of: trade.symbol))
        case .quote(let quote): EngineState.ask(for: symbols.place(of: quote.symbol))
        default: break
        }
    }

    /// The ticker's own lines, and its marks'.
    @inline(__always)
    private mutating func askForLines(of index: Int, _ base: UnsafePointer<LoggedEvent>) {
        switch (base + index).pointee.event {
        case .trade(let trade): askForLines(of: index, trade.symbol, isTrade: true)
        case .quote(let quote): askForLines(of: index, quote.symbol, isTrade: false)
        default: ahead[index] = nil
        }
    }

    @inline(never)
    private mutating func askForLines(of index: Int, _ symbol: Symbol, isTrade: Bool) {
        // Whose it is is looked at when its lines have come.
        guard let number = symbols.likelyNumber(of: symbol) else {
            ahead[index] = nil
            return
        }
        let ticker = tickers.pointer(at: Int(number))
        ahead[index] = ticker
        EngineState.ask(for: wakes.pointer(at: Int(number)))
        tickers.forEachLine(of: ticker, forTrade: isTrade) { EngineState.ask(for: $0) }
    }

    /// Where the marks put the next id, and the windows the next second.
    @inline(__always)
    private mutating func askForEnds(of index: Int, _ base: UnsafePointer<LoggedEvent>) {
        guard let ticker = ahead[index] else { return }
        if case .trade(let trade) = (base + index).pointee.event {
            guard ticker.pointee.isNamed(byTrade: trade.symbol) else {
                ahead[index] = known(trade.symbol)
                return
            }
            askForEnds(ofTradeAt: trade.executedAt, ticker)
        } else if case .quote(let quote) = (base + index).pointee.event {
            guard ticker.pointee.isNamed(byQuote: quote.symbol) else {
                ahead[index] = known(quote.symbol)
                return
            }
            guard ticker.pointee.marks.count > 0 else { return }
            let marks = ticker.pointee.marks.pointer(at: 0)
            if let end = marks.pointee.quotesEnd { EngineState.ask(for: end) }
        }
    }

    @inline(__always)
    private mutating func askForEnds(
        ofTradeAt time: Timestamp, _ ticker: UnsafeMutablePointer<TickerState>
    ) {
        guard ticker.pointee.marks.count > 0 else { return }
        let marks = ticker.pointee.marks.pointer(at: 0)
        if let end = marks.pointee.tradesEnd { EngineState.ask(for: end) }
        if time >= ticker.pointee.secondEnd { askForTurn(ticker, to: time) }
        if let bars = ticker.pointee.bars.pointer { askForBars(UnsafeRawPointer(bars)) }
    }

    /// What the turn of a second writes, and reads when the one before it is near.
    @inline(never)
    private mutating func askForTurn(
        _ ticker: UnsafeMutablePointer<TickerState>, to time: Timestamp
    ) {
        if let ends = ticker.pointee.windows.ends {
            EngineState.ask(for: ends.slot)
            EngineState.ask(for: ends.price)
        }
        ticker.pointee.windows.forEachLineOfMinute { EngineState.ask(for: $0) }
        guard time.nanosecondsSince(ticker.pointee.secondEnd) < 4_000_000_000 else {
            return
        }
        tickers.forEachLineOfTurn(of: ticker) { EngineState.ask(for: $0) }
    }

    /// Of the bars' 1.2 KiB what a trade, or the turn of a second, reads first.
    @inline(__always)
    private mutating func askForBars(_ bars: UnsafeRawPointer) {
        for line in 0..<EngineState.linesOfBars {
            EngineState.ask(for: bars + line * MarketMemory.lineBytes)
        }
    }

    @inline(__always)
    static func ask(for address: UnsafeRawPointer) {
        prefetch_line(address)
    }
}

/// The tickers of the events to come, looked up once: by the events' indices, a few of them.
struct TickersAhead {
    private static let countMax = 32
    private var tickers = InlineArray<32, UnsafeMutablePointer<TickerState>?>(repeating: nil)

    subscript(index: Int) -> UnsafeMutablePointer<TickerState>? {
        @inline(__always) get { tickers[index & (TickersAhead.countMax - 1)] }
        @inline(__always) set { tickers[index & (TickersAhead.countMax - 1)] = newValue }
    }
}
