import Engine
import Foundation
import MarketModel
import TestSupport

@testable import TUI

/// The states a golden screen exists of.
enum ScreenCase: String, CaseIterable, Sendable {
    case live, empty, stale, disconnected, frozen, paused, filtered, help, drill
    case firstRun = "first-run"
    case replay
    // Only at the sizes where they differ from the others.
    case palette, anomaly, themes, settings, lines, triage, overview, chart, pipeline
    case acknowledgeAll = "acknowledge-all"

    /// Shown at every size.
    static let states: [ScreenCase] = [
        .live, .empty, .stale, .disconnected, .frozen, .paused, .filtered, .help, .drill, .firstRun,
        .replay,
    ]
    static let details: [ScreenCase] = [
        .palette, .anomaly, .themes, .settings, .lines, .triage, .overview, .chart, .pipeline,
        .acknowledgeAll,
    ]

    /// The state, and the clock it is looked at by.
    func make(glyphs: GlyphChoice = .unicode) -> (state: ScreenState, now: Timestamp) {
        let market = SampleMarket()
        var now = market.now
        var state = ScreenState.sample(glyphs: glyphs)
        guard self != .empty, self != .firstRun else {
            var status = PipelineStatus()
            status.label = .demo
            status.feedName = "demo"
            status.feed = self == .empty ? .live : .starting
            if self == .firstRun {
                var options = state.options
                options.isFirstRun = true
                let session = state.session
                state = ScreenState(options: options)
                state.session = session
            }
            _ = update(&state, .market(MarketSnapshot(), status), now: now)
            return (state, now)
        }
        state.feed(market)
        switch self {
        case .stale: now = now.advanced(by: .seconds(31))
        case .disconnected:
            var status = market.status()
            status.feed = .disconnected(
                reason: "connection reset by peer", retryAt: now.advanced(by: .seconds(19)))
            now = now.advanced(by: .seconds(12))
            _ = update(&state, .market(market.snapshot(), status), now: now)
        case .frozen:
            state.press([.character(" ")], now)
            var later = SampleMarket(now: now.advanced(by: .seconds(7)))
            later.now = now.advanced(by: .seconds(7))
            var snapshot = later.snapshot()
            snapshot.counts[0].counts.received += 5684
            snapshot.counts[0].counts.applied += 5684
            now = later.now
            _ = update(&state, .market(snapshot, later.status()), now: now)
        case .filtered: state.press([.character("/"), .character("a"), .character("m")], now)
        case .help: state.press([.character("?")], now)
        case .drill: state.press([.character("j"), .enter], now)
        case .replay, .paused:
            var status = market.status()
            status.label = .replay
            status.feedName = "2026-01-02.journal"
            var replay = ReplayStatus(speed: 60)
            replay.share = 0.43
            replay.isPaused = self == .paused
            status.replay = replay
            _ = update(&state, .market(market.snapshot(), status), now: now)
        default: press(&state, now)
        }
        if [.drill, .filtered, .anomaly, .lines, .triage].contains(self) { state.answer(market) }
        return (state, now)
    }
}

extension ScreenCase {
    private func press(_ state: inout ScreenState, _ now: Timestamp) {
        func run(_ line: String) {
            state.press([.character(":")] + line.map { .character($0) } + [.enter], now)
        }
        switch self {
        case .palette: state.press([.character(":"), .character("c"), .character("h"), .tab], now)
        case .anomaly:
            state.press([.character("5"), .character("j"), .enter], now)
        case .settings: state.press([.character(","), .character("j")], now)
        case .themes: state.press([.character("T"), .character("j")], now)
        case .lines:
            for line in ["ema", "bollinger", "rsi", "macd"] { run("indicators \(line)") }
            run("zoom_in")
            state.press(
                [.character("2"), .character("z"), .character("x"), .left, .left, .left], now)
        case .triage, .overview, .chart: run("layout \(rawValue)")
        case .pipeline:
            for second in 0..<700 {
                var status = SampleMarket().status()
                let wave = SampleMarket.sine(Double(second) / 40)
                status.receivedPerSecond = 800 + 300 * wave
                status.receiveToApplied.p99 = .microseconds(Int(3000 + 2000 * wave))
                let at = now.advanced(by: .seconds(second - 700))
                _ = update(&state, .market(state.snapshot, status), now: at)
            }
            state.press([.character("8"), .character("z")], now)
        case .acknowledgeAll: state.press([.character("A")], now)
        default: break
        }
        state.message = nil
    }
}

