import Engine
import MarketModel
import Testing

@testable import TUI

@Suite struct `The replay's controls` {
    private let now = SampleMarket.afternoon

    /// A replay at 14:31:52 in New York that takes orders.
    private func replay(isPaused: Bool = false, feed: FeedState = .live) -> ScreenState {
        var options = ScreenState.sample().options
        options.controls.replay = { _ in }
        var state = ScreenState(options: options)
        let market = SampleMarket()
        var status = market.status()
        status.label = .replay
        status.feed = feed
        var replay = ReplayStatus(speed: 1)
        replay.isPaused = isPaused
        status.replay = replay
        _ = update(&state, .market(market.snapshot(), status), now: now)
        return state
    }

    private func run(_ line: String, _ state: inout ScreenState) -> [ScreenCommand] {
        state.press([.character(":")] + line.map { .character($0) } + [.enter], now)
            .filter { if case .replay = $0 { true } else { false } }
    }

    @Test func `pause, step and change the speed by keys`() {
        var state = replay()
        #expect(state.press([.character(" ")]) == [.replay(.pause)])
        #expect(state.frozen == nil)
        #expect(state.press([.character(".")]) == [.replay(.step)])
        #expect(state.press([.character("}")]) == [.replay(.speed(2))])
        #expect(state.press([.character("{")]) == [.replay(.speed(0.5))])
    }

    @Test func `take speeds, times, distances and anomalies by name`() throws {
        var state = replay()
        #expect(run("speed 60", &state) == [.replay(.speed(60))])
        #expect(run("speed max", &state) == [.replay(.speed(nil))])
        #expect(run("speed -1", &state).isEmpty)
        // 14:31:52.4 in New York is 19:31:52.4 UTC in January.
        let opening = Timestamp(seconds: now.secondsFloor - 5 * 3600 - 112)
        #expect(run("goto 09:30", &state) == [.replay(.goTo(opening))])
        #expect(run("goto 2026-01-02 09:30:00", &state) == [.replay(.goTo(opening))])
        #expect(
            run("goto -5m", &state) == [.replay(.goTo(now.advanced(by: .seconds(-300))))])
        #expect(run("goto anomaly", &state) == [.replay(.nextAnomaly)])
        let newest = try #require(state.selectedEpisode).episode
        #expect(run("goto selected", &state) == [.replay(.goTo(newest.firstAt))])
        #expect(run("goto TSLA", &state).isEmpty)
        #expect(state.selection == "TSLA")
    }

    @Test func `say so where there is nothing to control`() {
        var live = ScreenCase.live.make().state
        for key: Key in [.character("."), .character("}"), .character("R")] {
            #expect(live.press([key]).isEmpty)
            #expect(live.message != nil)
        }
        var ended = replay(feed: .ended)
        #expect(ended.press([.character(".")]).isEmpty)
        #expect(ended.message?.text.text.contains("has ended") == true)
        // What has ended can still be looked at without it changing, and gone back in.
        ended.press([.character(" ")])
        #expect(ended.frozen != nil)
        #expect(run("goto -1h", &ended).count == 1)
    }

    @Test func `show the position, and that it is paused`() {
        let running = replay().picture(120, 40, now: now).plainText
        #expect(running.contains("REPLAY") && running.contains("1x 0%"))
        let paused = replay(isPaused: true).picture(120, 40, now: now).plainText
        #expect(paused.contains("PAUSED at 01-02 14:31:52 ET"))
    }

    @Test func `leave nothing on the screen of what lies ahead again`() throws {
        var state = replay()
        state.answer(SampleMarket())
        #expect(state.series?.bars.isEmpty == false && !state.episodes.readings.isEmpty)
        var before = MarketSnapshot(takenAt: now.advanced(by: .seconds(-600)))
        before.position = .start
        _ = update(&state, .market(before, state.status), now: now)
        #expect(state.episodes.readings.isEmpty && state.articles.isEmpty)
        #expect(state.series?.bars.isEmpty != false && state.flashes.isEmpty)
    }
}

@Suite struct `A moment that is typed` {
    private let noon = Timestamp(seconds: 1_767_355_200)  // 2026-01-02 12:00:00 UTC.

    @Test(arguments: [
        ("14:32", 1_767_364_320), ("0:00:07", 1_767_312_007), ("+90s", 1_767_355_290),
        ("-2h", 1_767_348_000), ("2025-12-31 23:59:59", 1_767_225_599),
    ])
    func `is found`(_ text: String, _ seconds: Int64) {
        #expect(
            ClockText(zone: .utc).moment(text, near: noon) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        "", "12", "24:00", "12:60", "1:2:3:4", "-5", "+s", "-99999999h", "2026-02-30 12:00", "NVDA",
        "a:b", "2026-01-02", "- 5m",
    ])
    func `is none`(_ text: String) {
        #expect(ClockText(zone: .utc).moment(text, near: noon) == nil)
    }
}

