import Glibc

/// Memory for the tickers of one engine, taken from the system in large pieces, so that thousands
/// of tickers lie close together: most of what an event costs with thousands of tickers is waiting
/// for memory.
///
/// What is given back is handed out again, whole or in parts: memory that has never been used costs
/// the system more than most events cost us. Everything returns to the system when the last owner
/// is gone. Used by one thread, the engine's.
public final class MarketMemory {
    /// Blocks begin at a cache line.
    public static let lineBytes = 64
    private static let firstPieceBytes = 4 << 10
    /// A huge page.
    private static let pieceBytesMax = 2 << 20
    /// Blocks up to so many lines are handed out again; larger ones come from the system and go
    /// back to it.
    private static let linesMax = 2047

    /// What the pages of a large piece are when it comes.
    public enum Pages: Sendable {
        /// As large as can be: for what events touch, since fewer addresses have to be translated
        /// and the system is asked once in place of 512 times. Measured on a virtual machine: 0.1
        /// ms a MiB where memory was in use before (small pages 0.5), 2 ms where the host has to
        /// find it first (small ones 0.8).
        case huge
        /// Small, and all there at once; the system joins them when it has time. For what is large
        /// and touched now and then: a new huge page has to be cleared as a whole, in the middle of
        /// an event.
        case small
    }

    private let pages: Pages
    private var pieces: [UnsafeMutableRawPointer] = []
    private var rest: UnsafeMutableRawBufferPointer.SubSequence
    private var nextPieceBytes = MarketMemory.firstPieceBytes
    /// By lines: the first block to hand out again. Each holds the address of the next.
    private let free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    /// One bit for each number of lines that there is a block of.
    private var sizes = InlineArray<32, UInt64>(repeating: 0)
    /// Of all pieces: what the system has been asked for.
    public private(set) var byteCount = 0

    public init(pages: Pages = .small) {
        self.pages = pages
        rest = UnsafeMutableRawBufferPointer(start: nil, count: 0)[...]
        free = .allocate(capacity: MarketMemory.linesMax + 1)
        free.initialize(repeating: nil, count: MarketMemory.linesMax + 1)
    }

    deinit {
        for piece in pieces { Glibc.free(piece) }
        free.deallocate()
    }

    /// A block of at least so many bytes, which hold anything.
    public func take(_ bytes: Int) -> UnsafeMutableRawPointer {
        let lines = MarketMemory.lines(bytes)
        guard lines <= MarketMemory.linesMax else {
            return askSystem(lines * MarketMemory.lineBytes)
        }
        if let size = smallestFree(lines), let block = free[size] {
            free[size] = block.load(as: UnsafeMutableRawPointer?.self)
            if free[size] == nil { sizes[size >> 6] &= ~(1 << UInt64(size & 63)) }
            if size > lines { keep(block + lines * MarketMemory.lineBytes, size - lines) }
            return block
        }
        let wanted = lines * MarketMemory.lineBytes
        if rest.count < wanted { addPiece(wanted) }
        guard let base = rest.base.baseAddress else {
            preconditionFailure("a piece has an address")
        }
        let block = base + rest.startIndex
        rest = rest[(rest.startIndex + wanted)...]
        return block
    }

    /// Takes a block back that `take` gave for so many bytes.
    public func giveBack(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
        let lines = MarketMemory.lines(bytes)
        guard lines <= MarketMemory.linesMax else {
            byteCount -= lines * MarketMemory.lineBytes
            return Glibc.free(block)
        }
        keep(block, lines)
    }

    /// Room for so many values, which whoever takes it initializes.
    public func take<Value: ~Copyable>(
        _ type: Value.Type, count: Int
    ) -> UnsafeMutablePointer<Value> {
        take(count * MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
    }

    /// Takes the room of so many values back, which are not initialized any more.
    public func giveBack<Value: ~Copyable>(_ values: UnsafeMutablePointer<Value>, count: Int) {
        giveBack(UnsafeMutableRawPointer(values), count * MemoryLayout<Value>.stride)
    }

    private func keep(_ block: UnsafeMutableRawPointer, _ lines: Int) {
        block.storeBytes(of: free[lines], as: UnsafeMutableRawPointer?.self)
        free[lines] = block
        sizes[lines >> 6] |= 1 << UInt64(lines & 63)
    }

    /// The smallest number of lines, at least so many, that there is a block of to hand out again.
    private func smallestFree(_ lines: Int) -> Int? {
        var word = lines >> 6
        var bits = sizes[word] & (UInt64.max << UInt64(lines & 63))
        while bits == 0 {
            word += 1
            guard word < sizes.count else { return nil }
            bits = sizes[word]
        }
        return word << 6 + bits.trailingZeroBitCount
    }

    private static func lines(_ bytes: Int) -> Int { max(1, (bytes + lineBytes - 1) / lineBytes) }

    /// Pieces grow up to a huge page; what is left of the last one is handed out to who needs less.
    private func addPiece(_ bytesMin: Int) {
        let left = rest.count / MarketMemory.lineBytes
        if let base = rest.base.baseAddress, left > 0, left <= MarketMemory.linesMax {
            keep(base + rest.startIndex, left)
        }
        let bytes = max(bytesMin, nextPieceBytes)
        nextPieceBytes = min(nextPieceBytes * 2, MarketMemory.pieceBytesMax)
        let piece = askSystem(bytes)
        pieces.append(piece)
        rest = UnsafeMutableRawBufferPointer(start: piece, count: bytes)[...]
    }

    private func askSystem(_ bytes: Int) -> UnsafeMutableRawPointer {
        let isHuge = bytes >= MarketMemory.pieceBytesMax
        var memory: UnsafeMutableRawPointer?
        let code = posix_memalign(
            &memory, isHuge ? MarketMemory.pieceBytesMax : MarketMemory.lineBytes, bytes)
        guard code == 0, let memory else { preconditionFailure("the system has no memory left") }
        if isHuge { prepare(memory, bytes) }
        byteCount += bytes
        return memory
    }

    /// A kernel that knows neither serves all the same, only slower.
    private func prepare(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
        if pages == .small { _ = madvise(memory, bytes, MADV_POPULATE_WRITE) }
        _ = madvise(memory, bytes, MADV_HUGEPAGE)
    }
}
