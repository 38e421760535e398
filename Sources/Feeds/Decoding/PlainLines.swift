import MarketModel

/// Reads plain lines straight into a batch's memory.
struct PlainLines {
    /// Room is asked for so many events at a time, instead of for each.
    static let eventsAtOnce = 256

    private var base: UnsafeRawPointer
    private let lines: Range<Int>
    /// A line that starts here or before can be read without looking where the buffer ends.
    private var startMax: Int
    /// Lines that start from here on are left to others.
    private var startEnd: Int
    /// The position that a line at the buffer's first byte would have.
    private let bufferStart: LogPosition
    private(set) var stamps: FrameFileStamps
    /// Where the next line starts.
    private(set) var start: Int
    private(set) var goesOn = true

    init(
        base: UnsafeRawPointer, lines: Range<Int>, startMax: Int, bufferStart: LogPosition,
        stamps: FrameFileStamps
    ) {
        self.base = base
        self.lines = lines
        self.startMax = startMax
        self.bufferStart = bufferStart
        self.stamps = stamps
        start = lines.lowerBound
        startEnd = min(lines.upperBound, startMax + 1)
    }

    /// Goes on with bytes that have the same offsets elsewhere.
    mutating func goOn(reading base: UnsafeRawPointer, startMax: Int) {
        self.base = base
        self.startMax = startMax
        startEnd = min(lines.upperBound, startMax + 1)
        goesOn = true
    }

    /// Fills the slots, or stops at a line that is not plain, and counts the events.
    @inline(__always)
    mutating func read(
        into slots: UnsafeMutableBufferPointer<LoggedEvent>, count: inout Int,
        by plain: inout PlainMassive
    ) {
        guard var slot = slots.baseAddress else { return }
        let first = slot
        // A clock may come before an event.
        let last = first + slots.count - 2
        while goesOn, slot <= last {
            let before = slot
            slot = readTrades(into: slot, upTo: last, by: &plain)
            slot = readQuotes(into: slot, upTo: last, by: &plain)
            goesOn = slot > before
        }
        count = slot - first
    }

    /// Trades and quotes each have a loop of their own, in which only their values need room in the
    /// processor's registers.
    @inline(never)
    private mutating func readTrades(
        into first: UnsafeMutablePointer<LoggedEvent>,
        upTo last: UnsafeMutablePointer<LoggedEvent>, by plain: inout PlainMassive
    ) -> UnsafeMutablePointer<LoggedEvent> {
        let masks = plain.masks
        var slot = first
        while slot <= last, start < startEnd {
            var text = PlainText(base, at: start)
            guard PlainMassive.isTrade(text) else { break }
            if let trade = plain.usualTrade(&text, by: masks), endsLine(text) {
                slot = put(.trade(trade), at: trade.executedAt, upTo: text.at, slot)
            } else {
                guard let next = readTradeInAnyOrder(into: slot, by: &plain) else { break }
                slot = next
            }
        }
        return slot
    }

    /// Where the next event belongs; `nil` when the line is not plain.
    @inline(never)
    private mutating func readTradeInAnyOrder(
        into slot: UnsafeMutablePointer<LoggedEvent>, by plain: inout PlainMassive
    ) -> UnsafeMutablePointer<LoggedEvent>? {
        let (trade, end) = plain.tradeInAnyOrder(base, start, startMax: startMax)
        guard let trade, endsLine(PlainText(base, at: end)) else { return nil }
        return put(.trade(trade), at: trade.executedAt, upTo: end, slot)
    }

    @inline(never)
    private mutating func readQuotes(
        into first: UnsafeMutablePointer<LoggedEvent>,
        upTo last: UnsafeMutablePointer<LoggedEvent>, by plain: inout PlainMassive
    ) -> UnsafeMutablePointer<LoggedEvent> {
        let masks = plain.masks
        var slot = first
        while slot <= last, start < startEnd {
            var text = PlainText(base, at: start)
            guard PlainMassive.isQuote(text) else { break }
            if let quote = plain.usualQuote(&text, by: masks), endsLine(text) {
                slot = put(.quote(quote), at: quote.quotedAt, upTo: text.at, slot)
            } else {
                guard let next = readQuoteInAnyOrder(into: slot, by: &plain) else { break }
                slot = next
            }
        }
        return slot
    }

    /// Where the next event belongs; `nil` when the line is not plain.
    @inline(never)
    private mutating func readQuoteInAnyOrder(
        into slot: UnsafeMutablePointer<LoggedEvent>, by plain: inout PlainMassive
    ) -> UnsafeMutablePointer<LoggedEvent>? {
        let (quote, end) = plain.quoteInAnyOrder(base, start, startMax: startMax)
        guard let quote, endsLine(PlainText(base, at: end)) else { return nil }
        return put(.quote(quote), at: quote.quotedAt, upTo: end, slot)
    }

    @inline(__always)
    private func endsLine(_ text: PlainText) -> Bool {
        text.byte(text.at) == 10 || text.at == lines.upperBound
    }

    /// Writes a line's event, after a clock where one belongs, and moves on to the next line.
    @inline(__always)
    private mutating func put(
        _ event: MarketEvent, at time: Timestamp, upTo end: Int,
        _ slot: UnsafeMutablePointer<LoggedEvent>
    ) -> UnsafeMutablePointer<LoggedEvent> {
        var slot = slot
        var position = bufferStart
        position.offset &+= Int64(start)
        if stamps.beginsSecond(time) {
            slot.initialize(to: FrameFileStamps.clock(at: time, position))
            slot += 1
            position.index = 1
        }
        slot.initialize(
            to: LoggedEvent(
                event: event, receivedAt: stamps.newest, position: position, source: .massive,
                rawStart: Int32(truncatingIfNeeded: start),
                rawCount: Int32(truncatingIfNeeded: end &- start)))
        start = end &+ 1
        return slot + 1
    }
}
