import Engine
import MarketModel
import TestSupport
import Testing

@testable import TUI

@Suite struct `Whatever happens, the screen` {
    /// Every width from 1 to 300 and every height from 1 to 100 come up, and all small sizes in
    /// full.
    static let sizes: [(Int, Int)] =
        (1...300).map { ($0, $0 * 37 % 100 + 1) } + (1...100).map { ($0 * 113 % 300 + 1, $0) }
        + (1...12).flatMap { rows in stride(from: 1, through: 64, by: 3).map { ($0, rows) } }

    @Test func `can be drawn at every size`() {
        let cases = ScreenCase.allCases.map { $0.make() }
        for (index, (columns, rows)) in Self.sizes.enumerated() {
            let (state, now) = cases[index % cases.count]
            let picture = state.picture(columns, rows, now: now)
            #expect(picture.size == GridSize(columns: columns, rows: rows))
            expectWhole(picture)
        }
    }

    @Test func `survives any keys`() {
        let seed: UInt64 = 20_260_102
        var random = SeededRandom(seed: seed)
        let keys =
            CommandTable.commands.flatMap(\.standardKeys).filter { $0 != .control("c") } + [
                .backspace, .delete, .resized, .character("N"), .character("é"), .character("x"),
            ]
        var market = SampleMarket()
        var state = ScreenState.sample()
        for step in 0..<5000 {
            let key = keys[Int.random(in: keys.indices, using: &random)]
            _ = update(&state, .key(key), now: market.now)
            if step % 20 == 0 {
                market.now = market.now.advanced(by: .seconds(3))
                state.feed(market)
            }
            if step % 25 == 0 {
                let columns = Int.random(in: 1...220, using: &random)
                let rows = Int.random(in: 1...60, using: &random)
                expectWhole(state.picture(columns, rows, now: market.now))
            }
        }
        #expect(state.selection.map { state.rows.contains($0) || state.rows.isEmpty } ?? true)
    }

    @Test func `draws no pane beyond its own rectangle`() {
        let (state, now) = ScreenCase.live.make()
        let look = Look(theme: .terminal, capabilities: state.options.capabilities)
        let scene = Scene(state: state, look: look, now: now)
        let marker = SafeText("界")
        for (width, height) in [(1, 1), (7, 3), (23, 9), (57, 14), (90, 20)] {
            let rect = Rect(x: 3, y: 2, width: width, height: height)
            var blank = CellGrid(size: GridSize(columns: 100, rows: 26))
            for y in 0..<26 {
                for x in stride(from: 0, to: 100, by: 2) {
                    blank.text(marker, x: x, y: y, Style())
                }
            }
            for pane in PaneID.allCases {
                var grid = blank
                grid.inside(rect) { scene.draw(pane, on: &$0) }
                expectWhole(grid)
                for y in 0..<26 {
                    // The column before and after may lose half a wide character that was there.
                    for x in 0..<100 where !(y >= 2 && y < rect.endY && x >= 2 && x <= rect.endX) {
                        #expect(grid[x, y] == blank[x, y], "\(pane) at \(x),\(y)")
                    }
                }
            }
        }
    }

    @Test func `is the same for the same state`() {
        let (state, now) = ScreenCase.live.make()
        #expect(state.picture(120, 40, now: now) == state.picture(120, 40, now: now))
    }

    /// No half of a wide character without the other.
    private func expectWhole(_ grid: CellGrid) {
        for row in 0..<grid.size.rows {
            for column in 0..<grid.size.columns {
                let width = grid[column, row].glyph.width
                let next = column + 1 < grid.size.columns ? grid[column + 1, row].glyph : nil
                let isFollowed = next == .continuation
                #expect((width == 2) == isFollowed || width == 0 && !isFollowed)
            }
            if grid.size.columns > 0 { #expect(grid[0, row].glyph != .continuation) }
        }
    }
}
