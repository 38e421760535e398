import Engine
import MarketModel
import TestSupport
import Testing

@testable import TUI

@Suite struct `News on the screen` {
    private let market = SampleMarket()

    /// The lines of a screen large enough for every pane.
    private func lines(_ change: (inout MarketSnapshot, inout PipelineStatus) -> Void) -> [String] {
        var state = ScreenState.sample()
        var (snapshot, status) = (market.snapshot(), market.status())
        change(&snapshot, &status)
        _ = update(&state, .market(snapshot, status), now: market.now)
        return state.picture(200, 50).plainText.split(separator: "\n").map(String.init)
    }

    @Test func `marks a headline that came with much volume`() throws {
        let plain = lines { _, _ in }
        let marked = lines { snapshot, _ in
            snapshot.articles[1].correlation = NewsCorrelation(strength: .strong, volumeZScore: 4)
            snapshot.articles[2].correlation = NewsCorrelation(strength: .moderate, volumeZScore: 4)
        }
        let changed = zip(plain, marked).filter { $0 != $1 }
        #expect(changed.count == 1)
        let line = try #require(changed.first?.1)
        #expect(line.contains("TSLA  !-0.42"))
    }

    @Test func `says how the asking for news stands, when somebody is asked`() {
        func line(_ state: FeedState) -> String? {
            let lines = lines { _, status in
                var news = NewsStatus(provider: "finnhub")
                news.articles = 1234
                news.errors = 3
                news.lastPollAt = market.now.advanced(by: .seconds(-12))
                news.state = state
                status.news = news
            }
            return lines.first { $0.contains("finnhub") }
        }
        #expect(!lines { _, _ in }.contains { $0.contains("finnhub") })
        #expect(line(.live)?.contains("finnhub 1,234 · 12s ago · 3 errors") == true)
        #expect(line(.disconnected(reason: "x", retryAt: nil))?.contains("WAITS") == true)
        #expect(line(.refused(reason: "x", remedy: "y"))?.contains("REFUSED") == true)
    }
}
