import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a journal's files are cut and bounded.
public struct JournalSettings: Equatable, Sendable {
    public var segmentBytesMax: Int64 = 64 << 20
    /// `append` writes to the file itself, rather than leave it to `sync`, beyond this.
    public var bufferBytesMax = 32 << 20
    /// Keeps every segment: the journal is a recording.
    public var isKept = false

    public init() {}
}

/// The log on disk: what cannot be asked again is in here before it counts.
///
/// `append` only copies the record, so that the engine's thread never waits for a disk; `sync`
/// writes and fsyncs, on the store's thread. A recording is the same files, kept.
public final class Journal: @unchecked Sendable {
    /// What was found at opening.
    public let extent: JournalExtent

    private let directory: Directory
    private let settings: JournalSettings
    private let directoryLock: StoreLock

    // `appendLock` guards these.
    private let appendLock = WaitingLock()
    private var nextPosition: LogPosition
    private var segmentBase: Int64?
    private var waiting: [JournalPiece] = []
    private var waitingBytes = 0

    // `fileLock` guards these, and the files. It is taken before `appendLock`.
    private let fileLock = WaitingLock()
    private var file: OpenFile?
    private var unwritten: [JournalPiece] = []
    private var segments: [JournalSegment]
    private var durableEnd: LogPosition
    private var isNewFile = false
    private var failure: StorageError?

    /// Opens or makes the journal in a directory of its own, and cuts off what is not whole.
    ///
    /// `verifyFrom` spares the check of segments that end before it; `nil` checks all.
    public init(
        _ path: String, settings: JournalSettings = JournalSettings(),
        verifyFrom: LogPosition? = nil
    ) throws(StorageError) {
        directory = try Directory(creating: path)
        directoryLock = try StoreLock(directory.file("lock"))
        self.settings = settings
        (segments, extent) = try JournalScan.repair(directory, verifyFrom: verifyFrom)
        let end = extent.end ?? LogPosition(epoch: 1, offset: 0)
        nextPosition = end
        durableEnd = end
        if let last = segments.last {
            segmentBase = last.base
            file = try OpenFile(directory.file(last.name), flags: O_WRONLY | O_APPEND)
        }
    }

    /// Where the next record goes.
    public var end: LogPosition { appendLock.withLock { nextPosition } }

    /// Bytes of all segments, with what is not written yet.
    public var byteCount: Int64 {
        let written = fileLock.withLock { segments.reduce(0) { $0 + $1.recordBytes } }
        return written + appendLock.withLock { Int64(waitingBytes) }
    }

    /// Goes on in another epoch, from its offset 0: above everything that was ever committed.
    ///
    /// Before the first `append` only.
    public func beginEpoch(_ epoch: Int32) {
        appendLock.withLock {
            precondition(epoch > nextPosition.epoch && waiting.isEmpty, "an epoch cannot return")
            nextPosition = LogPosition(epoch: epoch, offset: 0)
            segmentBase = nil
        }
    }

    /// Takes a record over and returns its position. It counts only once `sync` has covered it.
    ///
    /// Throws only when the buffer is full and the disk does not take it; nothing is lost by that,
    /// and the record has been taken all the same.
    @discardableResult
    public func append(_ record: LogRecord) throws(StorageError) -> LogPosition {
        let bytes = JournalCoding.recordHeaderBytes + record.payload.count
        guard record.payload.count <= JournalCoding.payloadBytesMax else {
            throw .recordTooLong(bytes: record.payload.count)
        }
        let (position, isFull) = appendLock.withLock {
            let position = nextPosition
            let used = segmentBase.map { position.offset - $0 }
            if used == nil || used! > 0 && used! + Int64(bytes) > settings.segmentBytesMax {
                segmentBase = position.offset
                waiting.append(JournalPiece(beginning: position))
            } else if waiting.isEmpty {
                waiting.append(JournalPiece())
            }
            JournalCoding.append(record, to: &waiting[waiting.count - 1].bytes)
            waitingBytes += bytes
            nextPosition.offset += Int64(bytes)
            return (position, waitingBytes > settings.bufferBytesMax)
        }
        if isFull { try capture { try self.writeOut() } }
        return position
    }

