import Foundation
import TestSupport
import Testing

extension WholePath {
    /// A recording made in one terminal, and steered in another.
    @Suite struct `The screen of a recording` {
        private let scratch: Scratch
        private typealias Step = TerminalSession.Step

        init() throws { scratch = try Scratch() }

        /// So that there are anomalies to go to.
        private static let nervous = ["TICKTOP_RULES_VELOCITY_PERCENT": "0.01"]
        private static let price = #"NVDA +\d+\.\d\d"#
        /// Of the pipeline pane: how many events have been received.
        private static let count = #"received +([0-9,]+)"#

        /// The directory of a recording of some seconds.
        private func record() throws -> String {
            let session = try TerminalSession(
                "recorded", columns: 120, rows: 40, in: scratch, environment: Self.nervous,
                [
                    .start, .see(Self.price), .type(":record on\r"), .see("recording into"),
                    .see("REC [0-9.]+ k?B"), .wait(8), .look("recording"),
                    .type(":record off\r"), .see(#"recorded: ticktop replay \S+"#),
                    .lose("REC "), .type("q"), .end,
                ])
            let looks = try session.play()
            #expect(looks["recording"]?.screen.first?.contains("DEMO") == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: session.directory)
            let name = try #require(names.first { $0.hasSuffix(".recording") })
            return session.directory + "/" + name
        }

        @Test func `is paused, stepped, sped up and moved through`() throws {
            let recording = try record()
            let looks = try TerminalSession(
                "replayed", columns: 120, rows: 40, in: scratch, environment: Self.nervous,
                [
                    .start(arguments: ["replay", recording]), .see(#"\A ■ REPLAY"#),
                    .see(Self.price), .type(" "), .see("PAUSED at"), .wait(0.5), .look("paused"),
                    .wait(1.5), .look("still"),
                    .type("."), .differ("still", in: Self.count), .look("stepped"),
                    .type("}"), .see("speed 2x"), .type(" "), .lose("PAUSED"), .see("2x [0-9]+%"),
                    .look("running"),
                    .type(" "), .see("PAUSED at"), .type(":goto +60s\r"), .see("ended"),
                    .look("end"),
                    .type(":goto -60s\r"), .lose("ended"), .see("PAUSED [0-9]%"), .look("back"),
                    .type(":goto anomaly\r"), .see("velocity"), .see("PAUSED at"),
                    .look("anomaly"),
                    .type(":record on\r"), .see("a replay is a recording already"),
                    .type("q"), .end, .look("after"),
                ]
            ).play()
            func received(_ name: String) throws -> Int {
                let look = try #require(looks[name])
                let found = try #require(
                    look.text.firstMatch(of: /received +([0-9,]+)/), "\(look.text)")
                return try #require(Int(found.1.replacing(",", with: "")))
            }
            let counts = try ["paused", "still", "stepped", "running"].map(received)
            #expect(counts[0] == counts[1], "paused is paused")
            #expect(counts[1] < counts[2] && counts[2] - counts[1] < 200, "a record is a step")
            #expect(counts[2] <= counts[3])
            #expect(try received("end") > counts[3])
            #expect(try received("back") < received("anomaly"))
            #expect(try received("anomaly") < received("end"))
            #expect(looks["stepped"]?.text.contains("PAUSED") == true)
            let after = try #require(looks["after"])
            #expect(after.number == 0 && after.isGivenBack, "\(after)")
        }
    }

    /// A line of 2 400 bytes a second with room for everything on its way, as behind SSH.
    @Suite struct `The screen on a slow link` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test func `sends what fits, and keys first`() throws {
            let looks = try TerminalSession(
                "slow", columns: 120, rows: 40, in: scratch,
                environment: ["TICKTOP_SCREEN_CLOCK": "utc"], bytesPerSecond: 2400,
                [
                    .start, .see(#"NVDA +\d+\.\d\d"#), .wait(6), .look("painted"), .wait(12),
                    .look("running"),
                    .type("5"), .see("═ 5 ANOMALIES"), .look("focused"),
                    .type("?"), .see("quit"), .look("help"), .type("\u{1B}"), .lose("KEYS"),
                    .wait(5), .look("later"), .type("q"), .end, .look("end"),
                ]
            ).play()
            let running = try #require(looks["running"])
            // A frame of some hundred cells and what a terminal was not asked behind; a screen that
            // looks at nothing has 60 kB waiting by now.
            #expect(running.waiting < 7000, "\(running.waiting)")
            #expect(try #require(looks["focused"]).seenAfter < 8)
            // A whole screen of help is some seconds of such a line.
            #expect(try #require(looks["help"]).seenAfter < 12)
            for name in ["running", "later"] {
                let look = try #require(looks[name])
                let shown = try #require(
                    look.screen[0].firstMatch(of: /([0-9]{2}):([0-9]{2}):([0-9]{2}) UTC/),
                    "\(look.screen[0])")
                let seconds = [shown.1, shown.2, shown.3].reduce(0) { $0 * 60 + (Int($1) ?? 0) }
                let late = (Int(look.clock) % 86_400 - seconds + 86_400) % 86_400
                #expect(late < 8, "\(look.screen[0]) at \(look.clock)")
            }
            #expect(looks["later"]?.screen[0].contains("link ") == true)
            let end = try #require(looks["end"])
            #expect(end.number == 0 && end.isGivenBack, "\(end)")
        }
    }
}
