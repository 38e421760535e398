import Foundation
import MarketModel

/// A file of frames, one a line, written in large pieces.
///
/// Not thread-safe: used by the simulator's event loop alone.
final class TruthFile {
    private static let pieceBytes = 1 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []

    /// Replaces a file that is there.
    init(path: String) throws(FeedError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw .cannotOpen(path: path) }
        self.handle = handle
        buffer.reserveCapacity(TruthFile.pieceBytes * 2)
    }

    func append(line: some Collection<UInt8>) throws {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= TruthFile.pieceBytes { try flush() }
    }

    func flush() throws {
        guard !buffer.isEmpty else { return }
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    func close() throws {
        try flush()
        try handle.close()
    }
}
