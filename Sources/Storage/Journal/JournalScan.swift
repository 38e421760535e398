import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a journal's directory holds after everything that is not whole has been cut off.
public struct JournalExtent: Equatable, Sendable {
    /// The first and one past the last record. `nil` for an empty journal.
    public var start: LogPosition?
    public var end: LogPosition?
    /// Receive time of the last whole record; `nil` for an empty journal.
    public var lastReceivedAt: Timestamp?
    /// Bytes of an unfinished or damaged tail that were cut off.
    public var bytesCutOff: Int64 = 0
    /// Files set aside (`.damaged`): they follow a damaged record, so they are no longer part of
    /// the log.
    public var setAside: [String] = []

    public init() {}
}

/// Checks a journal's segments and cuts off what is not whole.
enum JournalScan {
    static let damagedSuffix = ".damaged"

    /// Segments that end before `verifyFrom` are trusted to be what they were when they were
    /// complete.
    static func repair(
        _ directory: Directory, verifyFrom: LogPosition?
    ) throws(StorageError) -> (segments: [JournalSegment], extent: JournalExtent) {
        var extent = JournalExtent()
        try setAsideUnreadable(directory, &extent)
        var kept: [JournalSegment] = []
        var isBroken = false
        for segment in try JournalSegment.list(directory) {
            let follows = kept.last.map { $0.epoch != segment.epoch || $0.end == segment.start }
            if isBroken, kept.last?.epoch == segment.epoch || follows == false {
                try setAside(directory, segment.name, &extent)
                continue
            }
            isBroken = false
            let mayTrust = verifyFrom.map { segment.end < $0 } ?? false
            let whole = mayTrust ? segment : try verify(directory, segment, &extent)
            isBroken = whole != segment
            kept.append(whole)
        }
        extent.start = kept.first?.start
        extent.end = kept.last?.end
        if extent.lastReceivedAt == nil { try findLastReceivedAt(directory, kept, &extent) }
        return (kept, extent)
    }

    /// A file that was made but whose header never reached the disk.
    private static func setAsideUnreadable(
        _ directory: Directory, _ extent: inout JournalExtent
    ) throws(StorageError) {
        let readable = Set(try JournalSegment.list(directory).map(\.name))
        for name in try directory.names()
        where name.hasSuffix(JournalSegment.suffix) && !readable.contains(name) {
            try setAside(directory, name, &extent)
        }
    }

    private static func setAside(
        _ directory: Directory, _ name: String, _ extent: inout JournalExtent
    ) throws(StorageError) {
        try directory.rename(name, to: name + damagedSuffix)
        try directory.sync()
        extent.setAside.append(name)
    }

    private static func verify(
        _ directory: Directory, _ segment: JournalSegment, _ extent: inout JournalExtent
    ) throws(StorageError) -> JournalSegment {
        let path = directory.file(segment.name)
        var reader = try SegmentReader(path, segment)
        while let (record, _) = try reader.next() { extent.lastReceivedAt = record.receivedAt }
        let wholeBytes = reader.offset - segment.base
        guard wholeBytes < segment.recordBytes else { return segment }
        extent.bytesCutOff += segment.recordBytes - wholeBytes
        let file = try OpenFile(path, flags: O_RDWR)
        try file.truncate(to: Int64(JournalCoding.segmentHeaderBytes) + wholeBytes)
        try file.sync()
        return JournalSegment(
            name: segment.name, epoch: segment.epoch, base: segment.base, recordBytes: wholeBytes)
    }

    /// When no record was verified: all were trusted.
    private static func findLastReceivedAt(
        _ directory: Directory, _ segments: [JournalSegment], _ extent: inout JournalExtent
    ) throws(StorageError) {
        guard let last = segments.last(where: { $0.recordBytes > 0 }) else { return }
        var reader = try SegmentReader(directory.file(last.name), last)
        while let (record, _) = try reader.next() { extent.lastReceivedAt = record.receivedAt }
    }
}
