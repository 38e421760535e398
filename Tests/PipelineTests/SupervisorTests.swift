import Foundation
import TestSupport
import Testing

extension WholePath {
    /// `ticktop serve` under systemd: what it is told, and the unit that asks for it.
    @Suite struct `Under a service manager` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test func `the program says when it is ready, and when it stops`() async throws {
            let path = scratch.path("notify")
            let supervisor = try NotifySocket(path)
            let program = try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", "0"], in: scratch.url,
                environment: ["NOTIFY_SOCKET": path])
            let ready = try #require(supervisor.next())
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            #expect(ready.hasPrefix("READY=1\nSTATUS=") && ready.hasSuffix(port.address))
            // Not "starting" any more.
            #expect(try await port.get("/api/v1/symbols").status == 200)
            program.kill(SIGTERM)
            #expect(supervisor.next() == "STOPPING=1")
            #expect(try program.waitForEnd().status == 0)
        }

        @Test(
            .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
        func `the unit is one that systemd takes, and starts what there is`() throws {
            let unit = try String(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../../docs/ticktop.service"), encoding: .utf8)
            let command = try #require(
                unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
            let installed = "/usr/local/bin/ticktop"
            #expect(command.contains(installed + " serve "))
            #expect(unit.contains("Type=notify"))
            let help = try ProgramUnderTest.run(["serve", "--help"], in: scratch.url).output
            for option in command.split(separator: " ") where option.hasPrefix("--") {
                #expect(help.contains(option), "\(option)")
            }
            let copy = scratch.path("ticktop.service")
            try unit.replacing(installed, with: "/bin/true")
                .write(toFile: copy, atomically: false, encoding: .utf8)
            let check = Process()
            check.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
            check.arguments = ["verify", copy]
            let said = Pipe()
            check.standardError = said
            try check.run()
            let complaints = try said.fileHandleForReading.readToEnd() ?? Data()
            check.waitUntilExit()
            #expect(check.terminationStatus == 0)
            #expect(complaints.isEmpty, "\(String(decoding: complaints, as: UTF8.self))")
        }
    }
}

/// What a service manager listens on.
private final class NotifySocket {
    struct NoSocket: Error { let code: Int32 }

    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw NoSocket(code: errno) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The next message; `nil` when there is none for a minute.
    func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
