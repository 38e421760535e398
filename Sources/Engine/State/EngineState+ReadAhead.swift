import MarketModel

#if canImport(CPrefetch)
    import CPrefetch
#endif

/// With thousands of tickers an event would wait for its ticker's memory, line after line. The
/// lines of the events to come are asked for while earlier ones are applied.
///
/// What is read ahead is no part of the state, and decides nothing.
extension EngineState {
    /// How many events ahead a ticker's lines are asked for, and how many ahead what they point to.
    private static let linesAhead = 12
    private static let endsAhead = 6
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
        let lines = index &+ EngineState.linesAhead
        guard lines < events.endIndex else { return }
        askForLines(of: (base + lines).pointee.event)
        askForEnds(of: (base + (index &+ EngineState.endsAhead)).pointee.event)
    }

    @inline(never)
    private mutating func begin(at start: Int, upTo end: Int, _ base: UnsafePointer<LoggedEvent>) {
        for index in start..<min(end, start + EngineState.linesAhead) {
            askForLines(of: (base + index).pointee.event)
        }
        for index in start..<min(end, start + EngineState.endsAhead) {
            askForEnds(of: (base + index).pointee.event)
        }
    }

    @inline(__always)
    private mutating func ticker(
        of event: borrowing MarketEvent
    ) -> UnsafeMutablePointer<TickerState>? {
        let symbol: Symbol
        switch event {
        case .trade(let trade): symbol = trade.symbol
        case .quote(let quote): symbol = quote.symbol
        default: return nil
        }
        return symbols.number(of: symbol).map { tickers.pointer(at: Int($0)) }
    }

    /// The ticker's own lines, and its marks'.
    @inline(never)
    private mutating func askForLines(of event: borrowing MarketEvent) {
        guard let ticker = ticker(of: event) else { return }
        tickers.forEachLine(of: ticker) { EngineState.ask(for: $0) }
    }

    /// Where the marks put the next id, and the windows the next second.
    @inline(never)
    private mutating func askForEnds(of event: borrowing MarketEvent) {
        guard let ticker = ticker(of: event), ticker.pointee.marks.count > 0 else { return }
        ticker.pointee.marks.pointer(at: 0).pointee.forEachEnd { EngineState.ask(for: $0) }
        ticker.pointee.windows.forEachEnd { EngineState.ask(for: $0) }
    }

    @inline(__always)
    private static func ask(for address: UnsafeRawPointer) {
        #if canImport(CPrefetch)
            prefetch_line(address)
        #endif
    }
}
