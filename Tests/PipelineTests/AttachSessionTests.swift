import Foundation
import TestSupport
import Testing

extension WholePath {
    /// `ticktop attach` in a terminal, on a `ticktop serve` that another process is.
    @Suite struct `An attached screen` {
        private let scratch: Scratch
        private static let token = "the-token-of-this-test"

        init() throws { scratch = try Scratch() }

        /// The demo market with rules that fire at once.
        private func serve(port: String) throws -> ProgramUnderTest {
            try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", port], in: scratch.url,
                environment: [
                    "TICKTOP_RULES_VELOCITY_PERCENT": "0.01", "TICKTOP_API_TOKEN": Self.token,
                ])
        }

        private func session(_ port: SidePortUnderTest) throws -> TerminalSession {
            try TerminalSession(
                "attached", columns: 120, rows: 40, in: scratch,
                environment: ["TICKTOP_API_TOKEN": Self.token],
                [
                    .start(arguments: ["attach", port.address]),
                    .see(#"NVDA +\d+\.\d\d"#), .see("ATTACHED 127.0.0.1:"), .look("live"),
                    .type("j\r"), .see("session high"),
                    .see(#"TRADES.*\n.*\d\d:\d\d:\d\d +\d+\.\d\d[▲▼▬]"#), .look("drill"),
                    .type("\u{1B}"), .lose("session high"),
                    .see("velocity"), .type("5z"), .lose("1 QUOTES"),
                    // At its worst: one that gets worse later asks for attention again.
                    .see("▸! CRIT [0-9:]+ [A-Z]+ +velocity"), .type("n"), .see("note: "),
                    .type("seen from afar\r"), .see(#"acked \d\d:\d\d"#), .look("acknowledged"),
                    .type("z"), .see("1 QUOTES"),
                    .see("DISCONNECTED from 127.0.0.1:.*next try in"), .look("lost"),
                    .lose("DISCONNECTED|CONNECTING"), .see("connected"),
                    .differ("lost", in: #"(?m)^ [▸ ] [A-Z]+ +(\d+\.\d+) [▲▼▬]"#),
                    .type("5z"), .lose("1 QUOTES"), .see(#"acked \d\d:\d\d"#), .look("back"),
                    .type("q"), .end, .look("end"),
                ])
        }

        @Test func `drills, acknowledges, and goes on when the server is back`() async throws {
            let first = try serve(port: "0")
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: first.pid)
            let number = try #require(port.address.split(separator: ":").last.map(String.init))
            let session = try session(port)
            async let played = Task.detached { try session.play() }.value
            let isSeen = try await Proof.eventually {
                let answer = try await port.get("/anomalies?acknowledged=true")
                guard answer.status == 200 else { return false }
                return answer.text.contains("seen from afar")
            }
            #expect(isSeen, "the server has the acknowledgement")
            first.kill(SIGTERM)
            #expect(try first.waitForEnd().status == 0)
            // Long enough for the screen to try in vain.
            await withCheckedContinuation { continuation in
                DispatchQueue.global().asyncAfter(deadline: .now() + 3) { continuation.resume() }
            }
            let second = try serve(port: number)
            let looks = try await played
            let live = try #require(looks["live"])
            #expect(live.screen[0].contains("DEMO") && live.screen[0].contains("connected"))
            let lost = try #require(looks["lost"])
            #expect(lost.text.contains("shown is what it was"), "\(lost.text)")
            #expect(lost.text.contains(/NVDA +[0-9]+\.[0-9]{2}/), "what was there stays")
            let back = try #require(looks["back"])
            #expect(back.text.contains(/acked [0-9]{2}:[0-9]{2}/))
            let end = try #require(looks["end"])
            #expect(end.state == "exited" && end.number == 0 && end.isGivenBack, "\(end)")
            second.kill(SIGTERM)
            #expect(try second.waitForEnd().status == 0)
        }

        @Test func `says in one line why it cannot be, and never the token`() throws {
            let server = try serve(port: "0")
            let port = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: server.pid)
            let open = scratch.path("open.token")
            try Data("abc\n".utf8).write(to: URL(filePath: open))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: open)
            let own = scratch.path("own.token")
            try Data("wrong-secret-token\n".utf8).write(to: URL(filePath: own))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: own)
            let cases: [(String, [String], String)] = [
                ("no-address", ["attach", "ftp://box"], "is no address of a ticktop"),
                ("nobody", ["attach", "127.0.0.1:9", "--token-file", own], "nobody listens there"),
                ("no-token", ["attach", "http://box.example"], "needs a token"),
                (
                    "wrong-token", ["attach", port.address, "--token-file", own],
                    "does not accept the token"
                ),
                ("open-token", ["attach", port.address, "--token-file", open], "chmod 600"),
            ]
            let sessions = try cases.map { name, arguments, text in
                try TerminalSession(
                    name, columns: 200, in: scratch,
                    [.start(arguments: arguments), .see(text), .end, .look("end")])
            }
            let records = try TerminalSession.play(sessions)
            for (name, _, _) in cases {
                #expect(records[name]?.trouble == nil, "\(name)")
                let end = try #require(records[name]?.looks["end"], "\(name)")
                #expect(end.state == "exited" && end.number != 0, "\(name): \(end)")
                #expect(!end.alternate && !end.text.contains("wrong-secret"), "\(end.text)")
            }
            server.kill(SIGTERM)
            #expect(try server.waitForEnd().status == 0)
        }
    }
}
