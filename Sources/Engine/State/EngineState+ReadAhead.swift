import CPrefetch
import MarketModel

/// With thousands of tickers an event would wait for its ticker's memory, line after line. The
/// lines of the events to come are asked for while earlier ones are applied.
///
/// What is read ahead is no part of the state, and decides nothing.
extension EngineState {
    /// How many events ahead a ticker's place in the table of symbols is asked for, how many ahead
    /// its lines, and how many ahead what these point to.
    private static let placesAhead = 18
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
        let places = index &+ EngineState.placesAhead
        if places < events.endIndex { askForPlace(of: (base + places).pointee.event) }
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
    private static func symbol(of event: borrowing MarketEvent) -> Symbol? {
        switch event {
        case .trade(let trade): trade.symbol
        case .quote(let quote): quote.symbol
        default: nil
        }
    }

    @inline(__always)
    private mutating func askForPlace(of event: borrowing MarketEvent) {
        guard let symbol = EngineState.symbol(of: event) else { return }
        EngineState.ask(for: symbols.place(of: symbol))
    }

    @inline(__always)
    private mutating func ticker(
        of event: borrowing MarketEvent
    ) -> UnsafeMutablePointer<TickerState>? {
        guard let symbol = EngineState.symbol(of: event), let number = symbols.number(of: symbol)
        else {
            return nil
        }
        return tickers.pointer(at: Int(number))
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
        prefetch_line(address)
    }
}
