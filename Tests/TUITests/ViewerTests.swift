import Engine
import MarketModel
import Testing

@testable import TUI

@Suite struct `A viewer's screen` {
    @Test func `says why there are no trades to list`() {
        var (state, now) = ScreenCase.drill.make()
        state.tape = nil
        #expect(state.picture(160, 50, now: now).plainText.contains("no stored trades yet"))
        state.status.isViewer = true
        let text = state.picture(160, 50, now: now).plainText
        #expect(text.contains("a viewer is told no single trades"))
        #expect(text.contains("attach to an engine"))
    }

    @Test func `says who counts what was received`() {
        var (state, now) = ScreenCase.pipeline.make()
        state.status.isViewer = true
        let text = state.picture(120, 40, now: now).plainText
        #expect(text.contains("5 tickers as engines tell them"))
        #expect(text.contains("engines count it"))
    }
}
