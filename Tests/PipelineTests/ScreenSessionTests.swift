import Foundation
import TestSupport
import Testing

extension WholePath {
    /// `ticktop` in a terminal of its own: what a person sees, and what is left behind.
    @Suite struct `The screen` {
        private let scratch: Scratch
        private typealias Step = TerminalSession.Step

        init() throws { scratch = try Scratch() }

        private static let price = #"NVDA +\d+\.\d\d"#
        private static let traced = "SIGSEGV with a backtrace"
        /// A short one: the screen is not to scroll.
        private static let backtrace =
            "enable=yes,interactive=no,symbolicate=off,threads=crashed,images=none,"
            + "registers=none,limit=4"
        /// The quotes pane with a price for each of the five tickers: `Look.prices` has them all.
        private static let prices = #"(?m)(?:^ [▸ ] [A-Z]+ +\d+\.\d+ [▲▼▬].*\n){5}"#

        /// Sessions at once, each of which must come to its end.
        private func play(_ sessions: [TerminalSession]) throws -> [String: TerminalSession.Record]
        {
            let records = try TerminalSession.play(sessions)
            for session in sessions {
                #expect(records[session.name]?.trouble == nil, "\(session.name)")
            }
            return records
        }

        @Test func `shows the demo market's prices at every size`() throws {
            let sizes = [(200, 50), (120, 40), (80, 24), (40, 10), (20, 3)]
            let sessions = try sizes.map { columns, rows in
                try TerminalSession(
                    "\(columns)x\(rows)", columns: columns, rows: rows, in: scratch,
                    [.start, .see(Self.price), .look("first"), .type("q"), .end, .look("end")])
            }
            let records = try play(sessions)
            for session in sessions {
                let looks = try #require(records[session.name]?.looks)
                let first = try #require(looks["first"], "\(session.name)")
                #expect(first.screen[0].contains("DEMO"), "\(first.text)")
                #expect(first.text.contains(/[A-Z]{4} +[0-9]+\.[0-9]{2}\b/), "\(first.text)")
                #expect(first.alternate && !first.settingsAsBefore, "\(session.name)")
                let end = try #require(looks["end"], "\(session.name)")
                #expect(end.state == "exited" && end.number == 0, "\(session.name)")
                #expect(end.isGivenBack, "\(session.name): \(end)")
            }
        }

        @Test func `opens and closes help, a ticker, a filter and a zoomed pane`() throws {
            let meanings = ["acknowledge the anomaly", "write a snapshot", "suspend", "quit"]
            let row = #"TSLA +\d+\.\d\d [▲▼▬]"#
            let looks = try TerminalSession(
                "keys", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.price), .type("?"), .see("KEYS"),
                ] + meanings.map(Step.see) + [
                    .look("help"),
                    .type("\u{1B}"), .lose("KEYS"),
                    .type("j\r"), .see("session high"),
                    .see(#"TRADES.*\n.*\d\d:\d\d:\d\d +\d+\.\d\d[▲▼▬]"#),
                    .see(#"NVDA +\d+\.\d\d [▲▼▬].* bid +[\d.]+ +ask"#), .look("drill"),
                    .type("\u{1B}"), .lose("session high"),
                    .see("2 CHART"), .type("/nv"), .see("/nv.*1 ticker "), .lose(row),
                    .type("\r"), .lose("Esc clears"), .look("filtered"),
                    .type("\u{1B}"), .see(row),
                    .type("z"), .lose("2 CHART"), .lose("PIPELINE"), .see(Self.prices),
                    .look("zoomed"), .type("z"), .see("2 CHART"),
                    .type("q"), .end,
                ]
            ).play()
            let help = try #require(looks["help"]).text
            for meaning in meanings {
                #expect(help.contains(meaning), "\(help)")
            }
            let drill = try #require(looks["drill"]).text
            #expect(drill.contains(/NVDA +[0-9]+\.[0-9]{2} [▲▼▬].* bid +[0-9.]+ +ask/), "\(drill)")
            #expect(try #require(looks["filtered"]).prices.count == 1)
            let zoomed = try #require(looks["zoomed"])
            #expect(zoomed.prices.count == 5 && !zoomed.text.contains("PIPELINE"))
        }

