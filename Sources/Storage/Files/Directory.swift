#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A directory of ours: made with its parents, open to its owner alone.
struct Directory: Sendable {
    let path: String

    /// Makes what is missing, and makes that durable.
    init(creating path: String) throws(StorageError) {
        self.path = path
        try Directory.create(path)
    }

    init(existing path: String) { self.path = path }

    private static func create(_ path: String) throws(StorageError) {
        var status = stat()
        if stat(path, &status) == 0 { return }
        let parent = Directory.parent(of: path)
        if parent != path { try create(parent) }
        guard mkdir(path, OpenFile.privateDirectory) == 0 || errno == EEXIST else {
            throw .file(operation: "mkdir", path: path, code: errno)
        }
        try Directory(existing: parent).sync()
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in it, sorted; empty when there is no such directory.
    func names() throws(StorageError) -> [String] {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return [] }
            throw .file(operation: "opendir", path: path, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes additions, renames and removals in it durable.
    func sync() throws(StorageError) {
        try OpenFile(path, flags: O_RDONLY | O_DIRECTORY).sync()
    }

    func file(_ name: String) -> String { path + "/" + name }

    func remove(_ name: String) throws(StorageError) {
        guard unlink(file(name)) == 0 || errno == ENOENT else {
            throw .file(operation: "unlink", path: file(name), code: errno)
        }
    }

    func rename(_ name: String, to newName: String) throws(StorageError) {
        guard Glibc.rename(file(name), file(newName)) == 0 else {
            throw .file(operation: "rename", path: file(name), code: errno)
        }
    }
}