extension ScreenState {
    static func sample(
        tickers: [Symbol] = SampleMarket.symbols, glyphs: GlyphChoice = .unicode
    ) -> ScreenState {
        let capabilities = Capabilities(colorDepth: .truecolor, glyphs: glyphs)
        var state = ScreenState(
            options: ScreenOptions(
                tickers: tickers, themes: [.terminal, .mono], capabilities: capabilities,
                user: "trader", indicators: ChartLines.points))
        state.session = MarketSession(
            label: "NYSE OPEN", isOpen: true,
            startedAt: SampleMarket.afternoon.advanced(by: .seconds(-18_000)),
            change: ("closes", SampleMarket.afternoon.advanced(by: .seconds(5288))))
        return state
    }

    /// Takes the sample's snapshot and whatever the store would answer.
    mutating func feed(_ market: SampleMarket) {
        _ = update(&self, .market(market.snapshot(), market.status()), now: market.now)
        answer(market)
    }

    mutating func answer(_ market: SampleMarket) {
        let symbol = drill ?? selection ?? "AAPL"
        let index = SampleMarket.symbols.firstIndex(of: symbol) ?? 0
        _ = update(&self, .tick, now: market.now)
        let answers: [HistoryAnswer] = [
            .bars(
                symbol, interval, before: nil,
                market.bars(symbol, index, interval, count: 300).dropLast()),
            .trends(
                Dictionary(
                    uniqueKeysWithValues: SampleMarket.symbols.enumerated().map { index, symbol in
                        (
                            symbol,
                            market.bars(symbol, index, .minute, count: 40).compactMap(\.close)
                        )
                    })),
            .tape(symbol, market.tape(symbol, index)),
        ]
        for answer in answers { _ = update(&self, .answer(answer), now: market.now) }
    }

    @discardableResult
    mutating func press(_ keys: [Key], _ now: Timestamp = SampleMarket.afternoon)
        -> [ScreenCommand]
    {
        keys.flatMap { update(&self, .key($0), now: now) }
    }

    func picture(
        _ columns: Int, _ rows: Int, now: Timestamp = SampleMarket.afternoon,
        theme: Theme? = nil, depth: ColorDepth = .truecolor
    ) -> CellGrid {
        view(
            self, size: GridSize(columns: columns, rows: rows), theme: theme ?? self.theme,
            capabilities: Capabilities(
                colorDepth: depth, glyphs: options.capabilities.glyphs), now: now)
    }
}

extension SampleMarket {
    func tape(_ symbol: Symbol, _ index: Int) -> [StoredTrade] {
        (0..<Int64(60)).map { back in
            let at = now.advanced(byNanoseconds: -back * 700_000_000)
            return StoredTrade(
                trade: Trade(
                    symbol: symbol,
                    price: SampleMarket.cents(SampleMarket.price(index, at: at.secondsFloor)),
                    size: Size(units: (back * 37 % 9 + 1) * 100 * Size.scale), executedAt: at,
                    sequence: 1000 - back, aggressor: back % 2 == 0 ? .buyer : .seller),
                source: .massive, receivedAt: at, position: .start, isLate: back == 7)
        }
    }
}

/// The theme files of the repository, read without a TOML library: they are flat.
enum ThemeFiles {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "themes")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: realPath(directory))
            .filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func theme(_ name: String) throws -> Theme {
        var tables: [String: [String: String]] = [:]
        var section = ""
        let path = realPath(directory) + "/\(name).toml"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                section = String(line[line.index(after: line.startIndex)..<end])
            } else if !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
                let key = line[..<equals].trimmingCharacters(in: .whitespaces)
                let value = line[line.index(after: equals)...]
                    .trimmingCharacters(in: CharacterSet(charactersIn: " \""))
                tables[section, default: [:]][key] = value
            }
        }
        return try Theme(tables: tables)
    }

    private static func realPath(_ url: URL) -> String {
        url.path(percentEncoded: false)
    }
}
