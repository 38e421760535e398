import Glibc
import MarketModel

/// A file of events, one a line, taken in pieces straight into a batch. It is mapped, so that the
/// kernel copies nothing.
final class LineFile {
    /// Small enough to leave the core's own cache to the tickers while it is decoded.
    private static let pieceBytes = 64 << 10

    private let path: String
    private let file: UnsafeRawBufferPointer
    private var next = 0
    /// Where in the file the last piece begins.
    private(set) var offset: Int64 = 0

    init(path: String) throws(BenchmarkError) {
        self.path = path
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw .cannotOpen(path: path) }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { throw .cannotRead(path: path, code: errno) }
        let count = Int(found.st_size)
        guard count > 0 else {
            file = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw .cannotRead(path: path, code: errno) }
        file = UnsafeRawBufferPointer(start: mapped, count: count)
    }

    deinit {
        if let base = file.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: base), file.count)
        }
    }

    /// Replaces what the batch holds with the next lines' bytes; the range of whole lines, empty at
    /// the end of the file.
    func read(into batch: inout EventBatch) throws(BenchmarkError) -> Range<Int> {
        if batch.bytes.count != LineFile.pieceBytes {
            batch.bytes = [UInt8](repeating: 0, count: LineFile.pieceBytes)
        }
        batch.events.removeAll(keepingCapacity: true)
        let piece = UnsafeRawBufferPointer(rebasing: file[next...].prefix(LineFile.pieceBytes))
        guard let line = piece.lastIndex(of: 10) ?? lastWithoutLineFeed(piece) else {
            if piece.isEmpty { return 0..<0 }
            throw .lineTooLong(path: path)
        }
        let lines = UnsafeRawBufferPointer(rebasing: piece[...line])
        batch.bytes.withUnsafeMutableBytes { $0.copyMemory(from: lines) }
        offset = Int64(next)
        next += lines.count
        return 0..<lines.count
    }

    /// A last line without a line feed is a line: where it ends.
    private func lastWithoutLineFeed(_ piece: UnsafeRawBufferPointer) -> Int? {
        piece.isEmpty || piece.count == LineFile.pieceBytes ? nil : piece.count - 1
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
