#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the parts of a store lie: one directory holds them all.
public struct StorePaths: Equatable, Sendable {
    public let root: String

    public init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    public var database: String { root + "/market.sqlite" }
    public var lock: String { root + "/lock" }
    public var journal: String { root + "/journal" }
    public var states: String { root + "/states" }
    /// Archived dead letters, a file for each day.
    public var deadLetters: String { root + "/dead-letters" }

    /// Makes the directory (0700) and an empty database file (0600), whose mode SQLite gives its
    /// WAL as well.
    func create() throws(StorageError) {
        _ = try Directory(creating: root)
        _ = try OpenFile(database, flags: O_RDWR | O_CREAT)
        try Directory(existing: root).sync()
    }
}
