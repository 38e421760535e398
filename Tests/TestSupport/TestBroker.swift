import Foundation
import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A real broker that speaks Kafka, on loopback, with its files in a directory of its own.
///
/// It acknowledges before its data is on the disk: an orderly `stop` keeps everything, `kill` loses
/// acknowledged records. It sends a whole backlog in one answer, so backlogs have to stay below 100
/// MB.
public final class TestBroker {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    public let port: Int
    private let directory: URL
    private var process: Process?
    private var isPaused = false

    /// `host:port`, for the settings of clients.
    public var address: String { "127.0.0.1:\(port)" }

    /// Starts the broker and waits until it answers.
    public init() throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-broker-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        port = try Loopback.freePort()
        try start()
    }

    deinit {
        if let process, process.isRunning {
            kill()
            process.waitUntilExit()
        }
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            print("could not remove \(directory.path): \(error)")
        }
    }

    public var isRunning: Bool { process?.isRunning ?? false }

    /// Starts it again on the same files and port.
    public func start() throws {
        let binary = try TestBroker.binary()
        let log = directory.appending(path: "log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let process = Process()
        // Signals are blocked on the threads that tests run on, and a child would inherit that.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "--default-signal=TERM,INT", binary.path, "start", "--data-dir",
            directory.appending(path: "data").path, "--only", "kafka",
            "--kafka-port", String(port),
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        self.process = process
        for _ in 0..<400 {
            if Loopback.answers(port) { return }
            guard process.isRunning else { break }
            SystemClock.sleepThread(.milliseconds(25))
        }
        let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw Failure(description: "the broker does not answer on port \(port): \(said)")
    }

    /// Ends it in good order: everything acknowledged is kept.
    public func stop() throws {
        guard let process else { return }
        resume()
        process.terminate()
        for _ in 0..<800 where process.isRunning { SystemClock.sleepThread(.milliseconds(25)) }
        guard !process.isRunning else {
            kill()
            throw Failure(description: "the broker did not stop within 20 seconds")
        }
        self.process = nil
    }

    /// Keeps its files as they are, for `rollBack`. While it is stopped.
    public func keepCopy() throws {
        let copy = directory.appending(path: "copy")
        if FileManager.default.fileExists(atPath: copy.path) {
            try FileManager.default.removeItem(at: copy)
        }
        try FileManager.default.copyItem(at: directory.appending(path: "data"), to: copy)
    }

    /// Puts the files that were kept in the place of its own: what was acknowledged since is gone.
    /// While it is stopped.
    public func rollBack() throws {
        let data = directory.appending(path: "data")
        try FileManager.default.removeItem(at: data)
        try FileManager.default.copyItem(at: directory.appending(path: "copy"), to: data)
    }

    /// kill -9: acknowledged records of the last seconds are gone.
    public func kill() {
        guard let process else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// Freezes it: connections stay open and nothing answers.
    public func pause() {
        guard let process, !isPaused else { return }
        Foundation.kill(process.processIdentifier, SIGSTOP)
        isPaused = true
    }

    public func resume() {
        guard let process, isPaused else { return }
        Foundation.kill(process.processIdentifier, SIGCONT)
        isPaused = false
    }
}

extension TestBroker {
    /// The broker itself: signals to the script in `.venv/bin` would not reach it.
    private static func binary() throws -> URL {
        let library = ReferenceProgram.root.appending(path: ".venv/lib")
        let pythons = try FileManager.default.contentsOfDirectory(atPath: library.path)
        let found = pythons.map {
            library.appending(path: "\($0)/site-packages/noida_db/noida-db")
        }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        guard let found else {
            throw Failure(description: "no broker in \(library.path): run `make test`")
        }
        return found
    }
}

/// Ports on this machine.
public enum Loopback {
    /// A port that nobody listens on now.
    public static func freePort() throws -> Int {
        let socket = try listen(port: 0, backlog: 0)
        defer { close(socket) }
        return try port(of: socket)
    }

    static func listen(port: Int, backlog: Int32) throws -> Int32 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        let bound = withAddress(port) { bind(listener, $0, $1) }
        guard bound == 0, backlog == 0 || Glibc.listen(listener, backlog) == 0 else {
            throw TestBroker.Failure(
                description: "port \(port): \(String(cString: strerror(errno)))")
        }
        return listener
    }

    static func port(of socket: Int32) throws -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(socket, $0, &length)
            }
        }
        guard code == 0 else { throw TestBroker.Failure(description: "no port") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// A connected socket; `nil` when nobody listens.
    static func connect(_ port: Int) -> Int32? {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withAddress(port, { Glibc.connect(client, $0, $1) }) == 0 else {
            close(client)
            return nil
        }
        return client
    }

    public static func answers(_ port: Int) -> Bool {
        guard let client = connect(port) else { return false }
        close(client)
        return true
    }

    private static func withAddress<Value>(
        _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
