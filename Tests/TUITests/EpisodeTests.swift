import Engine
import MarketModel
import TestSupport
import Testing

@testable import TUI

@Suite struct `Anomalies on the screen` {
    private let now = SampleMarket.afternoon
    private var state: ScreenState { ScreenCase.live.make().state }

    private func asked(_ commands: [ScreenCommand]) -> [String] {
        commands.compactMap {
            if case .ask(.acknowledge(let id, let note)) = $0 { "\(id) \(note)" } else { nil }
        }
    }

    @Test func `are acknowledged with a note`() throws {
        var state = state
        let id = try #require(state.episodes.readings.first).episode.id
        let commands = state.press(
            [.character("5"), .character("n")] + "seen it".map { .character($0) } + [.enter])
        #expect(asked(commands) == ["\(id) seen it"])
        #expect(state.episodes.readings[0].acknowledgement?.note == "seen it")
        var other = self.state
        #expect(
            asked(other.press([.character("5"), .character("n"), .character("x"), .escape])).isEmpty
        )
    }

    @Test func `name their keys at the bottom of their zoomed list`() {
        var state = state
        state.press([.character("5"), .character("z")])
        let bottom = state.picture(120, 40).plainText.split(separator: "\n").last ?? ""
        for hint in ["a ack", "n note", "A all", "u undo"] { #expect(bottom.contains(hint)) }
        #expect(!bottom.contains("cross"))
    }

    @Test func `ring once each, and not for what was there before anybody looked`() {
        var market = SampleMarket()
        var state = ScreenState.sample()
        func rings() -> Bool {
            market.now = market.now.advanced(by: .milliseconds(100))
            let commands = update(
                &state, .market(market.snapshot(), market.status()), now: market.now)
            return commands.contains { if case .ring = $0 { true } else { false } }
        }
        state.choices.bell = true
        #expect(!rings())
        var old = market.episodes()[0]
        old.id = "velocity-TSLA-0.1.0"
        let stored = EpisodeReading(episode: old, acknowledgement: nil)
        _ = update(&state, .answer(.episodes([stored])), now: market.now)
        #expect(!rings())
        #expect(!rings())
        var new = old
        new.id = "velocity-TSLA-0.2.0"
        let both = [stored, EpisodeReading(episode: new, acknowledgement: nil)]
        _ = update(&state, .answer(.episodes(both)), now: market.now)
        #expect(rings())
        #expect(!rings())
    }

    @Test func `of which only some go on are joined as if all were new`() {
        var random = SeededRandom(seed: 7)
        var episodes = SampleMarket().episodes()
        let acknowledgement = Acknowledgement(
            episodeID: episodes[1].id, by: "trader", at: now, note: "", severity: .critical)
        var stored = episodes.map { EpisodeReading(episode: $0, acknowledgement: nil) }
        stored[1].acknowledgement = acknowledgement
        var list = EpisodeList()
        list.take(stored: stored)
        for step in 0..<200 {
            let index = Int.random(in: episodes.indices, using: &random)
            if step % 20 == 19 {
                episodes[index].id += "'"
                episodes[index].firstAt = episodes[index].firstAt.advanced(by: .seconds(step))
            }
            episodes[index].hits += 1
            episodes[index].position = LogPosition(epoch: 0, offset: 998_500 + Int64(step) * 10)
            let version = list.version
            list.take(live: episodes)
            #expect(list.version > version)
            list.take(live: episodes)
            var whole = EpisodeList()
            whole.take(stored: stored)
            whole.take(live: episodes)
            #expect(list.readings == whole.readings, "step \(step)")
        }
    }

    @Test func `are acknowledged all at once, only after a yes`() {
        var state = state
        let count = state.visibleEpisodes.count { !$0.isAcknowledged }
        #expect(asked(state.press([.character("A"), .character("n")])).isEmpty)
        #expect(state.overlay == nil)
        #expect(asked(state.press([.character("A"), .character("y")])).count == count)
        #expect(state.episodes.unacknowledgedCount(now) == 0)
    }

    @Test func `of the filter's only are acknowledged together`() {
        var state = state
        _ = state.run("anomaly_severity high", now)
        let ids = state.visibleEpisodes.map(\.episode.id)
        #expect(ids.count == 3)
        let commands = state.press([.character("A"), .character("y")])
        #expect(asked(commands).count == 3)
        _ = state.run("anomaly_severity low", now)
        #expect(state.visibleEpisodes.count { !$0.isAcknowledged } == 2)
    }

    @Test func `are filtered by state, severity and kind`() {
        var state = state
        state.press([.character("5"), .character("f"), .character("f")])
        #expect(state.choices.episodeFilter.state == .open)
        #expect(state.visibleEpisodes.allSatisfy { $0.episode.isOpen })
        _ = state.run("anomaly_kind velocity", now)
        #expect(state.visibleEpisodes.map(\.episode.kind) == [.velocity])
        #expect(state.picture(120, 40).plainText.contains("[open velocity]"))
        state.press([.escape])
        #expect(state.choices.episodeFilter.isEmpty)
        #expect(state.run("anomaly_kind boredom", now).isEmpty)
        #expect(state.message?.isBad == true)
    }

    @Test func `are told in full, with the figures that moved them`() {
        let (state, now) = ScreenCase.anomaly.make()
        let text = state.picture(120, 40, now: now).plainText
        #expect(text.contains("3.8x the mean of 20 min"))
        #expect(text.contains("AT THE WORST MOMENT"))
        #expect(text.contains("volume_zscore"))
        #expect(text.contains("▲ 14:30:12"))
        var next = state
        next.press([.enter])
        #expect(next.overlay == nil && next.drill == "NVDA")
    }

    @Test func `ring once each, and only when the bell is on`() {
        var state = state
        var market = SampleMarket()
        #expect(update(&state, .tick, now: now).filter { $0 == .ring }.isEmpty)
        func next(_ id: String) -> [ScreenCommand] {
            market.now = market.now.advanced(by: .seconds(1))
            var snapshot = market.snapshot()
            snapshot.episodes = state.snapshot.episodes
            var episode = snapshot.episodes[0]
            episode.id = id
            snapshot.episodes.insert(episode, at: 0)
            return update(&state, .market(snapshot, market.status()), now: market.now)
                .filter { $0 == .ring }
        }
        #expect(next("a").isEmpty)
        state.press([.character("b")], market.now)
        #expect(next("b") == [.ring])
        #expect(next("b").isEmpty)
    }
}

