import Foundation
import MarketModel
import Testing

@testable import TUI

@Suite struct `Choices on the screen` {
    private let now = SampleMarket.afternoon

    private func path() -> String {
        FileManager.default.temporaryDirectory
            .appending(path: "ticktop-\(UUID().uuidString)/screen.json")
            .path(percentEncoded: false)
    }

    @Test func `come back at the next start`() throws {
        let path = path()
        defer {
            try? FileManager.default.removeItem(
                atPath: (path as NSString).deletingLastPathComponent)
        }
        var options = ScreenState.sample().options
        options.choicesPath = path
        var state = ScreenState(options: options)
        state.feed(SampleMarket())
        state.press([
            .character("s"), .character("]"), .character("p"), .character("L"), .character("c"),
            .character("t"), .character("b"), .character("f"), .character("T"), .character("j"),
            .enter,
        ])
        let commands = update(&state, .tick, now: now.advanced(by: .seconds(5)))
        let saved = commands.compactMap { if case .save(let choices) = $0 { choices } else { nil } }
        try #require(saved.count == 1)
        try saved[0].write(to: path)
        options.choices = ScreenChoices.read(path)
        let next = ScreenState(options: options)
        #expect(next.choices == state.choices)
        #expect(next.sort.column == .changePercent)
        #expect(next.interval == .fiveMinutes)
        #expect(next.choices.layout == .chart)
        #expect(next.layoutShift.columns == 2)
        #expect(next.clockZone == .local)
        #expect(next.theme.name == "mono")
        #expect(next.choices.episodeFilter.state == .unacknowledged)
        #expect(
            !update(&state, .tick, now: now.advanced(by: .seconds(9))).contains {
                if case .save = $0 { true } else { false }
            })
    }

    @Test func `are the standard where the file is broken or missing`() throws {
        let path = path()
        #expect(ScreenChoices.read(path) == ScreenChoices())
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "{\"layout\":".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(ScreenChoices.read(path) == ScreenChoices())
    }

    @Test func `of a theme are seen at once and kept only by Enter`() {
        var state = ScreenCase.live.make().state
        state.press([.character("T"), .character("j")])
        #expect(state.theme.name == "mono")
        state.press([.escape])
        #expect(state.theme.name == "default")
        #expect(state.choices.theme == nil)
        state.press([.character("T"), .character("j"), .enter])
        #expect(state.choices.theme == "mono")
    }

    @Test func `of a theme survive its file being read again`() {
        var state = ScreenCase.live.make().state
        state.press([.character("T"), .character("j"), .enter])
        let news = ConfigurationNews.themes([.mono, .terminal])
        _ = update(&state, .answer(.configuration(news)), now: now)
        #expect(state.theme.name == "mono")
        let trouble = ConfigurationNews.trouble("dusk.toml:3:1: no")
        _ = update(&state, .answer(.configuration(trouble)), now: now)
        #expect(state.configurationTrouble == "dusk.toml:3:1: no")
        #expect(state.theme.name == "mono")
    }
}

@Suite struct `A configuration read again` {
    private let now = SampleMarket.afternoon

    @Test func `changes keys, groups, mouse and theme, and says what it is about`() throws {
        var state = ScreenCase.live.make().state
        var options = state.options
        options.keyMap = try KeyMap([KeyMap.Change("zoom", ["Q"])])
        options.groups = [WatchlistGroup(name: "one", symbols: ["NVDA"])]
        options.themeName = "mono"
        options.mouseIsOn.toggle()
        options.tickers = ["AMD"]
        let news = ConfigurationNews.options(options, note: "configuration read again")
        let commands = update(&state, .answer(.configuration(news)), now: now)
        #expect(commands == [.mouse(options.mouseIsOn)])
        #expect(state.theme.name == "mono")
        #expect(state.message?.text.text == "configuration read again")
        let symbols = state.rows
        #expect(!symbols.isEmpty && !symbols.contains("AMD"))
        state.press([.character("Q")])
        #expect(state.isZoomed)
        state.press([.character("w")])
        #expect(state.rows == ["NVDA"])
    }

    @Test func `with a mistake says so in a bar until it is mended`() {
        var state = ScreenCase.live.make().state
        let trouble = ConfigurationNews.trouble(
            "config.toml:14:9: update_hz: expected 1..60, got 0")
        _ = update(&state, .answer(.configuration(trouble)), now: now)
        func screen() -> String { state.picture(120, 40, now: now).plainText }
        #expect(screen().contains("config.toml:14:9: update_hz: expected 1..60, got 0 · what was"))
        let mended = ConfigurationNews.options(state.options, note: "configuration read again")
        _ = update(&state, .answer(.configuration(mended)), now: now)
        #expect(!screen().contains("config.toml:14:9"))
    }

    @Test func `is asked for by its command, and once a second`() {
        var state = ScreenCase.live.make().state
        let asked = ScreenCommand.ask(.configuration(isAsked: true))
        #expect(
            !state.press([.character(":")] + "reload".map { Key.character($0) } + [.enter])
                .contains(asked))
        #expect(state.message?.text.text == "nothing to read again")
        var options = state.options
        options.reread = { _ in .unchanged }
        state = ScreenState(options: options)
        #expect(
            state.press([.character(":")] + "reload".map { Key.character($0) } + [.enter])
                .contains(asked))
        let ticks = update(&state, .tick, now: now)
        #expect(ticks.contains(.ask(.configuration(isAsked: false))))
        #expect(!update(&state, .tick, now: now).contains(.ask(.configuration(isAsked: false))))
    }
}

@Suite struct `The pipeline's pulse` {
    @Test func `keeps ten minutes, a sample a second`() {
        var pulse = PipelinePulse()
        var status = SampleMarket().status()
        let start = SampleMarket.afternoon
        for tenth in 0..<10_000 {
            status.receivedPerSecond = Double(tenth / 10)
            pulse.take(status, start.advanced(by: .milliseconds(tenth * 100)))
        }
        #expect(pulse.samples.count == 600)
        #expect(pulse.samples.last?.perSecond == 999)
        #expect(pulse.samples.first?.perSecond == 400)
        let places = pulse.series(60) { $0.perSecond }
        #expect(places.count == 60)
        #expect(places.last == 999)
        #expect(places.first == 409)
    }

    @Test func `has no lag where nothing was measured`() {
        var pulse = PipelinePulse()
        var status = SampleMarket().status()
        status.receiveToApplied.count = 0
        pulse.take(status, SampleMarket.afternoon)
        #expect(pulse.samples[0].lag == nil)
    }
}

@Suite struct `The clock` {
    private let noon = Timestamp(milliseconds: 1_767_382_312_400)

    @Test func `reads exchange time or UTC`() {
        #expect(ClockText(zone: .exchange).time(noon) == "14:31:52")
        #expect(ClockText(zone: .exchange).name(at: noon) == "ET")
        #expect(ClockText(zone: .utc).time(noon) == "19:31:52")
        #expect(ClockText(zone: .utc).name(at: noon) == "UTC")
    }

    @Test func `is shown in the zone that was chosen, everywhere`() {
        var state = ScreenCase.live.make().state
        _ = state.run("clock utc", SampleMarket.afternoon)
        let text = state.picture(200, 50).plainText
        #expect(text.contains("19:31:52 UTC"))
        #expect(!text.contains("14:31"))
    }
}