        @Test func `frozen keeps its prices while receiving goes on`() throws {
            let looks = try TerminalSession(
                "frozen", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.prices), .type(" "), .see("FROZEN for.*events since"),
                    .wait(0.5), .look("before"), .wait(2),
                    .differ("before", in: "· ([^·]*) events since"), .look("after"),
                    .type(" "), .lose("FROZEN"),
                    .differ("after", in: #"(?m)^ [▸ ] [A-Z]+ +(\d+\.\d+) [▲▼▬]"#),
                    .look("going on"), .type("q"), .end,
                ]
            ).play()
            let before = try #require(looks["before"])
            let after = try #require(looks["after"])
            #expect(before.prices.count == 5)
            #expect(before.prices == after.prices)
            #expect(try missed(after) > missed(before))
            #expect(try #require(looks["going on"]).prices != after.prices)
        }

        /// The events received since freezing.
        private func missed(_ look: TerminalSession.Look) throws -> Int {
            let match = try #require(
                look.text.firstMatch(of: /· ([0-9,  ]+) events since/), "\(look.text)")
            return try #require(Int(match.1.filter(\.isNumber)), "\(match.1)")
        }

        @Test func `writes JSON exports, says where, and overwrites none`() throws {
            let session = try TerminalSession(
                "export", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.price), .type("e"), .see("EXPORT"), .type("j"),
                    .see(#"written: \S+\.json"#), .look("written"), .type("ej"), .type("ej"),
                    .files(".json", 3), .type("q"), .end,
                ])
            let looks = try session.play()
            let line = try #require(looks["written"]?.screen.last)
            let path = try #require(line.firstMatch(of: /written: (\S+\.json)/)).1
            let files = try FileManager.default.contentsOfDirectory(atPath: session.directory)
                .filter { $0.hasSuffix(".json") }
            #expect(files.count == 3, "\(files)")
            #expect(files.contains(URL(filePath: String(path)).lastPathComponent), "\(path)")
            for file in files {
                let text = try Data(contentsOf: URL(filePath: session.directory + "/" + file))
                let export = try #require(
                    try JSONSerialization.jsonObject(with: text) as? [String: Any])
                #expect(!export.isEmpty, "\(file)")
            }
        }

        @Test func `emits bytes that draw the cells it means`() throws {
            let session = try TerminalSession(
                "cells", columns: 100, rows: 30, in: scratch,
                [
                    .start, .see(Self.price), .type("z"), .lose("2 CHART"), .type(" "),
                    .see("FROZEN for"), .look("cells"), .type(":export txt\r"),
                    .see(#"written: \S+\.txt"#), .look("written"), .type("q"), .end,
                ])
            let looks = try session.play()
            let line = try #require(looks["written"]?.screen.last)
            let path = try #require(line.firstMatch(of: /written: (\S+\.txt)/)).1
            let name = URL(filePath: String(path)).lastPathComponent
            let text = try String(
                contentsOfFile: session.directory + "/" + name, encoding: .utf8)
            let meant = text.split(separator: "\n", omittingEmptySubsequences: false)
            let seen = try #require(looks["cells"]).screen
            // The header's clock, the banner's age and the footer go on while the rest is frozen.
            #expect(meant[2..<29].map(String.init) == Array(seen[2..<29]))
        }

        @Test func `emits bytes that draw the cells it means, whatever is pressed`() throws {
            let rounds = [
                "1z", "jj", "z2z", "x", "hhh", "\u{1B}", "z3z", "z4z", "jj", "z5z", "z6z", "z7z",
            ]
            let steps = rounds.enumerated().flatMap { index, keys -> [Step] in
                [
                    .type(keys), .wait(0.5), .look("cells \(index)"), .type(":export txt\r"),
                    .files(".txt", index + 1), .see(#"written: \S+\.txt"#),
                    .look("written \(index)"),
                ]
            }
            let session = try TerminalSession(
                "pressed", columns: 100, rows: 30, in: scratch,
                [.start, .see(Self.price), .type(" "), .see("FROZEN for")] + steps
                    + [.type("q"), .end])
            let looks = try session.play()
            for index in rounds.indices {
                let line = try #require(looks["written \(index)"]?.screen.last)
                let path = try #require(line.firstMatch(of: /written: (\S+\.txt)/)).1
                let name = URL(filePath: String(path)).lastPathComponent
                let text = try String(
                    contentsOfFile: session.directory + "/" + name, encoding: .utf8)
                let meant = text.split(separator: "\n", omittingEmptySubsequences: false)
                let seen = try #require(looks["cells \(index)"]).screen
                #expect(meant[2..<29].map(String.init) == Array(seen[2..<29]), "\(rounds[index])")
            }
        }

        @Test func `runs commands by name, and keeps what was chosen`() throws {
            let looks = try TerminalSession(
                "choices", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.price), .type(":lay\t chart\r"), .see("layout chart"),
                    .type(":sort vol\r"), .see("vol▼"), .type("T"), .see("THEME"), .type("\u{1B}"),
                    .type("q"), .end, .start, .see(Self.price), .see("vol▼"), .look("second"),
                    .type("q"), .end,
                ]
            ).play()
            let second = try #require(looks["second"])
            #expect(second.text.contains("2 CHART") && !second.text.contains("6 NEWS"))
        }

        @Test func `follows the mouse`() throws {
            // The third ticker's row, pressed and released.
            let click = "\u{1B}[<0;6;6M\u{1B}[<0;6;6m"
            _ = try TerminalSession(
                "mouse", columns: 120, rows: 40, in: scratch,
                [
                    .start, .see(Self.price), .see("AAPL 1s"), .type(click), .see("MSFT 1s"),
                    .type("m"), .see("mouse off"), .type("q"), .end,
                ]
            ).play()
        }

        @Test func `keeps an acknowledgement for the next start`() throws {
            let looks = try TerminalSession(
                "acknowledged", columns: 120, rows: 40, in: scratch,
                [
                    .start(["TICKTOP_RULES_VELOCITY_PERCENT": "0.01"]),
                    .see("velocity"), .type("5z"), .lose("1 QUOTES"),
                    // At its worst: one that gets worse later asks for attention again.
                    .see("▸! CRIT [0-9:]+ [A-Z]+ +velocity"), .type("a"),
                    .see(#"acked \d\d:\d\d"#), .look("first"), .type("q"), .end, .look("between"),
                    .start, .see(Self.price), .type("5z"), .lose("1 QUOTES"),
                    .see(#"acked \d\d:\d\d"#), .look("second"), .type("q"), .end,
                ]
            ).play()
            #expect(looks["between"]?.isGivenBack == true)
            let acknowledged = try ["first", "second"].map { name in
                let look = try #require(looks[name])
                let line = try #require(look.screen.first { $0.contains(/acked [0-9]/) })
                return try #require(
                    line.firstMatch(of: /✓ +[A-Z]+ +([0-9:]+ +[A-Z]+ +velocity)/), "\(line)"
                ).1
            }
            #expect(acknowledged[0] == acknowledged[1])
        }

        @Test func `fills the new size after every resize`() throws {
            let looks = try TerminalSession(
                "resized", columns: 200, rows: 50, in: scratch,
                [
                    .start, .see(Self.price), .resize(80, 24), .see("3agg"),
                    .see(#"(?:1-8 pane|A demo market).*\Z"#), .see(Self.prices), .look("80x24"),
                    .resize(200, 50),
                    .see("4 FEATURES"),
                    .see(#"(?:T theme|config defaults)\s*\Z"#), .see(Self.prices), .look("200x50"),
                    .resize(20, 3),
                    .see(#"\ADEMO.*\n.*\n[A-Z]+ \d"#), .look("20x3"), .type("q"), .end,
                ]
            ).play()
            for (name, columns, rows) in [("80x24", 80, 24), ("200x50", 200, 50), ("20x3", 20, 3)] {
                let look = try #require(looks[name])
                #expect(look.screen.count == rows)
                #expect(look.screen.allSatisfy { $0.count <= columns })
                #expect(look.screen[0].contains("DEMO"))
                #expect(!look.screen[rows - 1].isEmpty, "\(look.text)")
                if rows > 10 {
                    #expect(look.screen[1].count == columns, "\(look.text)")
                    #expect(look.prices.count == 5, "\(look.text)")
                }
            }
        }

        @Test func `gives the terminal back while suspended and draws anew after`() throws {
            let away: [Step] = [
                .stopped, .wait(0.2), .look("away"), .foreground, .see("2 CHART"),
                .see(Self.prices),
                .look("back"), .type("?"), .see("KEYS"), .type("?"), .lose("KEYS"), .type("q"),
                .end,
                .look("end"),
            ]
            let keys: [Step] = [.start, .see(Self.price), .type("\u{1A}")]
            let signal: [Step] = [.start, .see(Self.price), .signal(SIGTSTP)]
            let records = try play([
                TerminalSession("Ctrl-Z", in: scratch, keys + away),
                TerminalSession("SIGTSTP", in: scratch, signal + away),
            ])
            for (name, record) in records {
                #expect(record.looks["away"]?.isGivenBack == true, "\(name)")
                let back = try #require(record.looks["back"], "\(name)")
                #expect(back.alternate && !back.cursorShown && !back.settingsAsBefore, "\(name)")
                #expect(back.prices.count == 5, "\(name): \(back.text)")
                let end = try #require(record.looks["end"], "\(name)")
                #expect(end.state == "exited" && end.number == 0 && end.isGivenBack, "\(name)")
            }
        }

        @Test func `gives the terminal back however it ends`() throws {
            let endings: [(String, Step, String, Int32)] = [
                ("q", .type("q"), "exited", 0), ("Ctrl-C", .type("\u{3}"), "exited", 0),
                ("SIGINT", .signal(SIGINT), "exited", 130),
                ("SIGTERM", .signal(SIGTERM), "exited", 143),
                ("SIGHUP", .signal(SIGHUP), "exited", 129),
                ("SIGSEGV", .signal(SIGSEGV), "killed", SIGSEGV),
                // As it is where nobody has switched Swift's backtraces off; they take a moment.
                (Self.traced, .signal(SIGSEGV), "killed", SIGSEGV),
            ]
            let sessions = try endings.map { name, step, _, _ in
                try TerminalSession(
                    name, in: scratch,
                    environment: name == Self.traced ? ["SWIFT_BACKTRACE": Self.backtrace] : [:],
                    [.start, .see(Self.price), step, .end, .look("end")])
            }
            let records = try play(sessions)
            for (name, _, state, number) in endings {
                let end = try #require(records[name]?.looks["end"], "\(name)")
                #expect(end.state == state && end.number == number, "\(name): \(end)")
                #expect(end.isGivenBack, "\(name): \(end)")
            }
        }

        @Test func `ends with a terminal that goes away`() throws {
            let looks = try TerminalSession(
                "hang-up", in: scratch, [.start, .see(Self.price), .hangUp, .end, .look("end")]
            ).play()
            let end = try #require(looks["end"])
            #expect(end.state == "exited" && end.number == 128 + SIGHUP, "\(end)")
        }

        @Test func `refuses a terminal it cannot draw on in one line`() throws {
            let types = ["dumb", "teletype-9000", ""]
            let sessions = try types.map { type in
                try TerminalSession(
                    "TERM=\(type)", in: scratch, environment: ["TERM": type],
                    [.start, .end, .look("end")])
            }
            let records = try play(sessions)
            for (type, session) in zip(types, sessions) {
                let end = try #require(records[session.name]?.looks["end"], "\(session.name)")
                #expect(end.state == "exited" && end.number == 1, "\(end)")
                #expect(end.isGivenBack, "\(end)")
                let said = end.screen.dropFirst().filter { !$0.isEmpty }
                #expect(said.count == 1, "\(end.text)")
                #expect(said.first?.hasPrefix("Error: ") == true, "\(end.text)")
                #expect(said.first?.contains("\"\(type)\"") == true, "\(end.text)")
            }
        }

        @Test func `draws on a terminal without colours`() throws {
            let looks = try TerminalSession(
                "vt100", in: scratch, environment: ["TERM": "vt100"],
                [.start, .see(Self.prices), .look("first"), .type("q"), .end, .look("end")]
            ).play()
            #expect(try #require(looks["first"]).prices.count == 5)
            let end = try #require(looks["end"])
            #expect(end.number == 0 && end.modesAsBefore && end.settingsAsBefore, "\(end)")
        }

        @Test func `refuses to draw into a pipe`() throws {
            let end = try ProgramUnderTest.run(
                ["--store", "store", "--port", "0"], in: scratch.url)
            #expect(end.status != 0)
            #expect(end.output.isEmpty)
            #expect(end.errors.contains("the dashboard needs a terminal"), "\(end.errors)")
            #expect(!FileManager.default.fileExists(atPath: scratch.path("store")))
        }
    }
}
