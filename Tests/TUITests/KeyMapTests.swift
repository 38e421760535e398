import Foundation
import Testing

@testable import TUI

@Suite struct `The key map` {
    @Test func `has one meaning a key and one name a command`() {
        let commands = CommandTable.commands
        let keys = commands.flatMap(\.standardKeys)
        #expect(Set(keys).count == keys.count)
        #expect(Set(commands.map(\.name)).count == commands.count)
        for command in commands {
            for key in command.standardKeys {
                #expect(KeyMap.standard.action(for: key) == command.action)
            }
        }
    }

    @Test func `writes every key by a name that reads back`() {
        for key in CommandTable.commands.flatMap(\.standardKeys) + [.function(5), .delete] {
            #expect(Key(name: key.name) == key, "\(key)")
        }
        for name in ["", "Ctrl-", "Ctrl-1", "F13", "Meta-x", "jj", "\t"] {
            #expect(Key(name: name) == nil, "\(name)")
        }
    }

    @Test func `gives a configured key to its command and takes it from the other`() throws {
        let map = try KeyMap([.init("next_pane", ["n", "Ctrl-n"]), .init("note", ["N"])])
        #expect(map.action(for: .character("n")) == .nextPane)
        #expect(map.action(for: .control("n")) == .nextPane)
        #expect(map.action(for: .character("N")) == .acknowledgeWithNote)
        #expect(map.action(for: .tab) == nil)
    }

    @Test func `takes a default key from a command that is not named`() throws {
        let map = try KeyMap([.init("drill", ["j", "Enter"])])
        #expect(map.action(for: .character("j")) == .drill)
        #expect(map.action(for: .down) == .down)
    }

    @Test func `always lets Ctrl-C quit`() throws {
        let map = try KeyMap([.init("quit", ["Q"])])
        #expect(map.action(for: .control("c")) == .quit)
        #expect(map.action(for: .character("Q")) == .quit)
        #expect(map.action(for: .character("q")) == nil)
        #expect {
            try KeyMap([.init("copy", ["Ctrl-c"])])
        } throws: { error in
            (error as? KeyMapError)?.description == "copy: Ctrl-c always quits"
        }
    }

    @Test func `reports every mistake with the line of the other`() {
        let lines = ["sort": 7, "zoom": 9]
        #expect {
            try KeyMap([
                .init("sort", ["x"]), .init("zoom", ["x", "Meta-z"]), .init("dance", ["d"]),
            ])
        } throws: { error in
            (error as? KeyMapError)?.problems.map { $0.message { lines[$0] } } == [
                "x is bound to sort already, in line 7",
                "\"Meta-z\" is no key; a character, Ctrl-x, F1 or a name such as PgDn",
                "no such command",
            ]
        }
    }

    @Test func `is printed in full`() {
        let lines = KeyMap.standard.text.split(separator: "\n")
        #expect(lines.count == CommandTable.commands.count)
        #expect(lines.contains { $0.hasPrefix("Space ") && $0.hasSuffix("receiving goes on") })
    }

    @Test func `is documented in config toml, key by key`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config.toml")
        let known = try String(contentsOf: file, encoding: .utf8)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            let start = try #require(known.range(of: "[keys]\n")).upperBound
            let text = String(known[..<start]) + KeyMap.configurationText
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded config.toml: read the difference")
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasSuffix("[keys]\n" + KeyMap.configurationText))
    }

    @Test func `rules the hints of the bottom line`() throws {
        var options = ScreenState.sample().options
        options.keyMap = try KeyMap([.init("help", ["F1"]), .init("zoom", ["Z"])])
        let text = ScreenState(options: options).picture(120, 40).plainText
        #expect(text.contains("F1 help"))
        #expect(text.contains("Z zoom"))
        #expect(!text.contains("z zoom"))
    }
}

@Suite struct `The palette` {
    private let now = SampleMarket.afternoon
    private var state: ScreenState { ScreenCase.live.make().state }

    private func typed(_ text: String, in state: inout ScreenState) -> [ScreenCommand] {
        state.press([.character(":")] + text.map { .character($0) } + [.enter])
    }

    @Test func `runs every command that has a key`() {
        for command in CommandTable.commands {
            var byKey = state
            var byName = state
            guard let key = command.standardKeys.first else { continue }
            let first = byKey.press([key])
            let second = typed(command.name, in: &byName)
            #expect(first == second, "\(command.name)")
            #expect(byKey.overlay == byName.overlay, "\(command.name)")
            byName.choices.history = []
            #expect(byKey.choices == byName.choices, "\(command.name)")
            #expect(byKey.selection == byName.selection, "\(command.name)")
        }
    }

    @Test func `goes to a ticker that is typed`() {
        var state = state
        _ = typed("tsla", in: &state)
        #expect(state.selection == "TSLA")
        _ = typed("goto nv", in: &state)
        #expect(state.selection == "NVDA")
        _ = typed("goto XYZ", in: &state)
        #expect(state.message?.isBad == true)
    }

    @Test func `takes what stands behind a command`() {
        var state = state
        _ = typed("sort vol", in: &state)
        #expect(state.sort == SortOrder(column: .volume))
        _ = typed("interval", in: &state)
        #expect(state.message?.isBad == true)
        _ = typed("longer_interval 15m", in: &state)
        #expect(state.interval == .fifteenMinutes)
        _ = typed("layout triage", in: &state)
        #expect(state.choices.layout == .triage)
        _ = typed("clock utc", in: &state)
        #expect(state.clockZone == .utc)
        _ = typed("filter chg>0", in: &state)
        #expect(!state.rows.isEmpty && state.rows.count < 5)
        #expect(typed("export chart csv", in: &state) == [.export(.csv, .chart)])
        #expect(typed("export everything", in: &state).isEmpty)
        #expect(typed("q", in: &state) == [.quit])
    }

    @Test func `completes commands, what they take, and tickers`() {
        var state = state
        state.press([.character(":"), .character("s"), .character("o"), .tab])
        #expect(state.prompt?.text == "sort")
        state.press([.character(" "), .character("c"), .tab])
        #expect(state.prompt?.text == "sort configured")
        state.press([.tab])
        #expect(state.prompt?.text == "sort chg")
        state.press([.backTab, .control("u"), .character("N"), .character("V"), .tab])
        #expect(state.prompt?.text == "NVDA")
        #expect(state.picture(120, 40).plainText.contains("to this ticker"))
    }

    @Test func `remembers what was run, the newest first`() {
        var state = state
        _ = typed("zoom", in: &state)
        _ = typed("sort z", in: &state)
        _ = typed("zoom", in: &state)
        #expect(state.choices.history == ["sort z", "zoom"])
        state.press([.character(":"), .up])
        #expect(state.prompt?.text == "zoom")
        state.press([.up])
        #expect(state.prompt?.text == "sort z")
        state.press([.down, .down])
        #expect(state.prompt?.text == "")
    }

    @Test func `says what it does not know and what was near`() {
        var state = state
        _ = typed("zoo", in: &state)
        #expect(state.message?.text.text == "no command zoo: zoom, zoom_in, zoom_out?")
        _ = typed("xyzzy", in: &state)
        #expect(state.message?.text.text == "no command xyzzy")
        _ = typed("freeze now", in: &state)
        #expect(state.message?.text.text == "freeze takes nothing after it")
    }

    @Test func `leaves by Esc and by deleting from an empty line`() {
        var state = state
        state.press([.character(":"), .character("q"), .escape])
        #expect(state.prompt == nil)
        state.press([.character(":"), .backspace])
        #expect(state.prompt == nil)
    }
}
