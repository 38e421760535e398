import MarketModel
import Testing

@testable import TUI

@Suite struct `Chart lines` {
    @Test func `of an exponential mean begin at the mean of its first closes`() {
        let closes: [Double?] = [1, 2, nil, 3, 4, 5]
        #expect(ChartLines.ema(closes, period: 3) == [nil, nil, nil, 2, 3, 4])
    }

    @Test func `of Bollinger lie two deviations around the mean of twenty`() throws {
        let closes: [Double?] = (0..<21).map { $0 % 2 == 0 ? 10 : 12 }
        let bands = ChartLines.bollinger(closes)
        #expect(bands.upper[18] == nil)
        #expect(try #require(bands.upper[19]) == 13)
        #expect(try #require(bands.lower[20]) == 9)
    }

    /// The example that most texts on it print.
    @Test func `of relative strength are Wilder's`() throws {
        let closes: [Double?] = [
            44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.10, 45.42, 45.84, 46.08, 45.89, 46.03,
            45.61, 46.28, 46.28, 46.00,
        ]
        let rsi = ChartLines.rsi(closes)
        #expect(rsi[13] == nil)
        #expect((try #require(rsi[14]) - 100 * 3.34 / 4.74).magnitude < 1e-9)
        let next = 100 * (3.34 * 13) / (3.34 * 13 + 1.40 * 13 + 0.28 * 14)
        #expect((try #require(rsi[15]) - next).magnitude < 1e-9)
        #expect(ChartLines.rsi(Array(repeating: 5, count: 20))[19] == 0)
    }

    @Test func `of convergence are the fast mean less the slow one`() throws {
        let closes: [Double?] = (0..<60).map { Double($0) }
        let lines = ChartLines.macd(closes)
        #expect(lines.macd[24] == nil)
        // On a straight line each mean lags by half its period.
        #expect((try #require(lines.macd[40]) - 7).magnitude < 1e-9)
        #expect(lines.signal[32] == nil)
        #expect((try #require(lines.signal[50]) - 7).magnitude < 1e-9)
    }
}

@Suite struct `The features pane` {
    @Test func `shows how each figure went, where there is room`() throws {
        var state = ScreenCase.live.make().state
        state.press([.character("4"), .character("z")])
        let now = SampleMarket.afternoon
        #expect(
            update(&state, .tick, now: now.advanced(by: .seconds(3)))
                .contains(.ask(.features("AAPL"))))
        var vector = try #require(state.snapshot.ticker("AAPL")?.features)
        let history = (0..<40).map { step in
            vector.volumeZScore = Double(step % 8)
            return vector
        }
        _ = update(&state, .answer(.features("AAPL", history)), now: now)
        let row =
            state.picture(120, 40).plainText.split(separator: "\n")
            .first { $0.contains("volume_zscore") } ?? ""
        #expect(row.contains("█▇▆▅▄▃▂▁"), "\(row)")
        #expect(!state.picture(80, 24).plainText.contains("█▇▆▅▄▃▂▁"))
    }
}

@Suite struct `A chart on the screen` {
    private let now = SampleMarket.afternoon

    private func zoomed(_ keys: [Key]) -> ScreenState {
        var state = ScreenCase.live.make().state
        state.press([.character("2"), .character("z")] + keys)
        return state
    }

    @Test func `shows the lines that are switched on`() {
        let text = zoomed("iebrm".map { .character($0) } + [.escape]).picture(120, 40).plainText
        for name in ["EMA20", "BB", "RSI", "MACD", "VWAP"] {
            #expect(text.contains(name), "\(name)")
        }
        let bare = zoomed([.character("i"), .character("v"), .escape]).picture(120, 40).plainText
        #expect(!bare.contains("VWAP"))
    }

    @Test func `tells the values of the bar under the crosshair`() throws {
        var state = zoomed([.character("x")] + Array(repeating: .left, count: 7))
        let bars = try #require(state.series).bars
        let bar = bars[bars.count - 8]
        let close = NumberText.price(bar.close, places: 2)
        let head = state.picture(120, 40).plainText.split(separator: "\n")[2]
        #expect(head.contains("C \(close)"), "\(head)")
        state.press([.right, .right])
        #expect(state.crosshair == 5)
        state.press([.escape])
        #expect(state.crosshair == nil)
        #expect(state.isZoomed)
    }

    @Test func `follows a crosshair beyond its left edge`() throws {
        let state = zoomed([.character("x")] + Array(repeating: .left, count: 150))
        let bars = try #require(state.series).bars
        let bar = bars[bars.count - 151]
        let close = NumberText.price(bar.close, places: 2)
        #expect(state.picture(120, 40).plainText.contains("C \(close)"))
    }

    @Test func `widens its bars by plus and narrows them by minus`() {
        let state = zoomed([.character("+")])
        #expect(state.choices.barStep == 4)
        #expect(state.picture(120, 40).plainText.contains("███"))
        #expect(zoomed([.character("-")]).choices.barStep == 1)
        #expect(zoomed(Array(repeating: .character("-"), count: 9)).choices.barStep == 1)
    }

    @Test func `marks when anomalies began and headlines came`() {
        let picture = zoomed([]).picture(120, 40)
        let marks =
            picture.plainText.split(separator: "\n").first { $0.contains("! s ● news") } ?? ""
        // AAPL: a headline 36 minutes ago and a crossed market 29 minutes ago.
        #expect(marks.prefix(100).contains("!"))
        #expect(marks.prefix(100).contains("●"))
    }

    @Test func `gives the parts below the price room only when there is some`() {
        let all = Set(ChartIndicator.allCases)
        for height in 1...60 {
            let parts = ChartParts(height: height, indicators: all)
            let sum = parts.plot + parts.volume + parts.rsi + parts.macd + parts.marks + 2
            #expect(sum == max(height, parts.volume + 3), "\(height)")
            #expect(height < 16 || parts.rsi > 0)
            #expect(height < 16 || parts.plot >= height / 3, "\(height)")
        }
    }
}