@Suite struct `A recording` {
    @Test func `is switched on and off by name, and shown while it runs`() {
        var options = ScreenState.sample().options
        options.controls.record = { _ in "" }
        var state = ScreenState(options: options)
        let now = SampleMarket.afternoon
        func run(_ line: String) -> [ScreenCommand] {
            state.press([.character(":")] + line.map { .character($0) } + [.enter], now)
        }
        #expect(run("record on") == [.record(true)])
        #expect(run("record off") == [.record(false)])
        #expect(run("record") == [.record(true)])
        var status = SampleMarket().status()
        status.recording = RecordingStatus(path: "/tmp/r", startedAt: now)
        _ = update(&state, .market(SampleMarket().snapshot(), status), now: now)
        #expect(run("record") == [.record(false)])
        #expect(state.picture(120, 40, now: now).plainText.contains("REC "))
    }

    @Test func `is none of a replay`() {
        var state = ScreenCase.replay.make().state
        let keys = [Key.character(":")] + "record on".map { Key.character($0) } + [.enter]
        #expect(state.press(keys).isEmpty)
        #expect(state.message?.text.text == "a replay is a recording already")
    }
}

@Suite struct `The settings` {
    @Test func `switch what the cursor is on, and close`() {
        var state = ScreenCase.settings.make().state
        #expect(state.overlay == .settings(at: 1))
        state.press([.up, .enter])
        #expect(state.choices.layout == .chart)
        state.press([.left])
        #expect(state.choices.layout == .desk)
        state.press([.end])
        #expect(state.press([.enter]) == [.mouse(true)])
        #expect(state.overlay != nil)
        state.press([.escape])
        #expect(state.overlay == nil)
    }
}

@Suite struct `A slow terminal` {
    @Test func `gets the next frame when it has shown the last`() {
        var link = TerminalLink()
        var asked = [link.sends(cells: nil, at: 0)]
        #expect(link.isReady(at: 0))
        link.answered(at: 5_000_000)
        asked.append(link.sends(cells: 3000, at: 10_000_000))
        #expect(!link.isReady(at: 20_000_000))
        link.answered(at: 1_510_000_000)
        #expect(link.isReady(at: 1_510_000_000))
        #expect(link.lag == .milliseconds(1500))
        // Smaller ones may follow each other on a long, fast link.
        for _ in 0..<3 {
            asked.append(link.sends(cells: 50, at: 2_000_000_000))
            #expect(link.isReady(at: 2_000_000_000))
        }
        asked.append(link.sends(cells: 50, at: 2_000_000_000))
        #expect(!link.isReady(at: 2_000_000_000))
        #expect(asked == Array(repeating: true, count: 6))
    }

    @Test func `is asked seldom while it answers at once, and often when it no longer does`() {
        var link = TerminalLink()
        _ = link.sends(cells: nil, at: 0)
        link.answered(at: 1_000_000)
        var asked = 0
        for frame in 1...20 where link.sends(cells: 150, at: Int64(frame) * 100_000_000) {
            asked += 1
            link.answered(at: Int64(frame) * 100_000_000 + 1_000_000)
        }
        #expect(asked == 6)
        while !link.sends(cells: 150, at: 3_000_000_000) {}
        link.answered(at: 3_400_000_000)
        let isAskedAgain = link.sends(cells: 150, at: 4_000_000_000)
        #expect(isAskedAgain)
    }

    @Test func `is not asked behind every clock's tick`() {
        var link = TerminalLink()
        _ = link.sends(cells: nil, at: 0)
        link.answered(at: 100_000_000)
        let asked = (0..<20).map { link.sends(cells: 4, at: 200_000_000 + $0) }
        #expect(asked.filter { $0 }.count == 1)
    }

    @Test func `that never answers is asked once and written to at once`() {
        var link = TerminalLink()
        let asked = (0..<50).map { frame in
            let now = Int64(frame) * 100_000_000
            let isReady = link.isReady(at: now)
            return (isReady, link.sends(cells: 5000, at: now))
        }
        #expect(asked.allSatisfy { $0.0 })
        #expect(asked.filter { $0.1 }.count == 1)
    }

    @Test func `that stops answering is not waited for longer than ten seconds`() {
        var link = TerminalLink()
        _ = link.sends(cells: nil, at: 0)
        link.answered(at: 1)
        _ = link.sends(cells: 5000, at: 2)
        #expect(!link.isReady(at: 9_000_000_000))
        #expect(link.isReady(at: 10_100_000_000))
        _ = link.sends(cells: 5000, at: 10_100_000_000)
        #expect(link.isReady(at: 10_200_000_000))
    }
}
