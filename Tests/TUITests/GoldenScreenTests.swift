import MarketModel
import Testing

@testable import TUI

@Suite struct `The screen` {
    static let sizes = [(200, 50), (120, 40), (80, 24), (60, 16), (20, 5)]

    @Test(arguments: ScreenCase.allCases)
    func `looks as it did`(_ screen: ScreenCase) throws {
        let (state, now) = screen.make()
        let isState = ScreenCase.states.contains(screen)
        for (columns, rows) in isState ? Self.sizes : [(120, 40), (80, 24)] {
            let picture = state.picture(columns, rows, now: now)
            try GoldenFiles.expect(
                picture.plainText, equals: "\(screen.rawValue)-\(columns)x\(rows).txt")
        }
    }

    @Test(arguments: ScreenCase.states)
    func `looks as it did in ASCII`(_ screen: ScreenCase) throws {
        let (state, now) = screen.make(glyphs: .ascii)
        for (columns, rows) in Self.sizes {
            let text = state.picture(columns, rows, now: now).plainText
            #expect(text.utf8.allSatisfy { $0 < 0x7F })
            try GoldenFiles.expect(
                text, equals: "\(screen.rawValue)-\(columns)x\(rows)-ascii.txt")
        }
    }

    @Test(arguments: ScreenCase.states, ColorDepth.allCases)
    func `has the colours it had`(_ screen: ScreenCase, _ depth: ColorDepth) throws {
        let (state, now) = screen.make()
        let theme = try ThemeFiles.theme("dusk")
        let picture = state.picture(120, 40, now: now, theme: theme, depth: depth)
        try GoldenFiles.expect(
            picture.styleRuns, equals: "\(screen.rawValue)-120x40-\(depth.rawValue).styles.txt")
    }

    @Test func `without colours uses none`() throws {
        let (state, now) = ScreenCase.disconnected.make()
        let picture = state.picture(
            120, 40, now: now, theme: try ThemeFiles.theme("dusk"), depth: .none)
        #expect(
            picture.cells.allSatisfy {
                $0.style.foreground == .terminal && $0.style.background == .terminal
            })
    }

    @Test(arguments: [(200, 50), (80, 24), (40, 10), (12, 1)])
    func `names the feed where it cannot be missed`(_ columns: Int, _ rows: Int) {
        for label in ["LIVE", "DEMO", "REPLAY"] {
            var state = ScreenCase.live.make().state
            state.status.label =
                label == "LIVE" ? .live : label == "DEMO" ? .demo : .replay
            let text = state.picture(columns, rows).plainText
            #expect(text.contains(label) || rows == 1 && label == "LIVE")
        }
    }

    @Test func `keeps its chrome below an eighth of the cells`() {
        let picture = ScreenCase.live.make().state.picture(200, 50)
        let rules: Set<String> = ["─", "═", "│", "┬", "┼", "┤", "├"]
        let count = picture.cells.count { rules.contains($0.text) }
        #expect(count * 100 < picture.cells.count * 12)
    }
}
