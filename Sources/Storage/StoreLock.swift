import Foundation
import MarketModel
import Synchronization

/// Who holds a store, for a second instance to say, and to attach to.
public struct LockHolder: Codable, Equatable, Sendable {
    public var pid: Int32
    /// `http://127.0.0.1:8000`; `nil` while there is no side port.
    public var apiAddress: String?
    /// The file that holds the side port's token.
    public var tokenPath: String?

    public init(pid: Int32, apiAddress: String? = nil, tokenPath: String? = nil) {
        self.pid = pid
        self.apiAddress = apiAddress
        self.tokenPath = tokenPath
    }
}

extension LockHolder: CustomStringConvertible {
    public var description: String {
        let process = pid > 0 ? "process \(pid)" : "another process"
        return process + (apiAddress.map { " (\($0))" } ?? "")
    }
}

/// The right to write a store, held until the value goes away or the process dies.
///
/// The kernel's lock on the file decides, so a dead holder's file is no obstacle; the text inside
/// only tells who it is. The file itself is never removed: removing it would race with the next to
/// open it.
public final class StoreLock: Sendable {
    private let path: String
    private let descriptor: Int32
    private let isReleased = Atomic(false)

    /// The right to write the store, whose directory is made when it is missing.
    public convenience init(_ paths: StorePaths) throws(StorageError) {
        try paths.create()
        try self.init(paths.lock)
    }

    /// Throws `held(by:path:)` when another process, or another lock of this one, has it.
    init(_ path: String) throws(StorageError) {
        self.path = path
        // Throws before the object is whole: `deinit` must not touch a file whose lock is
        // another's.
        descriptor = try StoreLock.acquire(path)
        try publish(LockHolder(pid: getpid()))
    }

    /// A descriptor that holds the lock; none is left open when it throws.
    private static func acquire(_ path: String) throws(StorageError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, OpenFile.privateFile)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
        // A few tries: somebody who only asks who holds the lock has it for a moment, shared.
        var code: Int32 = 0
        for _ in 0..<5 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            code = errno
            guard code == EWOULDBLOCK else { break }
            SystemClock.sleepThread(.milliseconds(10))
        }
        close(descriptor)
        guard code == EWOULDBLOCK else { throw .file(operation: "flock", path: path, code: code) }
        throw .held(by: written(in: path) ?? LockHolder(pid: 0), path: path)
    }

    /// Puts what a second instance needs to know into the file.
    public func publish(_ holder: LockHolder) throws(StorageError) {
        let text: [UInt8]
        do {
            text = Array(try JSONEncoder().encode(holder)) + [UInt8(ascii: "\n")]
        } catch {
            throw .file(operation: "encode", path: path, code: EINVAL)
        }
        let written = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, $0.count, 0) }
        guard written == text.count, ftruncate(descriptor, off_t(text.count)) == 0 else {
            throw .file(operation: "write", path: path, code: errno)
        }
    }

    /// Gives the store free. Once is enough; a lock that goes away does it as well.
    public func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        ftruncate(descriptor, 0)
        flock(descriptor, LOCK_UN)
    }

    deinit {
        release()
        close(descriptor)
    }

    /// Who holds the store at the moment; `nil` when nobody does.
    public static func holder(of paths: StorePaths) -> LockHolder? { holder(of: paths.lock) }

    static func holder(of path: String) -> LockHolder? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return written(in: path) ?? LockHolder(pid: 0)
    }

    /// `nil` when the holder has not written itself down yet.
    private static func written(in path: String) -> LockHolder? {
        guard let text = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(LockHolder.self, from: text)
    }
}
