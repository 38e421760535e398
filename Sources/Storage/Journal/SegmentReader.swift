import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the records of one segment file, in order, a megabyte at a time.
struct SegmentReader {
    private static let chunkBytes = 1 << 20

    let segment: JournalSegment
    private let file: OpenFile
    private var chunk: [UInt8] = []
    private var chunkStart = 0
    private var readOffset: Int64
    /// Offset in the epoch of the next record.
    private(set) var offset: Int64
    /// The file goes on at `offset`, but not with a whole, undamaged record.
    private(set) var hasBrokenTail = false

    /// Begins at the record that starts at `offset`, or at the first.
    init(_ path: String, _ segment: JournalSegment, from offset: Int64? = nil) throws(StorageError)
    {
        self.segment = segment
        self.offset = max(offset ?? segment.base, segment.base)
        file = try OpenFile(path, flags: O_RDONLY)
        readOffset = Int64(JournalCoding.segmentHeaderBytes) + self.offset - segment.base
    }

    /// The next record and its position; `nil` at the end of what is whole.
    mutating func next() throws(StorageError) -> (record: LogRecord, position: LogPosition)? {
        while !hasBrokenTail {
            let reading = chunk.withUnsafeBytes { JournalCoding.readRecord($0, at: chunkStart) }
            switch reading {
            case .record(let record, let byteCount):
                let position = LogPosition(epoch: segment.epoch, offset: offset)
                chunkStart += byteCount
                offset += Int64(byteCount)
                return (record, position)
            case .incomplete(let bytesNeeded):
                let left = chunk.count - chunkStart
                guard try readMore(bytesNeeded - left) else {
                    hasBrokenTail = left > 0
                    return nil
                }
            case .damaged: hasBrokenTail = true
            }
        }
        return nil
    }

    /// False when the file does not have as many more bytes.
    private mutating func readMore(_ bytesNeeded: Int) throws(StorageError) -> Bool {
        let more = try file.read(max(bytesNeeded, SegmentReader.chunkBytes), at: readOffset)
        guard more.count >= bytesNeeded else { return false }
        chunk.removeFirst(chunkStart)
        chunkStart = 0
        chunk += more
        readOffset += Int64(more.count)
        return true
    }
}
