import Foundation
import MarketModel

/// A file of provider frames, one a line, read in large pieces however long it is.
///
/// A line's position in the log is its byte offset. Empty lines are passed over; a carriage return
/// before the line feed is no part of the line.
public final class FrameFile {
    private static let pieceBytes = 1 << 20
    /// No provider sends a frame of this length.
    public static let lineBytesMax = 8 << 20

    public let path: String
    /// Bytes in the file; 0 for a pipe.
    public let size: Int64
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var start = 0
    private var bufferOffset: Int64 = 0
    private var isAtEnd = false

    public init(path: String, from offset: Int64 = 0) throws(FeedError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .cannotOpen(path: path)
        }
        self.path = path
        self.handle = handle
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        size = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        guard offset > 0 else { return }
        do { try handle.seek(toOffset: UInt64(offset)) } catch {
            throw .cannotRead(path: path, offset: offset)
        }
        bufferOffset = offset
    }

    /// A line of a piece of the file: where it lies in the piece, and its offset in the file.
    public struct Line: Equatable, Sendable {
        public var bytes: Range<Int>
        public var offset: Int64
    }

    /// Where the next line begins.
    public var offset: Int64 { bufferOffset + Int64(start) }

    /// Appends whole lines, up to about `bytesMax` bytes of them, to `bytes`, and says in `lines`
    /// where each lies there.
    ///
    /// False at the end of the file, when there was nothing left to append.
    public func read(
        into bytes: inout [UInt8], lines: inout [Line], bytesMax: Int = 1 << 20
    ) throws(FeedError) -> Bool {
        let linesBefore = lines.count
        let wanted = bytes.count + bytesMax
        while bytes.count < wanted {
            if let end = nextLineEnd() {
                take(upTo: end, into: &bytes, &lines)
            } else if isAtEnd {
                guard start < buffer.count else { break }
                take(upTo: buffer.count, into: &bytes, &lines)  // A last line without a line feed.
            } else {
                // What is in hand goes out before the disk is asked again.
                if lines.count > linesBefore { break }
                try readPiece()
            }
        }
        return lines.count > linesBefore
    }

    /// Appends lines as they lie in the file, with their line feeds and the empty ones: at most
    /// `linesMax` of them, and about `bytesMax` bytes. Only the file's last line may lack its feed.
    ///
    /// The offset of the first in the file; `nil` at the end, when nothing was left.
    public func readWhole(
        into bytes: inout [UInt8], linesMax: Int, bytesMax: Int = 1 << 20
    ) throws(FeedError) -> Int64? {
        while true {
            let first = offset
            var end = start
            var count = 0
            while count < linesMax, end - start < bytesMax, let feed = lineEnd(from: end) {
                end = feed + 1
                count += 1
            }
            // A last line without a line feed.
            if count == 0, isAtEnd { end = buffer.count }
            if end > start {
                bytes += buffer[start..<end]
                start = end
                return first
            }
            if isAtEnd { return nil }
            try readPiece()
        }
    }

    private func nextLineEnd() -> Int? { lineEnd(from: start) }

    private func lineEnd(from start: Int) -> Int? {
        buffer.withUnsafeBytes { all in
            guard let base = all.baseAddress, start < all.count,
                let found = memchr(base + start, 10, all.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private func take(upTo end: Int, into bytes: inout [UInt8], _ lines: inout [Line]) {
        defer { start = min(buffer.count, end + 1) }
        let isCarriage = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        let line = start..<(isCarriage ? end - 1 : end)
        guard !line.isEmpty else { return }
        lines.append(Line(bytes: bytes.count..<bytes.count + line.count, offset: offset))
        bytes += buffer[line]
    }

    private func readPiece() throws(FeedError) {
        guard buffer.count - start <= FrameFile.lineBytesMax else {
            throw .lineTooLong(path: path, offset: offset)
        }
        let here = offset
        buffer.removeFirst(start)
        bufferOffset = here
        start = 0
        do {
            let piece = try handle.read(upToCount: FrameFile.pieceBytes)
            isAtEnd = piece?.isEmpty ?? true
            if let piece { buffer += piece }
        } catch {
            throw .cannotRead(path: path, offset: here + Int64(buffer.count))
        }
    }
}
