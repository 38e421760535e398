import MarketModel

/// The records of a journal or a recording in log order: one segment file, several, or a directory
/// of them.
public struct RecordingReader {
    private let directory: Directory
    private var segments: ArraySlice<JournalSegment>
    private var current: SegmentReader?
    private let start: LogPosition
    private var hasNotedLoss = false
    /// Bytes that were passed over or end the log, because they hold no whole, undamaged record:
    /// what a recording that was cut off or damaged has lost.
    public private(set) var bytesLost: Int64 = 0

    /// `path` is a directory of segments, or one segment.
    ///
    /// Throws `notAJournal` when there is no segment of this version.
    public init(_ path: String) throws(StorageError) {
        let listed: [JournalSegment]
        if path.hasSuffix(JournalSegment.suffix) {
            let name = String(path.split(separator: "/").last ?? "")
            directory = Directory(existing: Directory.parent(of: path))
            listed = [try JournalSegment.open(path, name: name)].compactMap { $0 }
        } else {
            directory = Directory(existing: path)
            listed = try JournalSegment.list(directory)
        }
        guard !listed.isEmpty else { throw .notAJournal(path: path) }
        segments = listed[...]
        start = .start
    }

    /// Whether a path is spelled like a segment of a journal.
    public static func isSegment(_ path: String) -> Bool { path.hasSuffix(JournalSegment.suffix) }

    init(_ directory: Directory, _ segments: [JournalSegment], from start: LogPosition) {
        self.directory = directory
        self.start = start
        self.segments = segments.drop { $0.end <= start }
    }

    /// Bytes of the records that are left, at most: for showing progress.
    public var bytesLeft: Int64 {
        let open = current.map { $0.segment.end.offset - $0.offset } ?? 0
        return segments.reduce(open) { $0 + $1.recordBytes }
    }

    /// Where the log goes on behind the last record that `next` gave.
    public var edge: LogPosition {
        current.map { LogPosition(epoch: $0.segment.epoch, offset: $0.offset) } ?? start
    }

    /// The next record with its position; `nil` at the end.
    ///
    /// A last record that was never finished ends the recording. Throws `journalDamaged` when the
    /// log goes on in another segment of the same epoch behind a record that is damaged.
    public mutating func next() throws(StorageError) -> (record: LogRecord, position: LogPosition)?
    {
        while true {
            if let found = try current?.next() { return found }
            noteLoss()
            if let current, let following = segments.first,
                following.epoch == current.segment.epoch, following.base != current.offset
            {
                throw .journalDamaged(
                    path: directory.file(current.segment.name), offset: current.offset)
            }
            guard let segment = segments.popFirst() else { return nil }
            hasNotedLoss = false
            let isPart = segment.epoch == start.epoch && start.offset > segment.base
            current = try SegmentReader(
                directory.file(segment.name), segment, from: isPart ? start.offset : nil)
        }
    }

    /// Once for each segment, at its end.
    private mutating func noteLoss() {
        guard let current, !hasNotedLoss else { return }
        bytesLost += max(0, current.segment.end.offset - current.offset)
        hasNotedLoss = true
    }
}
