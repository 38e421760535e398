import Dispatch
import Engine
import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import TUI

/// A screen without a terminal: keys from a list, pictures kept.
private final class PaperScreen: Screen {
    var size = GridSize(columns: 80, rows: 24)
    var keys: [Key?]
    var signals: [ScreenSignal] = []
    var shown: [CellGrid] = []
    var suspensions = 0
    var copied: [String] = []
    var mouse: [Bool] = []
    var rings = 0
    var invalidations = 0
    var isReady = true
    var lag: Duration?
    let clock: ManualClock

    init(keys: [Key?], clock: ManualClock) {
        self.keys = keys
        self.clock = clock
    }

    /// Told how many frames there have been.
    var onFrame: (Int) -> Void = { _ in }

    func show(_ grid: CellGrid) -> ShownFrame {
        shown.append(grid)
        onFrame(shown.count)
        return ShownFrame()
    }
    func copy(_ text: String) { copied.append(text) }
    func setMouse(_ isOn: Bool) { mouse.append(isOn) }
    func ring() { rings += 1 }

    func nextKey(within wait: Duration) -> Key? {
        clock.advance(by: wait)
        if wait > .zero { SystemClock.sleepThread(.milliseconds(2)) }  // The desk's thread works.
        return keys.isEmpty ? nil : keys.removeFirst()
    }

    func takeSignal() -> ScreenSignal? { signals.popLast() }
    func suspend() { suspensions += 1 }
    func invalidate() { invalidations += 1 }
    func close() {}
}

/// A store that knows the sample market.
private final class PaperHistory: MarketHistory {
    struct Full: Error, CustomStringConvertible { var description: String { "disk full" } }

    let acknowledged = Mutex<[String]>([])
    let isFull = Atomic(false)
    /// Newest first.
    let stored = Mutex<[EpisodeReading]>([])

    func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        SampleMarket().bars(symbol, 0, interval, count: 100)
    }
    func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) throws -> [StoredTrade] {
        SampleMarket().tape(symbol, 0)
    }
    func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading] {
        let found = stored.withLock { $0 }.filter { reading in
            (query.isAcknowledged ?? reading.isAcknowledged) == reading.isAcknowledged
                && reading.episode.lastAt >= query.since ?? .distantPast
        }
        return Array(found.prefix(query.limit))
    }
    func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [ScoredArticle] {
        if isFull.load(ordering: .relaxed) { throw Full() }
        return []
    }
    func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter] { [] }
    func deadLetterCount() throws -> Int { 0 }
    func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] { [] }
    func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws -> [IndicatorSignal] {
        []
    }
    func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String) throws
        -> EpisodeReading?
    {
        acknowledged.withLock { $0.append(episodeID + " by " + by) }
        return nil
    }
    func unacknowledge(_ episodeID: String, by: String, at: Timestamp) throws -> EpisodeReading? {
        nil
    }
}

@Suite struct `The dashboard` {
    private let clock = ManualClock(SampleMarket.afternoon)
    private let board = SnapshotBoard()
    private let history = PaperHistory()

    private func dashboard() -> Dashboard {
        let market = SampleMarket()
        board.publish(market.snapshot())
        board.update { $0 = market.status() }
        return Dashboard(
            board: board, history: { history }, clock: clock,
            options: ScreenOptions(
                tickers: SampleMarket.symbols,
                capabilities: Capabilities(colorDepth: .truecolor), user: "trader"),
            session: { _ in MarketSession(label: "NYSE OPEN", isOpen: true) })
    }

    @Test func `shows the board's market and ends by q`() throws {
        let screen = PaperScreen(
            keys: Array(repeating: nil, count: 20) + [.character("q")], clock: clock)
        #expect(dashboard().run(on: screen) == .quit)
        let last = try #require(screen.shown.last).plainText
        #expect(last.contains("NVDA"))
        #expect(last.contains("812 msg/s"))
        #expect(screen.shown.count <= 22)
    }

    @Test func `makes a picture without a terminal`() {
        let picture = dashboard().picture(size: GridSize(columns: 120, rows: 40))
        #expect(picture.plainText.contains("NYSE OPEN"))
        #expect(picture.plainText.contains("[1m]"))
        #expect(picture.cells.contains { $0.text == "█" })
        #expect(picture.ansi.contains("\u{1B}[0;"))
    }

    @Test func `is shown while its store is still being opened`() throws {
        let opened = DispatchSemaphore(value: 0)
        let screen = PaperScreen(
            keys: Array(repeating: nil, count: 150) + [.character("q")], clock: clock)
        let isOpen = Atomic(false)
        let market = SampleMarket()
        board.update { $0.label = .demo }
        let dashboard = Dashboard(
            board: board,
            history: { [history] in
                if !isOpen.exchange(true, ordering: .relaxed) { opened.wait() }
                return history
            }, clock: clock,
            options: ScreenOptions(
                tickers: SampleMarket.symbols,
                capabilities: Capabilities(colorDepth: .truecolor), user: "trader"),
            session: { _ in MarketSession(label: "24h", isOpen: true) })
        screen.onFrame = { [board] count in
            guard count == 12 else { return }
            opened.signal()
            board.publish(market.snapshot())
            board.update { $0 = market.status() }
        }
        #expect(dashboard.run(on: screen) == .quit)
        let first = try #require(screen.shown.first).plainText
        #expect(first.contains("DEMO") && first.contains("opening the store"))
        let last = try #require(screen.shown.last).plainText
        #expect(last.contains("812 msg/s") && !last.contains("opening"))
        #expect(last.contains("█"), "bars come once there is a store")
    }

