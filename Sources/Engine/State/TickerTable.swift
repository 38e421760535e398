import Analytics

/// The tickers by number. Each begins at a cache line and never moves, so that a pointer to it
/// holds as long as the table.
struct TickerTable: ~Copyable {
    /// So many that where the blocks lie fills a line or two.
    private static let perBlockShift = 10
    private static let perBlock = 1 << perBlockShift
    private static let line = MarketMemory.lineBytes
    /// Before each ticker lie the marks of its first source.
    private static let marksBytes = wholeLines(MemoryLayout<SourceMarks>.size)
    private static let stride = marksBytes + wholeLines(MemoryLayout<TickerState>.size)
    /// Of the marks those that ids with gaps need.
    private static let marksLinesOfTrades = 2
    private static let marksLinesOfQuotes = 3
    /// Up to what change is measured against.
    private static let linesOfTrades = 13
    /// Up to the extremes of the last seconds.
    private static let linesOfTurns = 19
    /// Up to where the current quote came from.
    private static let linesOfQuotes = 3

    /// Up to where the session ends.
    private static let linesOfWakes = 7

    /// Where what tickers keep besides lies.
    let memory = MarketMemory(pages: .huge)
    /// Where they lie themselves.
    private let ownMemory = MarketMemory(pages: .huge)
    private(set) var count = 0
    private var blocks: [UnsafeMutableRawPointer] = []

    private static func wholeLines(_ bytes: Int) -> Int { (bytes + line - 1) / line * line }

    init() {
        // The first ticker's marks have a place before the ticker is made.
        // A few tickers need little of it, and no large pages.
        blocks.append(
            .allocate(byteCount: TickerTable.blockBytes, alignment: TickerTable.line))
    }

    deinit {
        for number in 0..<count { pointer(at: number).deinitialize(count: 1) }
        blocks[0].deallocate()
        for block in blocks.dropFirst() { ownMemory.giveBack(block, TickerTable.blockBytes) }
    }

    private static var blockBytes: Int { stride * perBlock }

    @inline(__always)
    mutating func append(_ ticker: consuming TickerState) {
        count += 1
        pointer(at: count - 1).initialize(to: ticker)
        if count == blocks.count * TickerTable.perBlock {
            blocks.append(ownMemory.take(TickerTable.blockBytes))
        }
    }

    /// Where the marks of the ticker lie that is appended next.
    var placeOfNextMarks: UnsafeMutablePointer<SourceMarks> {
        place(count).assumingMemoryBound(to: SourceMarks.self)
    }

    @inline(__always)
    private func place(_ number: Int) -> UnsafeMutableRawPointer {
        blocks[number >> TickerTable.perBlockShift]
            + (number & (TickerTable.perBlock - 1)) * TickerTable.stride
    }

    /// What most trades, or quotes, read of a ticker: of its first marks and its own first lines.
    @inline(__always)
    func forEachLine(
        of ticker: UnsafeMutablePointer<TickerState>, forTrade isTrade: Bool,
        _ take: (UnsafeRawPointer) -> Void
    ) {
        let own = UnsafeRawPointer(ticker)
        for line in 0..<TickerTable.marksLinesOfTrades {
            take(own - TickerTable.marksBytes + line * TickerTable.line)
        }
        for line in 0..<TickerTable.linesOfQuotes { take(own + line * TickerTable.line) }
        guard isTrade else {
            for line in TickerTable.marksLinesOfTrades..<TickerTable.marksLinesOfQuotes {
                take(own - TickerTable.marksBytes + line * TickerTable.line)
            }
            return
        }
        for line in TickerTable.linesOfQuotes..<TickerTable.linesOfTrades {
            take(own + line * TickerTable.line)
        }
    }

    /// What the turn of a second besides reads while trades follow each other within seconds.
    @inline(__always)
    func forEachLineOfTurn(
        of ticker: UnsafeMutablePointer<TickerState>, _ take: (UnsafeRawPointer) -> Void
    ) {
        let own = UnsafeRawPointer(ticker)
        for line in TickerTable.linesOfTrades..<TickerTable.linesOfTurns {
            take(own + line * TickerTable.line)
        }
    }

    /// What a clock record reads of a ticker that has a quote to send.
    @inline(__always)
    func forEachLineOfWake(
        of ticker: UnsafeMutablePointer<TickerState>, _ take: (UnsafeRawPointer) -> Void
    ) {
        let own = UnsafeRawPointer(ticker)
        for line in 0..<TickerTable.linesOfWakes { take(own + line * TickerTable.line) }
    }

    @inline(__always)
    func pointer(at number: Int) -> UnsafeMutablePointer<TickerState> {
        assert(number >= 0 && number < count, "beyond the end")
        return (place(number) + TickerTable.marksBytes).assumingMemoryBound(to: TickerState.self)
    }
}
