import Engine
import MarketModel

/// The screen of a state: a pure function.
func view(
    _ state: ScreenState, size: GridSize, theme: Theme, capabilities: Capabilities, now: Timestamp
) -> CellGrid {
    let look = Look(theme: theme, capabilities: capabilities, upDown: state.options.upDown)
    var kept = KeptPanes()
    return view(state, size: size, look: look, now: now, kept: &kept)
}

/// The same in the state's own theme, with what is left of the pictures before.
func view(_ state: ScreenState, size: GridSize, now: Timestamp, kept: inout KeptPanes) -> CellGrid {
    let look = kept.look(of: state)
    return view(state, size: size, look: look, now: now, kept: &kept)
}

private func view(
    _ state: ScreenState, size: GridSize, look: Look, now: Timestamp, kept: inout KeptPanes
) -> CellGrid {
    var grid = CellGrid(size: size, style: look.ground)
    Scene(state: state, look: look, now: now).draw(on: &grid, &kept)
    if look.capabilities.glyphs == .ascii { grid.foldToASCII() }
    return grid
}

/// What every pane needs to draw itself, made anew for each picture.
///
/// A class, because every pane and every column of a table holds it: the state has a hundred fields
/// that would be copied each time.
final class Scene {
    let state: ScreenState
    let look: Look
    /// The wall clock, for what is about the screen itself.
    let now: Timestamp
    /// What ages are measured against.
    let time: Timestamp
    let market: MarketSnapshot
    let clock: ClockText
    private(set) lazy var pipelineLines = PipelineFigures(state: state, now: now).lines
    /// Of a day, anomalies that a person still has to look at.
    private(set) lazy var unacknowledgedCount = state.episodes.unacknowledgedCount(time)

    init(state: ScreenState, look: Look, now: Timestamp) {
        self.state = state
        self.look = look
        self.now = now
        time = state.time(now)
        market = state.painted
        clock = ClockText(zone: state.clockZone)
    }

    func draw(on grid: inout CellGrid, _ kept: inout KeptPanes) {
        guard Scene.hasPanes(grid.size) else {
            TickerLines(scene: self).draw(on: &grid)
            return
        }
        kept.drawHeader(self, on: &grid)
        for (row, banner) in banners(grid.size).enumerated() {
            banner.draw(row: row + 1, on: &grid)
        }
        if let drill = state.drill {
            Drill(scene: self, symbol: drill).drawTitle(in: body(grid.size), on: &grid)
        }
        drawPanes(on: &grid, &kept)
        Footer(scene: self).draw(on: &grid)
        drawOverlay(on: &grid)
        if state.prompt?.kind == .command { PaletteOverlay(scene: self).draw(on: &grid) }
    }

    private static func hasPanes(_ size: GridSize) -> Bool { size.columns >= 40 && size.rows >= 10 }

    private func banners(_ size: GridSize) -> ArraySlice<Banners.Line> {
        Banners(scene: self).lines.prefix(size.rows < 20 ? 1 : 3)
    }

    /// Between header and banners above and the footer below.
    func body(_ size: GridSize) -> Rect {
        let above = 1 + banners(size).count
        return Rect(x: 0, y: above, width: size.columns, height: size.rows - 1 - above)
    }

    /// Where which panes are; none on a screen too small for any.
    func places(_ size: GridSize) -> [PanePlace] {
        guard Scene.hasPanes(size) else { return [] }
        let body = body(size)
        if let drill = state.drill { return Drill(scene: self, symbol: drill).places(in: body) }
        let layout = Layout(
            preset: state.choices.layout, shift: state.layoutShift, tickers: state.rows.count)
        return layout.places(
            in: body, screen: size, fronts: state.fronts,
            zoomed: state.isZoomed ? state.focus : nil)
    }

    private func drawPanes(on grid: inout CellGrid, _ kept: inout KeptPanes) {
        let places = places(grid.size)
        for place in places {
            guard let front = place.panes.first else { continue }
            frame(place).draw(in: place.rect, look, on: &grid)
            let inside = place.rect.trimmed(top: 1, left: 1, right: 1)
            kept.draw(front, in: inside, self, on: &grid)
            if state.isDisconnected, showsMarket(front) { grid.dim(inside) }
        }
        Rules.join(places.map(\.rect), look, on: &grid)
    }