    @Test func `ends by a signal, and when it is told to`() {
        let screen = PaperScreen(keys: [], clock: clock)
        screen.signals = [.terminate(15)]
        #expect(dashboard().run(on: screen) == .signal(15))
        let stopped = dashboard()
        stopped.stop()
        #expect(stopped.run(on: PaperScreen(keys: [], clock: clock)) == .stopped)
    }

    @Test func `suspends by Ctrl-Z and draws anew by Ctrl-L`() {
        let screen = PaperScreen(
            keys: [.control("z"), .control("l"), .character("q")], clock: clock)
        _ = dashboard().run(on: screen)
        #expect(screen.suspensions == 1)
        #expect(screen.invalidations == 1)
    }

    @Test func `acknowledges through the store, off its own thread`() {
        let screen = PaperScreen(
            keys: [nil, nil, .character("5"), .character("a")] + Array(repeating: nil, count: 200)
                + [.character("q")], clock: clock)
        _ = dashboard().run(on: screen)
        let first = SampleMarket().episodes()[0].id
        #expect(history.acknowledged.withLock { $0 } == [first + " by trader"])
    }

    @Test func `counts what is unacknowledged of the whole day, however much was shown since`() {
        let first = SampleMarket().episodes()[0]
        // One every three minutes for two days, and every fourth of them acknowledged.
        history.stored.withLock { stored in
            stored = (0..<960).map { number in
                var episode = first
                episode.id = "velocity-AAPL-1.\(number).0"
                episode.lastAt = clock.now.advanced(by: .seconds(-180 * number))
                let seen = Acknowledgement(
                    episodeID: episode.id, by: "trader", at: clock.now, note: "",
                    severity: .critical)
                return EpisodeReading(
                    episode: episode, acknowledgement: number % 4 == 0 ? seen : nil)
            }
        }
        let desk = HistoryDesk(history: { history }, clock: clock, user: "trader")
        var list = EpisodeList()
        guard case .episodes(let readings) = desk.answer(.episodes) else {
            Issue.record("no episodes")
            return
        }
        list.take(stored: readings)
        #expect(list.unacknowledgedCount(clock.now) == 360)
        #expect(Set(readings.map(\.episode.id)).count == readings.count)
    }

    @Test func `says what the store cannot do`() throws {
        history.isFull.store(true, ordering: .relaxed)
        let screen = PaperScreen(
            keys: Array(repeating: nil, count: 30) + [.character("q")], clock: clock)
        _ = dashboard().run(on: screen)
        #expect(screen.shown.contains { $0.plainText.contains("reading news: disk full") })
    }
}

@Suite struct `An export` {
    private func export(_ format: ExportFormat, _ pane: PaneID? = nil) -> SnapshotExport {
        let (state, now) = ScreenCase.live.make()
        return SnapshotExport(
            format: format, pane: pane, state: state, picture: state.picture(80, 24), at: now)
    }

    @Test func `holds every ticker with exact prices as JSON`() throws {
        let text = export(.json).text
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let root = try #require(object as? [String: Any])
        let tickers = try #require(root["tickers"] as? [[String: Any]])
        #expect(tickers.map { $0["ticker"] as? String } == SampleMarket.symbols.map(\.description))
        let price = try #require(
            ScreenCase.live.make().state.snapshot.ticker("AAPL")?.figures.price)
        #expect(text.contains("\"ticker\":\"AAPL\",\"price\":\(price),"))
        #expect((root["episodes"] as? [[String: Any]])?.count == 5)
        #expect((root["articles"] as? [[String: Any]])?.count == 6)
    }

    @Test func `holds the same rows as Parquet`() throws {
        struct Reading: Decodable {
            var types: [String]
            var rows: [[String?]]
        }
        let answer = try ReferenceProgram.run(
            "Tests/ExportTests/Reference/read_parquet.py", input: Data(export(.parquet).bytes))
        let reading = try JSONDecoder().decode(Reading.self, from: answer)
        #expect(
            Array(reading.types.prefix(4)) == [
                "string", "decimal128(38, 9)", "decimal128(38, 9)", "double",
            ])
        #expect(reading.types.last == "timestamp[ns, tz=UTC]")
        #expect(reading.rows.map { $0[0] } == SampleMarket.symbols.map(\.description))
        let lines = export(.csv).text.split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        for (row, line) in zip(reading.rows, lines) {
            #expect(Price(decimal: row[1] ?? "") == Price(decimal: line[1]))
            #expect(row[3].flatMap { Double($0) } == Double(line[3]))
        }
        for pane in PaneID.allCases {
            #expect(export(.parquet, pane).bytes.starts(with: "PAR1".utf8), "\(pane)")
        }
    }

    @Test func `holds a line a ticker as CSV`() {
        let lines = export(.csv).text.split(separator: "\r\n")
        #expect(lines.count == 6)
        #expect(lines[0].hasPrefix("ticker,price,change,"))
        #expect(
            Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
                .count == 1)
    }

    @Test func `holds the screen as text and as a page`() {
        #expect(export(.txt).text.contains("1 QUOTES"))
        #expect(export(.html).text.contains("<span style=\""))
    }

    @Test func `never overwrites`() throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try #require(try export(.csv).write(to: directory))
        let second = try #require(try export(.csv).write(to: directory))
        #expect(first.hasSuffix("ticktop-20260102T193152Z.csv"))
        #expect(second.hasSuffix("ticktop-20260102T193152Z-2.csv"))
        #expect(try export(.csv).write(to: directory + "/nowhere") == nil)
    }
}
