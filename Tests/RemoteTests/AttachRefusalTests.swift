import API
import Engine
import MarketModel
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Remote

@Suite struct `Attaching in vain` {
    private func refusal(_ board: RemoteBoard) async throws -> RemoteError? {
        let error = try await blocking {
            do throws(RemoteError) {
                try board.start()
                return RemoteError?.none
            } catch {
                return error
            }
        }
        try await blocking { try board.stop() }
        return error
    }

    @Test(
        arguments: [
            ("http://box:8000", "box:8000", "http://box:8000/x"),
            ("box", "box:8000", "http://box:8000/x"),
            (
                "https://market.example.com/desk/", "market.example.com",
                "https://market.example.com/desk/x"
            ),
            ("http://[::1]:9", "[::1]:9", "http://[::1]:9/x"),
        ])
    func `an address is read as people write it`(text: String, server: String, url: String) throws {
        let address = try RemoteAddress(text)
        #expect(address.server == server)
        #expect(address.url("/x") == url)
    }

    @Test(
        arguments: [
            "", "ws://box", "http://", "http://box:0", "http://box:99999", "http://me:secret@box",
            "http://box/?token=secret", "box box",
        ])
    func `what is no address is refused without repeating a password`(text: String) {
        let error = #expect(throws: RemoteError.self) { try RemoteAddress(text) }
        #expect(
            error.map { !"\($0)".contains("secret@") && "\($0)".contains("http://host") } == true)
    }

    @Test func `nobody listens there`() async throws {
        let board = RemoteBoard(
            try RemoteAddress("http://127.0.0.1:9"), token: "t",
            clock: ManualClock(Timestamp(seconds: 1)), seed: 1)
        let error = try await refusal(board)
        #expect(error == .unreachable(server: "127.0.0.1:9", reason: "nobody listens there"))
        #expect("\(error!)".contains("ticktop serve"))
    }

    @Test func `there is no such host`() async throws {
        let board = RemoteBoard(
            try RemoteAddress("http://no-such-host.invalid"), token: "t",
            clock: ManualClock(Timestamp(seconds: 1)), seed: 1)
        let error = try await refusal(board)
        #expect(
            error
                == .unreachable(
                    server: "no-such-host.invalid:8000", reason: "there is no such host"))
    }

    @Test func `the token is wrong`() async throws {
        let served = ServedBoard(seed: 61)
        try await served.serve { port in
            let error = try await refusal(try served.remoteBoard(port: port, token: "another"))
            #expect(error == .tokenRefused(server: "127.0.0.1:\(port)"))
            #expect("\(error!)".contains("ticktop token"))
            let history = try served.remoteHistory(port: port, token: "another")
            try await blocking {
                #expect(throws: RemoteError.tokenRefused(server: "127.0.0.1:\(port)")) {
                    try history.deadLetterCount()
                }
                try history.close()
            }
        }
    }

    @Test func `the server goes by other names`() async throws {
        let served = ServedBoard(seed: 62)
        var settings = APISettings()
        settings.address = "0.0.0.0"
        try await served.serve(settings) { port in
            let board = RemoteBoard(
                try RemoteAddress("http://127.0.0.2:\(port)"), token: ServedBoard.secret,
                clock: served.clock, seed: 1)
            #expect(try await refusal(board) == .hostRefused(server: "127.0.0.2:\(port)"))
        }
    }

    @Test func `something else answers there`() async throws {
        let other = try await Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            .start()
        #expect(
            try await refusal(try other.board())
                == .notTicktop(server: "127.0.0.1:\(other.port)", status: 404))
        try await other.stop()
        let ssh = try await Answering("SSH-2.0-OpenSSH_9.2\r\n").start()
        #expect(
            try await refusal(try ssh.board())
                == .notTicktop(server: "127.0.0.1:\(ssh.port)", status: 0))
        try await ssh.stop()
    }

    @Test func `TLS is spoken to a server without it`() async throws {
        let served = ServedBoard(seed: 63)
        try await served.serve { port in
            let board = RemoteBoard(
                try RemoteAddress("https://127.0.0.1:\(port)"), token: ServedBoard.secret,
                clock: served.clock, seed: 1)
            let error = try await refusal(board)
            #expect("\(error!)".contains("try http://"), "\(error!)")
        }
    }

    @Test func `the other end is of another version`() throws {
        let error = RemoteError.otherFormat(server: "box:8000", theirs: 9, ours: 1)
        #expect("\(error)".contains("same version on both machines"))
        #expect(error.isPermanent)
        var writer = StateWriter()
        writer.write(UInt8(0))
        writer.write(UInt32(9))
        writer.write("what a later version says beside")
        guard case .greeting(let format) = try BoardMessage(writer.bytes) else {
            Issue.record("no greeting")
            return
        }
        #expect(format == 9)
        #expect(throws: StateCodecError.self) {
            try StoredRows<Bar>.bars.rows(writer.bytes)
        }
    }

    @Test func `waits grow to 15 s, and begin anew after the market was there`() {
        var backoff = Backoff(seed: 3)
        var longest: [Duration] = []
        for _ in 0..<200 {
            backoff.reset()
            longest.append(backoff.next())
        }
        #expect(longest.allSatisfy { $0 <= .seconds(1) } && longest.max()! > .milliseconds(900))
        for _ in 0..<5 { _ = backoff.next() }
        let late = (0..<200).map { _ in backoff.next() }
        #expect(late.max()! <= .seconds(15) && late.max()! > .seconds(14))
        #expect(late.min()! < .seconds(1))
    }
}
