import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A copy of the engine's state as of a position of the log.
public struct StateCopy: Equatable, Sendable {
    /// The log goes on from here.
    public var position: LogPosition
    /// Of the build that wrote it: another build's layout may differ.
    public var buildVersion: String
    /// The state's own hash, as the engine gives it; for the engine to compare after reading.
    public var hash: [UInt8]
    public var bytes: [UInt8]

    public init(position: LogPosition, buildVersion: String, hash: [UInt8], bytes: [UInt8]) {
        self.position = position
        self.buildVersion = buildVersion
        self.hash = hash
        self.bytes = bytes
    }
}

/// The side files that hold copies of the state; the two newest are kept.
///
/// Used by one thread at a time.
public struct StateFiles: Sendable {
    private static let suffix = ".state"
    private static let temporaryName = "unfinished.tmp"
    private static let magic: UInt64 = 0x4554_4154_5354_5454  // "TTTSTATE"
    private static let keptCount = 2

    private let directory: Directory

    public init(_ path: String) throws(StorageError) {
        directory = try Directory(creating: path)
    }

    /// Durable when it returns. Older files than the two newest go.
    public func write(_ copy: StateCopy) throws(StorageError) {
        try directory.remove(StateFiles.temporaryName)
        let file = try OpenFile(
            directory.file(StateFiles.temporaryName), flags: O_WRONLY | O_CREAT | O_EXCL)
        try file.writeAll(StateFiles.encode(copy))
        try file.sync()
        try directory.rename(StateFiles.temporaryName, to: StateFiles.name(copy.position))
        try directory.sync()
        for name in try stateNames().dropLast(StateFiles.keptCount) { try directory.remove(name) }
    }

    /// Whole and undamaged copies, newest first, of whatever build.
    public func valid() throws(StorageError) -> [StateCopy] {
        var copies: [StateCopy] = []
        for name in try stateNames().reversed() {
            let file = try OpenFile(directory.file(name), flags: O_RDONLY)
            let bytes = try file.read(Int(file.byteCount), at: 0)
            if let copy = StateFiles.decode(bytes) { copies.append(copy) }
        }
        return copies
    }

    /// The newest whole copy that this build wrote; `nil` when there is none.
    public func newestValid(buildVersion: String) throws(StorageError) -> StateCopy? {
        try valid().first { $0.buildVersion == buildVersion }
    }

    /// Positions of the copies there are, valid or not, in log order: for
    /// `RecoveryPlan.prunableBefore`.
    public func positions() throws(StorageError) -> [LogPosition] {
        try stateNames().compactMap { name in
            let parts = name.dropLast(StateFiles.suffix.count).split(separator: "-")
            guard parts.count == 2, let epoch = Int32(parts[0]), let offset = Int64(parts[1])
            else { return nil }
            return LogPosition(epoch: epoch, offset: offset)
        }
    }

    private func stateNames() throws(StorageError) -> [String] {
        try directory.names().filter { $0.hasSuffix(StateFiles.suffix) }
    }

    /// Sorts as positions do.
    private static func name(_ position: LogPosition) -> String {
        let segment = JournalSegment.name(epoch: position.epoch, base: position.offset)
        return String(segment.dropLast(JournalSegment.suffix.count)) + suffix
    }

    private static func encode(_ copy: StateCopy) -> [UInt8] {
        var writer = StateWriter()
        writer.write(magic)
        writer.write(copy.position)
        writer.write(copy.buildVersion)
        writer.write(Int64(copy.hash.count))
        writer.write(Int64(copy.bytes.count))
        var bytes = writer.bytes + copy.hash + copy.bytes
        let checksum = bytes.withUnsafeBytes { JournalCoding.checksum($0) }
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// `nil` for anything but what `encode` made.
    private static func decode(_ bytes: [UInt8]) -> StateCopy? {
        guard bytes.count > 4 else { return nil }
        let end = bytes.count - 4
        let (stored, computed) = bytes.withUnsafeBytes { raw in
            (
                UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: end, as: UInt32.self)),
                JournalCoding.checksum(UnsafeRawBufferPointer(rebasing: raw[..<end]))
            )
        }
        guard stored == computed else { return nil }
        var reader = StateReader(bytes)
        do {
            guard try reader.read(UInt64.self) == magic else { return nil }
            let position = try reader.readPosition()
            let buildVersion = try reader.readString()
            let hashCount = try reader.readCount("hash")
            let stateCount = try reader.readCount("state")
            let hashEnd = reader.offset + hashCount
            guard hashEnd + stateCount == end else { return nil }
            return StateCopy(
                position: position, buildVersion: buildVersion,
                hash: Array(bytes[reader.offset..<hashEnd]), bytes: Array(bytes[hashEnd..<end]))
        } catch {
            // The checksum holds, so another version wrote it: no copy for us.
            return nil
        }
    }
}
