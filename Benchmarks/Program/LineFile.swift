import Glibc
import MarketModel

/// A file of events, one a line, read in pieces straight into a batch.
final class LineFile {
    /// Small enough to leave the core's own cache to the tickers while it is decoded.
    private static let pieceBytes = 128 << 10

    private let path: String
    private let descriptor: Int32
    /// Bytes at the end of the last piece that belong to a line of the next.
    private var kept = 0..<0
    /// Where in the file the last piece begins.
    private(set) var offset: Int64 = 0

    init(path: String) throws(BenchmarkError) {
        self.path = path
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw .cannotOpen(path: path) }
    }

    deinit { close(descriptor) }

    /// Replaces what the batch holds with the next lines' bytes; the range of whole lines, empty at
    /// the end of the file.
    func read(into batch: inout EventBatch) throws(BenchmarkError) -> Range<Int> {
        if batch.bytes.count != LineFile.pieceBytes {
            batch.bytes = [UInt8](repeating: 0, count: LineFile.pieceBytes)
        }
        batch.events.removeAll(keepingCapacity: true)
        let (start, file) = (kept, descriptor)
        let (filled, lines) = batch.bytes.withUnsafeMutableBytes { bytes -> (Int, Int) in
            guard let base = bytes.baseAddress else { return (-1, 0) }
            memmove(base, base + start.lowerBound, start.count)
            let got = Glibc.read(file, base + start.count, bytes.count - start.count)
            guard got >= 0 else { return (-1, 0) }
            let filled = start.count + got
            return (filled, (bytes[..<filled].lastIndex(of: 10) ?? -1) + 1)
        }
        guard filled >= 0 else { throw .cannotRead(path: path, code: errno) }
        // A last line without a line feed is a line.
        let count = lines == 0 && filled < LineFile.pieceBytes ? filled : lines
        if count == 0, filled > 0 { throw .lineTooLong(path: path) }
        offset += Int64(start.lowerBound)
        kept = count..<filled
        return 0..<count
    }

    /// The lines of a piece, without their line feeds.
    @inline(__always)
    static func forEachLine(of piece: Range<Int>, in bytes: [UInt8], _ take: (Range<Int>) -> Void) {
        var start = piece.lowerBound
        while start < piece.upperBound {
            let end = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress,
                    let found = memchr(base + start, 10, piece.upperBound - start)
                else { return piece.upperBound }
                return base.distance(to: UnsafeRawPointer(found))
            }
            take(start..<end)
            start = end + 1
        }
    }
}
