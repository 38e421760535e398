import GRDB
import GRDBSQLite

/// What an error of a commit means for the process.
enum StoreFault: Equatable {
    /// Space or the device may come back: keep the batch and try again.
    case passing(reason: String)
    /// What was written can no longer be trusted, or the fault is ours: trying again would hide it.
    case fatal(reason: String)

    init(_ error: any Error) {
        switch error {
        case let error as DatabaseError:
            self.init(code: error.extendedResultCode.rawValue, text: error.message ?? "")
        case StorageError.sqlite(let code, let message): self.init(code: code, text: message)
        case let error as StorageError: self.init(error)
        default: self = .fatal(reason: String(describing: error))
        }
    }

    /// After a failed fsync the kernel may have dropped the very pages it could not write, so that
    /// a second fsync succeeds without them. Only a new process, reading what is really there, can
    /// tell.
    private init(_ error: StorageError) {
        if case .file(let operation, _, _) = error, operation != "fsync" {
            self = .passing(reason: error.description)
        } else {
            self = .fatal(reason: error.description)
        }
    }

    private init(code: Int32, text: String) {
        let reason = "SQLite error \(code): \(text)"
        switch (code & 0xFF, code) {
        case (SQLITE_IOERR, fsyncFailed), (SQLITE_IOERR, directoryFsyncFailed):
            self = .fatal(reason: reason)
        case (SQLITE_FULL, _), (SQLITE_IOERR, _), (SQLITE_BUSY, _), (SQLITE_LOCKED, _),
            (SQLITE_CANTOPEN, _), (SQLITE_READONLY, _), (SQLITE_NOMEM, _):
            self = .passing(reason: reason)
        default: self = .fatal(reason: reason)
        }
    }
}

/// Extended result codes are macros with arithmetic in them, which Swift does not import.
private let fsyncFailed = SQLITE_IOERR | (4 << 8)
private let directoryFsyncFailed = SQLITE_IOERR | (5 << 8)
