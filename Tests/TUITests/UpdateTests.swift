import Engine
import MarketModel
import Testing

@testable import TUI

@Suite struct `A key press` {
    private let now = SampleMarket.afternoon
    private var state: ScreenState { ScreenCase.live.make().state }

    @Test func `sorts and leaves the cursor on its ticker`() {
        var state = state
        state.press([.character("j"), .character("j")])
        #expect(state.selection == "MSFT")
        state.press([.character("s")])
        #expect(state.sort.column == .changePercent)
        #expect(state.selection == "MSFT")
        let changes = state.rows.compactMap {
            state.snapshot.ticker($0)?.figures.changePercent
        }
        #expect(changes == changes.sorted(by: >))
        state.press([.character("S")])
        #expect(
            state.rows.last.flatMap { state.snapshot.ticker($0)?.figures.changePercent }
                == changes.first)
        #expect(state.selection == "MSFT")
    }

    @Test func `filters, plain and inverse`() {
        var state = state
        state.press([.character("/"), .character("a"), .character("m"), .enter])
        #expect(state.rows == ["AMZN"])
        #expect(state.selection == "AMZN")
        state.press([.escape])
        #expect(state.rows == SampleMarket.symbols)
        state.press([.character("/"), .character("!"), .character("a")])
        #expect(state.rows == ["MSFT"])
    }

    @Test func `closes the help, whatever the key, and does nothing else`() {
        var state = state
        for key in [Key.character("x"), .character("s"), .escape] {
            let before = state.sort
            state.press([.character("?")])
            #expect(state.overlay == .help)
            state.press([key])
            #expect(state.overlay == nil)
            #expect(state.sort == before)
        }
    }

    @Test func `acknowledges at once and asks the store`() throws {
        var state = state
        let open = try #require(state.episodes.readings.first).episode
        let before = state.episodes.unacknowledgedCount(now)
        let commands = state.press([.character("5"), .character("a")])
        #expect(commands == [.ask(.acknowledge(episodeID: open.id, note: ""))])
        #expect(state.episodes.unacknowledgedCount(now) == before - 1)
        #expect(state.episodes.readings[0].acknowledgement?.by == "trader")
        #expect(
            state.press([.character("u")]) == [.ask(.unacknowledge(episodeID: open.id))])
        #expect(state.episodes.unacknowledgedCount(now) == before)
    }

    @Test func `takes an acknowledgement back when the store refuses it`() throws {
        var state = state
        let before = state.episodes.unacknowledgedCount(now)
        state.press([.character("5"), .character("a")])
        _ = update(
            &state, .answer(.failed(what: "acknowledging", reason: "disk full")), now: now)
        #expect(state.episodes.unacknowledgedCount(now) == before)
        #expect(state.message?.text.text == "acknowledging: disk full")
    }

    @Test func `keeps an acknowledgement until the episode gets worse`() throws {
        var state = state
        state.press([.character("5"), .character("a")])
        var episode = try #require(state.episodes.readings.first).episode
        let stored = EpisodeReading(
            episode: episode,
            acknowledgement: Acknowledgement(
                episodeID: episode.id, by: "trader", at: now, note: "", severity: .high))
        _ = update(
            &state, .answer(.acknowledged(episodeID: episode.id, stored)), now: now)
        #expect(state.episodes.readings[0].isAcknowledged)
        episode.severity = .critical
        episode.position.offset += 1
        var snapshot = SampleMarket().snapshot()
        snapshot.takenAt = now.advanced(by: .seconds(1))
        snapshot.episodes[0] = episode
        _ = update(&state, .market(snapshot, state.status), now: now)
        #expect(!state.episodes.readings[0].isAcknowledged)
    }

    @Test func `freezes the picture while the market goes on`() {
        let (state, later) = ScreenCase.frozen.make()
        let live = ScreenCase.live.make().state
        let price = { (state: ScreenState) in state.painted.ticker("NVDA")?.figures.price }
        #expect(price(state) == price(live))
        #expect(state.snapshot.takenAt > state.painted.takenAt)
        #expect(state.series?.bars == live.series?.bars)
        #expect(state.episodes.readings == live.episodes.readings)
        #expect(state.picture(80, 24, now: later).plainText.contains("5,684 events since"))
    }

    @Test func `reads the bars of another ticker even while frozen`() {
        var (state, later) = ScreenCase.frozen.make()
        state.press([.character("j")], later)
        let commands = update(&state, .tick, now: later)
        #expect(commands == [.ask(.bars("NVDA", .minute, before: SampleMarket.afternoon))])
    }

    @Test func `drills in and comes back one level at a time`() {
        var state = state
        state.press([.character("z"), .enter, .character("?")])
        #expect(state.drill == "AAPL")
        state.press([.escape])
        #expect(state.overlay == nil)
        #expect(state.drill == "AAPL")
        state.press([.escape])
        #expect(state.drill == nil)
        #expect(state.isZoomed)
        state.press([.escape, .escape, .escape])
        #expect(!state.isZoomed)
    }

    @Test func `asks for the bars of the interval it chooses`() {
        var state = state
        state.press([.character("]")])
        let commands = update(&state, .tick, now: now)
        #expect(commands.contains(.ask(.bars("AAPL", .fiveMinutes, before: nil))))
        state.press([.character("["), .character("["), .character("["), .character("[")])
        #expect(state.interval == .second)
    }

    @Test func `quits by q and Ctrl-C, even while a filter is typed`() {
        var state = state
        #expect(state.press([.character("q")]) == [.quit])
        #expect(state.press([.character("/"), .control("c")]) == [.quit])
    }

    @Test func `chooses an export by its letter`() {
        var state = state
        #expect(state.press([.character("e"), .character("c")]) == [.export(.csv, nil)])
        #expect(state.press([.character("e"), .escape]).isEmpty)
        #expect(state.overlay == nil)
    }
}

