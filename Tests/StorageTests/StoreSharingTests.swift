import Foundation
import GRDB
import GRDBSQLite
import MarketModel
import TestSupport
import Testing

@testable import Storage

/// The store among several processes and connections.
@Suite struct StoreSharingTests {
    private let directory: TemporaryDirectory
    private var paths: StorePaths { StorePaths(root: directory.path) }

    init() throws { directory = try TemporaryDirectory() }

    @Test func `a second instance is told who has the store`() throws {
        let store = try Store.open(directory)
        let holder = LockHolder(
            pid: getpid(), apiAddress: "http://127.0.0.1:8000", tokenPath: "/run/token")
        try store.lock.publish(holder)
        for _ in 0..<2 {
            #expect(throws: StorageError.held(by: holder, path: paths.lock)) {
                try StoreLock(paths)
            }
            #expect(StoreLock.holder(of: paths) == holder)
        }
    }

    @Test func `the lock is free when its holder is gone`() throws {
        do {
            let lock = try StoreLock(paths)
            withExtendedLifetime(lock) {}
        }
        #expect(StoreLock.holder(of: paths) == nil)
        let lock = try StoreLock(paths)
        #expect(StoreLock.holder(of: paths)?.pid == getpid())
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock of another process holds until that is killed, whatever its file says`()
        throws
    {
        try paths.create()
        try Data(#"{"pid": 1, "apiAddress": "http://127.0.0.1:9"}"#.utf8)
            .write(to: URL(filePath: paths.lock))
        let other = Process()
        other.executableURL = URL(filePath: "/usr/bin/flock")
        other.arguments = ["--no-fork", paths.lock, "sleep", "60"]
        try other.run()
        #expect(eventually { StoreLock.holder(of: paths) != nil })
        let holder = LockHolder(pid: 1, apiAddress: "http://127.0.0.1:9")
        #expect(throws: StorageError.held(by: holder, path: paths.lock)) { try StoreLock(paths) }
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        #expect(try Store.open(directory).openedAt.position == .start)
    }

    @Test func `a store of a later version is left alone`() throws {
        do {
            let store = try Store.open(directory)
            try store.writer.run { connection in
                try connection.run { db in
                    try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 future')")
                }
            }
            try store.close()
        }
        #expect(throws: StorageError.newerSchema(path: paths.database)) {
            try Store.open(directory)
        }
    }

    @Test func `readers beside the writer see its commits, and can neither write nor checkpoint`()
        throws
    {
        let store = try Store.open(directory)
        let reader = try StoredHistory.readOnly(paths)
        try store.writer.perform(.run(first: 0, count: 500))
        try store.writer.flush()
        #expect(try reader.trades("AAPL", before: nil, limit: 1000).count == 500)
        #expect(throws: (any Error).self) {
            try reader.acknowledge("x", by: "me", at: TestMorning.open, note: "")
        }
        #expect(throws: (any Error).self) {
            try reader.readers.write { try $0.execute(sql: "DELETE FROM trades") }
        }
        let before = try Data(contentsOf: URL(filePath: paths.database))
        let checkpoint = try reader.read { db in
            sqlite3_wal_checkpoint_v2(
                db.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
        #expect(checkpoint != SQLITE_OK)
        try reader.close()
        #expect(try Data(contentsOf: URL(filePath: paths.database)) == before)
        #expect(try store.history.trades("AAPL", before: nil, limit: 1000).count == 500)
    }

    @Test func `a reader of a store whose writer is gone leaves its files as they are`() throws {
        let copy = try TemporaryDirectory()
        do {
            let store = try Store.open(directory)
            try store.writer.perform(.run(first: 0, count: 500))
            try store.writer.flush()
            for name in ["market.sqlite", "market.sqlite-wal"] {
                try FileManager.default.copyItem(
                    atPath: directory.path + "/" + name, toPath: copy.path + "/" + name)
            }
        }
        let file = URL(filePath: copy.path + "/market.sqlite")
        let wal = URL(filePath: copy.path + "/market.sqlite-wal")
        let before = (try Data(contentsOf: file), try Data(contentsOf: wal))
        let reader = try StoredHistory.readOnly(StorePaths(root: copy.path))
        #expect(try reader.trades("AAPL", before: nil, limit: 1000).count == 500)
        #expect(try reader.committed().position == .at(50_000))
        try reader.close()
        #expect(try Data(contentsOf: file) == before.0)
        #expect(try Data(contentsOf: wal) == before.1)
    }

    @Test func `a store that was closed can be read without being opened for writing`() throws {
        do {
            let store = try Store.open(directory)
            try store.writer.perform(.run(first: 0, count: 500))
            try store.close()
        }
        let reader = try StoredHistory.readOnly(paths)
        #expect(try reader.trades("AAPL", before: nil, limit: 1000).count == 500)
        try reader.close()
        #expect(throws: (any Error).self) {
            try StoredHistory.readOnly(StorePaths(root: directory.path + "/none"))
        }
    }
}
