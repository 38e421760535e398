import MarketModel
import Testing

@testable import TUI

@Suite struct `The help` {
    private let now = SampleMarket.afternoon

    private func typed(_ text: String) -> [Key] { text.map { .character($0) } }

    @Test func `shows only the commands that have the words typed`() {
        var state = ScreenState.sample()
        state.press(typed("?/replay slow"), now)
        let text = state.picture(120, 40, now: now).plainText
        #expect(text.contains("FEED AND REPLAY") && text.contains("replay: slower"))
        #expect(!text.contains("replay: faster") && !text.contains("MOVING"))
        #expect(text.contains("/replay slow"))
    }

    @Test func `keeps what was found, shows all again by Esc, and then closes`() {
        var state = ScreenState.sample()
        state.press(typed("?/theme") + [.enter], now)
        #expect(state.prompt == nil && state.helpFilter == "theme")
        #expect(state.picture(120, 40, now: now).plainText.contains("choose a theme"))
        state.press([.escape], now)
        #expect(state.overlay == .help && state.helpFilter.isEmpty)
        state.press([.escape], now)
        #expect(state.overlay == nil)
    }

    @Test func `begins with what the pane in focus can do`() {
        var state = ScreenState.sample()
        func first(_ keys: String) -> String {
            state.press(typed(keys), now)
            let rows = state.picture(80, 24, now: now).plainText.split(separator: "\n")
            state.press([.escape], now)
            return String(rows[1].dropFirst(2).prefix(9))
        }
        #expect(first("1?") == "PANES    ")
        #expect(first("5?") == "ANOMALIES")
        #expect(first("2?") == "CHART    ")
        #expect(first("8?") == "FEED AND ")
    }

    @Test func `says when there is no such command`() {
        var state = ScreenState.sample()
        state.press(typed("?/warp drive"), now)
        let text = state.picture(80, 24, now: now).plainText
        #expect(text.contains("no command has these words"))
        state.press([.escape, .character("?")], now)
        #expect(state.overlay == nil)
    }

    @Test func `finds keys, too, and every head has commands below it`() {
        let lines = HelpOverlay.lines(.standard, matching: "ctrl")
        #expect(lines.contains { $0.key.contains("Ctrl-d") })
        for (line, next) in zip(lines, lines.dropFirst()) where line.isHead {
            #expect(!next.isHead)
        }
        #expect(lines.last?.isHead == false)
    }
}

@Suite struct `A filter's matches` {
    @Test func `are walked through by n and N, which elsewhere are a note and nothing`() {
        let now = SampleMarket.afternoon
        var state = ScreenCase.live.make().state
        state.press([.character("/"), .character("a"), .enter], now)
        #expect(state.rows.count > 1)
        let first = state.selection
        state.press([.character("n")], now)
        #expect(state.selection == state.rows[1] && state.prompt == nil)
        state.press([.character("N")], now)
        #expect(state.selection == first)
        state.press([.escape, .character("N")], now)
        #expect(state.message?.text.text.contains("no filter") == true)
        state.press([.character("5"), .character("n")], now)
        #expect(state.prompt?.mark == "note: ")
    }
}

@Suite struct `A style` {
    @Test func `keeps its colours and attributes apart`() {
        let colors: [Color] = [
            .terminal, .indexed(0), .indexed(255), .rgb(0, 0, 0), .rgb(255, 255, 255),
            .rgb(1, 2, 3),
        ]
        for foreground in colors {
            for background in colors {
                var style = Style(foreground, on: background, [.bold, .italic])
                #expect(style.foreground == foreground && style.background == background)
                style.foreground = background
                style.background = foreground
                style.attributes = .underline
                #expect(style == Style(background, on: foreground, .underline))
                #expect(style.adding(.dim).attributes == [.underline, .dim])
            }
        }
    }

    @Test func `lets through the background that it does not have`() {
        let beneath = Style(.indexed(1), on: .indexed(2), .reverse)
        #expect(
            Style(.indexed(3)).over(beneath) == Style(.indexed(3), on: .indexed(2), .reverse))
        #expect(
            Style(.indexed(3), on: .indexed(4)).over(beneath)
                == Style(.indexed(3), on: .indexed(4), .reverse))
    }
}
