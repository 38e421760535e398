import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One file of a journal: the records of an epoch from `base` on.
struct JournalSegment: Equatable, Sendable {
    static let suffix = ".journal"

    let name: String
    let epoch: Int32
    /// Offset in the epoch of the first record. Offsets count record bytes, not segment headers.
    let base: Int64
    /// Record bytes in the file, whole records or not.
    let recordBytes: Int64

    var start: LogPosition { LogPosition(epoch: epoch, offset: base) }
    var end: LogPosition { LogPosition(epoch: epoch, offset: base + recordBytes) }

    /// Sorts as the log does.
    static func name(epoch: Int32, base: Int64) -> String {
        padded(Int64(epoch), 8) + "-" + padded(base, 19) + suffix
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The segments in a directory, in log order. A file whose header was never finished is left
    /// out.
    static func list(_ directory: Directory) throws(StorageError) -> [JournalSegment] {
        var segments: [JournalSegment] = []
        for name in try directory.names() where name.hasSuffix(suffix) {
            if let segment = try open(directory.file(name), name: name) { segments.append(segment) }
        }
        return segments.sorted { $0.start < $1.start }
    }

    /// `nil` when the file has no whole header of this version.
    static func open(_ path: String, name: String) throws(StorageError) -> JournalSegment? {
        let file = try OpenFile(path, flags: O_RDONLY)
        let header = try file.read(JournalCoding.segmentHeaderBytes, at: 0)
        guard let (epoch, base) = JournalCoding.readSegmentHeader(header) else { return nil }
        return JournalSegment(
            name: name, epoch: epoch, base: base,
            recordBytes: file.byteCount - Int64(JournalCoding.segmentHeaderBytes))
    }
}