@Suite struct `The mouse` {
    private func state(_ columns: Int = 120, _ rows: Int = 40) -> ScreenState {
        var state = ScreenCase.live.make().state
        state.size = GridSize(columns: columns, rows: rows)
        state.mouseIsOn = true
        return state
    }

    /// Where a text stands on the screen.
    private func find(_ text: String, in state: ScreenState) throws -> (column: Int, row: Int) {
        let picture = state.picture(state.size.columns, state.size.rows)
        let lines = picture.plainText.split(separator: "\n", omittingEmptySubsequences: false)
        let row = try #require(lines.firstIndex { $0.contains(text) })
        let range = try #require(lines[row].range(of: text))
        return (lines[row].distance(from: lines[row].startIndex, to: range.lowerBound), row)
    }

    private func click(_ text: String, in state: inout ScreenState) throws -> [ScreenCommand] {
        let place = try find(text, in: state)
        return state.press([.mouse(MousePress(.left, column: place.column, row: place.row))])
    }

    @Test func `selects a row, and drills in on the second click`() throws {
        var state = state()
        _ = try click("MSFT", in: &state)
        #expect(state.selection == "MSFT" && state.focus == .quotes)
        _ = try click("▸ MSFT", in: &state)
        #expect(state.drill == "MSFT")
        _ = state.press([.mouse(MousePress(.right, column: 3, row: 3))])
        #expect(state.drill == nil)
    }

    @Test func `focuses a pane, chooses its tab, and sorts by a head`() throws {
        var state = state()
        _ = try click("5 ANOMALIES", in: &state)
        #expect(state.focus == .anomalies)
        _ = try click("4feat", in: &state)
        #expect(state.focus == .features)
        _ = try click("CHG%", in: &state)
        #expect(state.sort == SortOrder(column: .changePercent))
        _ = try click("CHG%", in: &state)
        #expect(state.sort == SortOrder(column: .changePercent, isReversed: true))
    }

    @Test func `scrolls what is under it`() throws {
        var state = state()
        let place = try find("velocity", in: state)
        let before = state.focus
        state.press([.mouse(MousePress(.wheelDown, column: place.column, row: place.row))])
        #expect(state.selectedEpisode?.episode.id == state.visibleEpisodes[3].episode.id)
        #expect(state.focus == before)
    }

    @Test func `does nothing while it is off`() throws {
        var state = state()
        #expect(state.press([.character("m")]) == [.mouse(false)])
        _ = try click("MSFT", in: &state)
        #expect(state.selection == "AAPL")
    }
}

@Suite struct `Copying` {
    @Test func `takes the row at the cursor`() {
        var state = ScreenCase.live.make().state
        let price = state.snapshot.ticker("AAPL")?.figures.price?.description ?? ""
        guard case .copy(let text)? = state.press([.character("y")]).first else {
            Issue.record("nothing copied")
            return
        }
        #expect(text.hasPrefix("AAPL\t\(price)\t"))
        #expect(state.message?.text.text.hasPrefix("copied: AAPL") == true)
        state.press([.character("6")])
        guard case .copy(let news)? = state.press([.character("y")]).first else { return }
        #expect(news.contains("Supplier lifts"))
    }

    @Test func `goes to the terminal's clipboard, also through tmux`() throws {
        #expect(
            Clipboard.sequence("NVDA", isInsideTmux: false) == "\u{1B}]52;c;TlZEQQ==\u{7}")
        #expect(
            Clipboard.sequence("NVDA", isInsideTmux: true)
                == "\u{1B}]52;c;TlZEQQ==\u{7}"
                + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;TlZEQQ==\u{7}\u{1B}\\")
        let long = String(repeating: "x", count: 60_000)
        #expect(Clipboard.sequence(long, isInsideTmux: false) == nil)
    }
}
