import Foundation
import TestSupport
import Testing

extension WholePath {
    /// What the screen does at its beginning, in the background, and when it cannot begin at all.
    @Suite struct `The screen's manners` {
        private let scratch: Scratch
        private typealias Step = TerminalSession.Step

        init() throws { scratch = try Scratch() }

        private static let price = #"NVDA +\d+\.\d\d"#

        /// Sessions at once, each of which must come to its end.
        private func play(_ sessions: [TerminalSession]) throws -> [String: TerminalSession.Record]
        {
            let records = try TerminalSession.play(sessions)
            for session in sessions {
                #expect(records[session.name]?.trouble == nil, "\(session.name)")
            }
            return records
        }

        @Test func `paints less while its window does not have the keyboard`() throws {
            let looks = try TerminalSession(
                "focus", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.price), .wait(3), .look("begin"), .wait(5), .look("focused"),
                    .type("\u{1B}[O"), .wait(1), .look("left"), .wait(5), .look("away"),
                    .type("\u{1B}[I"), .wait(1), .look("back"), .wait(5), .look("again"),
                    .type("q"), .end,
                ]
            ).play()
            func bytes(_ from: String, _ to: String) throws -> Int {
                try #require(looks[to]).bytes - #require(looks[from]).bytes
            }
            let away = try bytes("left", "away")
            #expect(try away > 0 && away * 2 < bytes("begin", "focused"))
            #expect(try away * 2 < bytes("back", "again"))
        }

        @Test func `outlives a storm of sizes, and fills the last`() throws {
            let storm = (0..<120).map { Step.resize(20 + $0 * 37 % 180, 3 + $0 * 13 % 50) }
            let looks = try TerminalSession(
                "storm", columns: 120, rows: 40, in: scratch,
                [.start, .see(Self.price)] + storm + [
                    .resize(110, 34), .see("8 PIPELINE"), .see(#"(?:1-8 pane|A demo market).*\Z"#),
                    .see(#"(?m)(?:^ [▸ ] [A-Z]+ +\d+\.\d+ [▲▼▬].*\n){5}"#), .look("after"),
                    .type("q"), .end, .look("end"),
                ]
            ).play()
            let after = try #require(looks["after"])
            #expect(after.screen.count == 34 && after.screen[1].count == 110, "\(after.text)")
            #expect(after.prices.count == 5)
            #expect(looks["end"]?.isGivenBack == true)
        }

        @Test func `says why it cannot start once the terminal is as before`() throws {
            let held = try TerminalSession(
                "held", in: scratch,
                [
                    .start, .see(Self.price), .look("running"), .wait(10), .type("q"), .end,
                ])
            // In the directory of the other's store.
            let second = try TerminalSession(
                "held/store", in: scratch,
                [
                    .files("lock", 1), .wait(1),
                    .start(arguments: ["--store", ".", "--port", "0"]),
                    .end, .look("end"),
                ])
            let keyless = try TerminalSession(
                "keyless", in: scratch,
                [.start(arguments: ["--feed", "massive", "--store", "store"]), .end, .look("end")])
            let records = try play([held, second, keyless])
            for (session, reason) in [(second, "inuseby"), (keyless, "MASSIVE_API_KEY")] {
                let end = try #require(records[session.name]?.looks["end"], "\(session.name)")
                #expect(end.state == "exited" && end.number == 1, "\(end)")
                #expect(end.isGivenBack, "\(end)")
                // Wherever the lines were broken.
                let said = end.screen.joined().filter { !$0.isWhitespace }
                #expect(said.contains("Error:") && said.contains(reason), "\(end.text)")
            }
        }

        @Test func `shows a dead letter without letting it steer the terminal`() throws {
            let session = try TerminalSession(
                "letter", in: scratch,
                [
                    .start(arguments: ["dead-letters", "show", "0.0.0", "--store", "store"]), .end,
                    .look("end"),
                    .start(arguments: ["export", "dead-letters", "--store", "store"]), .end,
                    .look("export"),
                ])
            let file = scratch.path("letter/frames.ndjson")
            try Data("evil \u{1B}]0;owned\u{7}\u{1B}[2Jgone\n".utf8).write(to: URL(filePath: file))
            let replay = try ProgramUnderTest.run(
                ["replay", file, "--no-screen", "--store", scratch.path("letter/store")],
                in: scratch.url)
            #expect(try replay.count("dead_lettered") == 1)
            let looks = try session.play()
            for name in ["end", "export"] {
                let look = try #require(looks[name])
                #expect(look.isGivenBack, "\(look)")
                #expect(look.text.contains("evil .]0;owned..[2Jgone"), "\(look.text)")
            }
            #expect(looks["export"]?.text.contains("0.0.0,") == true)
        }

        @Test func `is left while it is still opening its store`() throws {
            let keys: [(String, Step, Int32)] = [
                ("q at once", .type("q"), 0), ("Ctrl-C at once", .type("\u{3}"), 0),
                ("SIGTERM at once", .signal(SIGTERM), 143),
            ]
            let sessions = try keys.map { name, step, _ in
                try TerminalSession(
                    name, in: scratch, [.start, .see("DEMO"), step, .end, .look("end")])
            }
            let records = try play(sessions)
            for (name, _, number) in keys {
                let end = try #require(records[name]?.looks["end"], "\(name)")
                #expect(end.state == "exited" && end.number == number, "\(name): \(end)")
                #expect(end.isGivenBack, "\(name): \(end)")
            }
        }
    }
}
