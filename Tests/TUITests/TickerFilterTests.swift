import Engine
import MarketModel
import Testing

@testable import TUI

@Suite struct `A ticker filter` {
    private let market = SampleMarket().snapshot()

    private func kept(_ text: String) throws -> [String] {
        let matches = try TickerFilter(text).matcher(time: SampleMarket.afternoon)
        return SampleMarket.symbols.filter { matches($0, market.ticker($0)) }.map(\.description)
    }

    @Test(arguments: [
        ("", ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]), ("a", ["AAPL", "NVDA", "AMZN", "TSLA"]),
        ("!a", ["MSFT"]), ("~^a", ["AAPL", "AMZN"]), ("!~L$", ["NVDA", "MSFT", "AMZN", "TSLA"]),
        ("z>2", ["AAPL", "NVDA"]), ("z>2 n", ["NVDA"]), ("z<=-0.31", ["MSFT"]),
        ("vol>=58.1M", ["NVDA", "TSLA"]), ("vol<13m", ["MSFT"]), ("tpm=388", ["AMZN"]),
        ("vel<-0.5%", ["TSLA"]), ("age<1", ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]),
        ("chg>", ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]),
    ])
    func `keeps the tickers for which every word holds`(_ text: String, _ names: [String]) throws {
        #expect(try kept(text) == names)
    }

    @Test func `admits no ticker whose figure is missing`() throws {
        let matches = try TickerFilter("z<100").matcher(time: SampleMarket.afternoon)
        #expect(!matches("NEW", TickerSnapshot(symbol: "NEW", market: .usEquities)))
        #expect(!matches("NEW", nil))
    }

    @Test func `says what is wrong with a word`() {
        #expect(throws: TickerFilter.Failure.noField("foo")) { try TickerFilter("foo>1") }
        #expect(throws: TickerFilter.Failure.noNumber("x")) { try TickerFilter("z>x") }
        #expect(throws: TickerFilter.Failure.noPattern("[")) { try TickerFilter("~[") }
    }

    @Test func `holds while it is typed, and the last good one stays in force`() {
        var state = ScreenCase.live.make().state
        state.press([.character("/")] + "z>2".map { .character($0) })
        #expect(state.rows == ["AAPL", "NVDA"])
        state.press([.character("x")])
        #expect(state.rows == ["AAPL", "NVDA"])
        #expect(state.prompt?.trouble == "\"2x\" is no number")
        #expect(state.picture(120, 40).plainText.contains("\"2x\" is no number"))
        state.press([.backspace, .enter])
        #expect(state.filter.text == "z>2")
        #expect(state.prompt == nil)
    }
}

@Suite struct `Lists` {
    private let now = SampleMarket.afternoon

    @Test func `sort by any figure, what is missing last`() throws {
        var state = ScreenCase.live.make().state
        state.resort(SortOrder(column: .zScore), now)
        #expect(state.rows == ["NVDA", "AAPL", "TSLA", "AMZN", "MSFT"])
        state.snapshot.tickers[4].figures.volumeZScore = nil
        state.arrange(now)
        #expect(state.rows == ["NVDA", "AAPL", "AMZN", "MSFT", "TSLA"])
        state.resort(SortOrder(column: .price, isReversed: true), now)
        #expect(state.rows.last == "MSFT")
    }

    @Test func `show one group of tickers at a time`() throws {
        var options = ScreenState.sample().options
        options.groups = [
            WatchlistGroup(name: "chips", symbols: ["NVDA", "AMD"]),
            WatchlistGroup(name: "cars", symbols: ["TSLA"]),
        ]
        var state = ScreenState(options: options)
        state.feed(SampleMarket())
        state.press([.character("w")])
        #expect(state.rows == ["NVDA", "AMD"])
        #expect(state.selection == "NVDA")
        #expect(state.picture(200, 50).plainText.contains("WATCH chips (2)"))
        state.press([.character("w")])
        #expect(state.rows == ["TSLA"])
        state.press([.character("w")])
        #expect(state.rows.count == 5)
        state.press([.character("W")])
        #expect(state.choices.group == "cars")
        // Going to a ticker outside the group leaves the group.
        state.jump(to: "AAPL", now)
        #expect(state.choices.group == nil && state.selection == "AAPL")
    }

    @Test func `scroll to their last row and no further, whichever pane`() {
        for pane in PaneID.allCases {
            var state = ScreenCase.live.make().state
            state.press([.character(Character(String(pane.rawValue)))])
            state.press(Array(repeating: .character("j"), count: 200))
            let end = state
            state.press([.character("j")])
            #expect(state.scrolls == end.scrolls && state.selection == end.selection, "\(pane)")
            #expect(state.episodeCursor == end.episodeCursor)
            state.press([.character("k")])
            let moved =
                state.scrolls != end.scrolls || state.selection != end.selection
                || state.episodeCursor != end.episodeCursor
            #expect(moved, "\(pane)")
        }
    }

    @Test func `bring columns without room into sight`() {
        var state = ScreenCase.live.make().state
        state.press([.character("3")])
        #expect(!state.picture(60, 16).plainText.contains("SPRD bp"))
        state.press([.character("z")] + Array(repeating: .character(">"), count: 4))
        #expect(state.picture(60, 16).plainText.contains("SPRD bp"))
    }
}

@Suite struct `The layout` {
    private let screen = GridSize(columns: 200, rows: 50)

    @Test(arguments: LayoutPreset.allCases) func `has a place for every pane`(
        _ preset: LayoutPreset
    ) {
        for size in [(200, 50), (120, 40), (80, 24), (60, 16)] {
            for shift in [-30, 0, 30] {
                let layout = Layout(
                    preset: preset, shift: LayoutShift(columns: shift, rows: shift), tickers: 5)
                let body = Rect(x: 0, y: 1, width: size.0, height: size.1 - 2)
                let places = layout.places(
                    in: body, screen: GridSize(columns: size.0, rows: size.1),
                    fronts: PaneID.allCases, zoomed: nil)
                #expect(
                    Set(places.flatMap(\.panes)) == Set(PaneID.allCases), "\(preset) \(size)")
                for place in places {
                    #expect(place.rect.intersection(body) == place.rect)
                    #expect(place.rect.height >= 3 && place.rect.width >= 8, "\(preset) \(place)")
                }
            }
        }
    }

    @Test func `moves its borders by keys, each preset its own`() {
        var state = ScreenCase.live.make().state
        state.size = screen
        func chartWidth() -> Int {
            let look = Look(theme: .mono, capabilities: Capabilities(colorDepth: ColorDepth.none))
            return Scene(state: state, look: look, now: SampleMarket.afternoon).places(screen)
                .first { $0.panes.contains(.chart) }?.rect.width ?? 0
        }
        let before = chartWidth()
        state.press([.character("H"), .character("H")])
        #expect(chartWidth() == before + 8)
        state.press([.character("p")])
        #expect(state.choices.layout == .chart && state.layoutShift == LayoutShift())
        state.press([.character("P")])
        #expect(chartWidth() == before + 8)
        _ = state.run("reset_layout", SampleMarket.afternoon)
        #expect(chartWidth() == before)
    }

    @Test func `puts the focused pane in front wherever it is`() {
        for preset in LayoutPreset.allCases {
            var state = ScreenCase.live.make().state
            state.choices.layout = preset
            for pane in PaneID.allCases {
                state.press([.character(Character(String(pane.rawValue)))])
                let text = state.picture(120, 40).plainText
                #expect(text.contains("\(pane.rawValue) \(pane.title)"), "\(preset) \(pane)")
            }
        }
    }
}
