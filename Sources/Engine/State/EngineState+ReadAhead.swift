import MarketModel

/// With thousands of tickers an event would wait for its ticker's memory, line after line. The
/// tickers of the next events are read together instead, before the first of them is applied: many
/// lines are then on their way at once.
extension EngineState {
    /// Few enough that their tickers stay in the core's own cache until it is their turn.
    static let eventsReadAhead = 32
    /// With fewer tickers they all stay there anyway.
    private static let tickersMin = 256

    var readsAhead: Bool {
        @inline(__always) mutating get { tickers.count >= EngineState.tickersMin }
    }

    /// Reads the first lines of the tickers that these events are about, and of their marks, and
    /// uses nothing of them.
    @inline(never)
    mutating func readAhead(_ events: UnsafeBufferPointer<LoggedEvent>) {
        guard let first = events.baseAddress else { return }
        var marks = InlineArray<32, UnsafeMutablePointer<SourceMarks>?>(repeating: nil)
        var sum: UInt64 = 0
        for index in 0..<min(events.count, EngineState.eventsReadAhead) {
            let symbol: Symbol
            switch (first + index).pointee.event {
            case .trade(let trade): symbol = trade.symbol
            case .quote(let quote): symbol = quote.symbol
            default: continue
            }
            guard let number = symbols.number(of: symbol) else { continue }
            let ticker = tickers.pointer(at: Int(number))
            sum &+= tickers.readLines(of: ticker)
            if ticker.pointee.marks.count > 0 { marks[index] = ticker.pointee.marks.pointer(at: 0) }
        }
        for index in 0..<min(events.count, EngineState.eventsReadAhead) {
            guard let mark = marks[index] else { continue }
            sum &+= mark.pointee.readLines()
        }
        linesRead &+= sum
    }
}
