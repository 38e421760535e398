import Dispatch
import Foundation
import MarketModel
import Synchronization

/// A file of frames, one a line, written in large pieces that go on to the disk at once.
///
/// Left to itself, the system keeps what is written for half a minute and then brings all of it to
/// the disk together: after a burst 700 MB in one second, in which every fsync of the program that
/// is being tried waits. So each piece is synced when it has been written, on a thread that nobody
/// waits for.
///
/// Not thread-safe: used by the simulator's event loop alone.
final class TruthFile {
    private static let pieceBytes = 1 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private let disk = TruthSync()

    /// Replaces a file that is there, but nothing else: what is created takes the path's place, a
    /// device's, too.
    init(path: String) throws(FeedError) {
        guard TruthFile.mayReplace(path) else { throw .notAFile(path: path) }
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw .cannotOpen(path: path) }
        self.handle = handle
        buffer.reserveCapacity(TruthFile.pieceBytes * 2)
    }

    private static func mayReplace(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return true }
        return status.st_mode & S_IFMT == S_IFREG
    }

    /// Throws what kept this piece, or an earlier one, from the disk.
    func append(line: some Collection<UInt8>) throws {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= TruthFile.pieceBytes { try flush() }
    }

    func flush() throws {
        guard !buffer.isEmpty else { return }
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
        try disk.sync(handle)
    }

    /// On the disk when it returns.
    func close() throws {
        try flush()
        try disk.finish()
        try handle.close()
    }
}

/// Syncs a file without being waited for.
///
/// At most one sync is under way and one waits, which covers all that is written before it begins.
private final class TruthSync: Sendable {
    private let queue = DispatchQueue(label: "ticktop.truth", qos: .utility)
    private let isAsked = Atomic(false)
    private let failure = Mutex<(any Error)?>(nil)

    /// Throws what an earlier sync failed with: what is on the disk is not known then.
    func sync(_ handle: FileHandle) throws {
        try failure.withLock { if let error = $0 { throw error } }
        guard !isAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async { [self] in
            isAsked.store(false, ordering: .releasing)
            do {
                try handle.synchronize()
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Waits for the last sync.
    func finish() throws {
        queue.sync {}
        try failure.withLock { if let error = $0 { throw error } }
    }
}
