#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file descriptor, closed with its owner. One thread uses it at a time.
final class OpenFile {
    /// Readable and writable by the owner alone.
    static let privateFile: mode_t = 0o600
    static let privateDirectory: mode_t = 0o700

    let path: String
    let descriptor: Int32

    init(_ path: String, flags: Int32) throws(StorageError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, OpenFile.privateFile)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// Writes from `start` on and returns how many bytes went out: fewer than all only with an
    /// error.
    ///
    /// The caller can go on after what was written once there is room again.
    func write(_ bytes: [UInt8], from start: Int) -> (written: Int, error: StorageError?) {
        var done = start
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = count == 0 ? ENOSPC : errno
                return (done - start, .file(operation: "write", path: path, code: code))
            }
            done += count
        }
        return (done - start, nil)
    }

    func writeAll(_ bytes: [UInt8]) throws(StorageError) {
        if let error = write(bytes, from: 0).error { throw error }
    }

    /// Until this returns, nothing written may be relied on. After it threw, nothing written ever
    /// may.
    func sync() throws(StorageError) {
        guard fsync(descriptor) == 0 else {
            throw .file(operation: "fsync", path: path, code: errno)
        }
    }

    func truncate(to bytes: Int64) throws(StorageError) {
        guard ftruncate(descriptor, off_t(bytes)) == 0 else {
            throw .file(operation: "truncate", path: path, code: errno)
        }
    }

    /// At most `count` bytes at `offset`; fewer only at the file's end.
    func read(_ count: Int, at offset: Int64) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress! + filled, count - filled,
                    off_t(offset) + filled)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        guard failure == 0 else { throw .file(operation: "read", path: path, code: failure) }
        return bytes
    }

    var byteCount: Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }
}
