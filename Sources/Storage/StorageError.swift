import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What can go wrong with the store, the journal and the files beside them.
public enum StorageError: Error, Equatable {
    /// Another running instance owns the store.
    case held(by: LockHolder, path: String)
    /// A call on a file failed; `code` is the operating system's errno.
    case file(operation: String, path: String, code: Int32)
    /// `code` is SQLite's extended result code.
    case sqlite(code: Int32, message: String)
    /// The store was written by a later version of ticktop.
    case newerSchema(path: String)
    /// A setting that durability rests on is not in force.
    case pragma(name: String, expected: String, found: String)
    /// The store cannot be written for now (disk full, I/O error).
    case failing(reason: String)
    /// The store has been closed, or has given up for good.
    case stopped(reason: String)
    /// A journal segment or recording is not one, or is of another version.
    case notAJournal(path: String)
    /// A journal segment has damage at `offset` of its epoch, with more of the log behind it.
    case journalDamaged(path: String, offset: Int64)
    /// A record longer than any the journal would have written.
    case recordTooLong(bytes: Int)
    /// A stored value that no version of ticktop would have written.
    case malformedRow(table: String, column: String)
    /// The store was filled from this log, not from the one at hand.
    case otherLog(path: String, log: String)
    /// A read was given up so that it does not hold up the store's upkeep.
    case readTooLong(max: Duration)
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .held(let holder, let path): "the store \(path) is in use by \(holder)"
        case .file(let operation, let path, let code):
            "\(operation) \(path): \(String(cString: strerror(code)))"
        case .sqlite(let code, let message): "SQLite error \(code): \(message)"
        case .newerSchema(let path): "the store \(path) was written by a newer ticktop"
        case .pragma(let name, let expected, let found):
            "SQLite's \(name) is \(found), but has to be \(expected)"
        case .failing(let reason): "the store cannot be written: \(reason)"
        case .stopped(let reason): "the store is closed: \(reason)"
        case .notAJournal(let path): "there is no recording of this version in \(path)"
        case .journalDamaged(let path, let offset): "\(path) is damaged at offset \(offset)"
        case .recordTooLong(let bytes): "a log record of \(bytes) bytes is too long"
        case .otherLog(let path, let log): "the store \(path) was filled from another log: \(log)"
        case .readTooLong(let max): "a read of the store took longer than \(max)"
        case .malformedRow(let table, let column): "the store's \(table).\(column) is malformed"
        }
    }
}