    private func drawOverlay(on grid: inout CellGrid) {
        switch state.overlay {
        case .help: HelpOverlay(scene: self).draw(on: &grid)
        case .export: ExportMenu(scene: self).draw(on: &grid)
        case .settings(let line): SettingsMenu(scene: self, cursor: line).draw(on: &grid)
        case .indicators: IndicatorMenu(scene: self).draw(on: &grid)
        case .themes: ThemeMenu(scene: self).draw(on: &grid)
        case .episode(let id): EpisodeOverlay(scene: self, id: id).draw(on: &grid)
        case .article(let id, let symbol):
            ArticleOverlay(scene: self, id: id, symbol: symbol).draw(on: &grid)
        case .acknowledgeAll(let ids):
            AcknowledgeAllQuestion(scene: self, count: ids.count).draw(on: &grid)
        case nil: break
        }
    }

    /// Panes whose figures are only as good as the feed.
    private func showsMarket(_ pane: PaneID) -> Bool {
        switch pane {
        case .quotes, .chart, .aggregates, .features, .market: true
        case .anomalies, .news, .pipeline: false
        }
    }

    func frame(_ place: PanePlace) -> PaneFrame {
        let pane = place.panes.first ?? .quotes
        let tabs = place.panes.dropFirst().sorted { $0.rawValue < $1.rawValue }
        return PaneFrame(
            number: pane.rawValue, title: SafeText(title(pane)), note: note(pane),
            shortNote: shortNote(pane),
            tabs: tabs.map { ($0, badge($0)) }, isFocused: state.focus == pane)
    }

    /// A ticker on the whole screen has its trades and figures where the tables were.
    private func title(_ pane: PaneID) -> String {
        guard state.drill != nil else { return pane.title }
        switch pane {
        case .aggregates: return "TRADES"
        case .quotes: return "FIGURES"
        default: return pane.title
        }
    }

    private func note(_ pane: PaneID) -> SafeText {
        switch pane {
        case .quotes:
            if let drill = state.drill { return Drill(scene: self, symbol: drill).basis }
            return QuotesPane(scene: self).note
        case .chart: return ChartPane(scene: self).note
        case .aggregates: return state.drill == nil ? "rolling, event time" : "newest first"
        case .features: return FeaturesPane(scene: self).note
        case .anomalies: return AnomaliesPane(scene: self).note
        case .news: return NewsPane(scene: self).note
        case .market: return "by chg%"
        case .pipeline: return PipelinePane(scene: self).note
        }
    }

    /// What is left of a note that has no room; `nil` for one that is cut off.
    private func shortNote(_ pane: PaneID) -> SafeText? {
        switch pane {
        case .quotes: state.drill == nil ? nil : ""
        case .chart: ChartPane(scene: self).shortNote
        case .anomalies: AnomaliesPane(scene: self).shortNote
        case .aggregates, .news: ""
        case .features, .market, .pipeline: nil
        }
    }

    /// What a tab that is not in front has to call out.
    private func badge(_ pane: PaneID) -> SafeText {
        switch pane {
        case .anomalies:
            return unacknowledgedCount > 0 ? SafeText("!\(unacknowledgedCount)") : ""
        case .pipeline: return pipelineLines.contains { $0.health != .ok } ? "!" : ""
        default: return ""
        }
    }

    func draw(_ pane: PaneID, on grid: inout CellGrid) {
        if let drill = state.drill, pane == .quotes || pane == .aggregates {
            let drill = Drill(scene: self, symbol: drill)
            if pane == .quotes { drill.drawFigures(on: &grid) } else { drill.drawTape(on: &grid) }
            return
        }
        switch pane {
        case .quotes: QuotesPane(scene: self).draw(on: &grid)
        case .chart: ChartPane(scene: self).draw(on: &grid)
        case .aggregates: AggregatesPane(scene: self).draw(on: &grid)
        case .features: FeaturesPane(scene: self).draw(on: &grid)
        case .anomalies: AnomaliesPane(scene: self).draw(on: &grid)
        case .news: NewsPane(scene: self).draw(on: &grid)
        case .market: MarketPane(scene: self).draw(on: &grid)
        case .pipeline: PipelinePane(scene: self).draw(on: &grid)
        }
    }

    /// The engine is not there yet: its store is being opened.
    var isOpening: Bool {
        state.status.feed == .starting && state.status.startedAt == nil
            && state.status.attachment == nil && state.status.label != .replay
    }

    /// Why there is nothing to show yet.
    var waitingReason: SafeText {
        switch state.status.feed {
        case .starting: isOpening ? "opening the store …" : "starting …"
        case .connecting(let attempt): SafeText("connecting, attempt \(attempt) …")
        case .live where state.session.isOpen: "waiting for the first trade …"
        case .live: SafeText("\(state.session.label): waiting for the market to open")
        case .disconnected(let reason, _): SafeText("no feed: \(reason)")
        case .refused(let reason, _): SafeText("refused: \(reason)")
        case .ended: "the recording held nothing of this"
        }
    }
}
