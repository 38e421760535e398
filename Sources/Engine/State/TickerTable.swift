import Analytics

/// The tickers by number. Each begins at a cache line and never moves, so that a pointer to it
/// holds as long as the table.
struct TickerTable: ~Copyable {
    private static let perBlockShift = 7
    private static let perBlock = 1 << perBlockShift
    private static let line = MarketMemory.lineBytes
    /// Whole cache lines.
    private static let stride = (MemoryLayout<TickerState>.size + line - 1) / line * line

    /// Up to the windows' ring.
    private static let linesOften = 20

    /// Where tickers, and what they keep besides, lie.
    let memory = MarketMemory()
    private(set) var count = 0
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for number in 0..<count { pointer(at: number).deinitialize(count: 1) }
        for block in blocks { memory.giveBack(block, TickerTable.blockBytes) }
    }

    private static var blockBytes: Int { stride * perBlock }

    mutating func append(_ ticker: consuming TickerState) {
        if count == blocks.count * TickerTable.perBlock {
            blocks.append(memory.take(TickerTable.blockBytes))
        }
        count += 1
        pointer(at: count - 1).initialize(to: ticker)
    }

    /// What all events read of a ticker: its first lines. The sum says nothing.
    @inline(__always)
    func readLines(of ticker: UnsafeMutablePointer<TickerState>) -> UInt64 {
        let bytes = UnsafeRawPointer(ticker)
        var sum: UInt64 = 0
        for line in 0..<TickerTable.linesOften {
            sum &+= bytes.load(fromByteOffset: line * TickerTable.line, as: UInt64.self)
        }
        return sum
    }

    @inline(__always)
    func pointer(at number: Int) -> UnsafeMutablePointer<TickerState> {
        assert(number >= 0 && number < count, "beyond the end")
        let block = blocks[number >> TickerTable.perBlockShift]
        return (block + (number & (TickerTable.perBlock - 1)) * TickerTable.stride)
            .assumingMemoryBound(to: TickerState.self)
    }
}