@Suite struct `The chart` {
    @Test func `knows the session VWAP of earlier bars exactly`() throws {
        let bars = SampleMarket().bars("AAPL", 0, .minute, count: 60)
        let start = bars[0].start
        let volume = bars.reduce(Volume.zero) { $0 + $1.volume }
        let notional = bars.reduce(Notional.zero) { $0 + $1.notional }
        let now = try #require(notional.averagePrice(of: volume))
        // Only the later half is known, as after a restart.
        let known = Array(bars.suffix(30))
        let line = VWAPLine.values(
            bars: known[...], sessionVWAP: now, sessionVolume: volume, sessionStart: start)
        for (index, price) in line.enumerated() {
            let upTo = bars.prefix(bars.count - known.count + index + 1)
            let exact = upTo.reduce(Notional.zero) { $0 + $1.notional }
                .averagePrice(of: upTo.reduce(Volume.zero) { $0 + $1.volume })
            let error = try #require(price).asDouble - #require(exact).asDouble
            #expect(error.magnitude < 1e-6)
        }
    }

    @Test func `stays where it was panned to when bars arrive`() {
        let market = SampleMarket()
        let bars = market.bars("AAPL", 0, .minute, count: 100)
        var series = ChartSeries(symbol: "AAPL", interval: .minute)
        series.take(stored: Array(bars.prefix(90)), before: nil)
        series.pan(by: 10)
        let edge = series.bars[series.bars.count - 1 - series.pan].start
        series.take(provisional: [bars[90]])
        series.take(stored: bars, before: nil)
        #expect(series.bars[series.bars.count - 1 - series.pan].start == edge)
    }

    @Test func `shows a quiet stretch as a gap`() {
        let bars = SampleMarket().bars("AAPL", 0, .minute, count: 60)
        let slots = ChartSlots(bars: bars, interval: .minute, count: 100).slots
        #expect(slots.count { $0 == .gap } == 1)
        #expect(slots.count == bars.count + 1)
    }
}

@Suite struct `Figures as text` {
    @Test func `have the decimals of their magnitude`() {
        #expect(NumberText.places(for: "183.22") == 2)
        #expect(NumberText.places(for: "0.4312") == 4)
        #expect(NumberText.places(for: "0.000012") == 8)
        #expect(NumberText.price(nil, places: 2) == "—")
        #expect(NumberText.price("2.97", places: 2, plus: true) == "+2.97")
    }

    @Test func `are scaled, signed and grouped`() {
        #expect(NumberText.scaled(217_300_000) == "217M")
        #expect(NumberText.scaled(999_960) == "1.0M")
        #expect(NumberText.scaled(12_400) == "12.4K")
        #expect(NumberText.scaled(0.5) == "0.50")
        #expect(NumberText.fixed(-0.004, places: 2, plus: true, unit: "%") == "-0.00%")
        #expect(NumberText.fixed(0, places: 2, plus: true) == "+0.00")
        #expect(NumberText.fixed(.nan, places: 2) == "—")
        #expect(NumberText.grouped(-1_284_031) == "-1,284,031")
        #expect(NumberText.age(.milliseconds(130)) == "0.1s")
        #expect(NumberText.age(.seconds(14)) == "14s")
        #expect(NumberText.latency(.microseconds(3100)) == "3.1ms")
        #expect(NumberText.span(.seconds(5288)) == "1h28m")
        #expect(NumberText.bytes(412_300_000) == "412 MB")
    }
}