    /// Hands everything to the operating system: it then outlives the process, but not the machine
    /// before `sync`.
    public func write() throws(StorageError) { try capture { try self.writeOut() } }

    /// Makes every record before `position` durable; at once when it is already.
    ///
    /// An error of `fsync` is final: what is on the disk is no longer known, and every later call
    /// throws it again. After any other error the call may be repeated and goes on where it
    /// stopped.
    public func sync(through position: LogPosition) throws(StorageError) {
        try capture {
            try self.fileLock.withLock {
                if self.durableEnd >= position, self.failure == nil { return }
                try self.writeLocked()
                try self.syncFile()
            }
        }
    }

    /// Makes everything durable.
    public func sync() throws(StorageError) { try sync(through: end) }

    /// Removes segments that end at or before the position. A recording keeps them.
    public func prune(before position: LogPosition) throws(StorageError) {
        guard !settings.isKept else { return }
        try capture {
            try self.fileLock.withLock {
                let last = self.segments.last
                for segment in self.segments where segment.end <= position && segment != last {
                    try self.directory.remove(segment.name)
                }
                self.segments.removeAll { $0.end <= position && $0 != last }
            }
        }
    }

    /// Reads what is on the disk from a record edge on, or from the first record there is behind
    /// it.
    public func records(from position: LogPosition) throws(StorageError) -> RecordingReader {
        let listed = fileLock.withLock { segments }
        return RecordingReader(directory, listed, from: position)
    }

    // MARK: Files

    private func writeOut() throws { try fileLock.withLock { try writeLocked() } }

    private func writeLocked() throws(StorageError) {
        if let failure { throw failure }
        unwritten += appendLock.withLock {
            let taken = waiting
            waiting = []
            waitingBytes = 0
            return taken
        }
        while !unwritten.isEmpty {
            if let start = unwritten[0].beginning { try beginSegment(start) }
            unwritten[0].beginning = nil
            let (written, error) = file!.write(unwritten[0].bytes, from: unwritten[0].written)
            unwritten[0].written += written
            grow(by: written)
            if let error { throw error }
            unwritten.removeFirst()
        }
    }

    /// Finishes the file before and makes the next; both may be repeated after an error.
    private func beginSegment(_ start: LogPosition) throws(StorageError) {
        try syncFile()
        let name = JournalSegment.name(epoch: start.epoch, base: start.offset)
        let next = try OpenFile(
            directory.file(name), flags: O_WRONLY | O_APPEND | O_CREAT | O_TRUNC)
        try next.writeAll(JournalCoding.segmentHeader(epoch: start.epoch, base: start.offset))
        file = next
        isNewFile = true
        durableEnd = start
        segments.append(
            JournalSegment(name: name, epoch: start.epoch, base: start.offset, recordBytes: 0))
    }

    private func syncFile() throws(StorageError) {
        guard let file else { return }
        do {
            try file.sync()
            if isNewFile { try directory.sync() }
        } catch {
            failure = error
            throw error
        }
        isNewFile = false
        durableEnd = segments.last?.end ?? durableEnd
    }

    private func grow(by bytes: Int) {
        let last = segments.removeLast()
        segments.append(
            JournalSegment(
                name: last.name, epoch: last.epoch, base: last.base,
                recordBytes: last.recordBytes + Int64(bytes)))
    }

    /// Gives back the error's type, which a closure handed to `withLock` loses.
    private func capture(_ body: () throws -> Void) throws(StorageError) {
        do {
            try body()
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("the journal throws its own errors only: \(error)")
        }
    }
}

/// Record bytes on their way to a file.
private struct JournalPiece {
    /// Set when a new segment has to be begun with them.
    var beginning: LogPosition?
    var bytes: [UInt8] = []
    var written = 0
}
