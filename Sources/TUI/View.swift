import Engine
import MarketModel

/// The screen of a state: a pure function.
func view(
    _ state: ScreenState, size: GridSize, theme: Theme, capabilities: Capabilities, now: Timestamp
) -> CellGrid {
    let look = Look(theme: theme, capabilities: capabilities, upDown: state.options.upDown)
    var grid = CellGrid(size: size, style: look.ground)
    Scene(state: state, look: look, now: now).draw(on: &grid)
    if capabilities.glyphs == .ascii { grid.foldToASCII() }
    return grid
}

/// What every pane needs to draw itself.
struct Scene {
    let state: ScreenState
    let look: Look
    /// The wall clock, for what is about the screen itself.
    let now: Timestamp
    /// What ages are measured against.
    let time: Timestamp
    let market: MarketSnapshot

    init(state: ScreenState, look: Look, now: Timestamp) {
        self.state = state
        self.look = look
        self.now = now
        time = state.time(now)
        market = state.painted
    }

    func draw(on grid: inout CellGrid) {
        guard grid.width >= 40, grid.height >= 10 else {
            TickerLines(scene: self).draw(on: &grid)
            return
        }
        Header(scene: self).draw(on: &grid)
        let banners = Banners(scene: self).lines.prefix(grid.height < 20 ? 1 : 3)
        for (row, banner) in banners.enumerated() { banner.draw(row: row + 1, on: &grid) }
        let body = Rect(
            x: 0, y: 1 + banners.count, width: grid.width, height: grid.height - 2 - banners.count)
        if let drill = state.drill {
            Drill(scene: self, symbol: drill).draw(in: body, on: &grid)
        } else {
            drawPanes(in: body, on: &grid)
        }
        Footer(scene: self).draw(on: &grid)
        switch state.overlay {
        case .help: HelpOverlay(scene: self).draw(on: &grid)
        case .export: ExportMenu(scene: self).draw(on: &grid)
        case nil: break
        }
    }

    private func drawPanes(in body: Rect, on grid: inout CellGrid) {
        let places = Layout.places(
            in: body, screen: grid.size, tickers: state.rows.count, fronts: state.fronts,
            zoomed: state.isZoomed ? state.focus : nil)
        for place in places {
            guard let front = place.panes.first else { continue }
            let tabs = place.panes.dropFirst().sorted { $0.rawValue < $1.rawValue }
            frame(front, tabs: tabs, width: place.rect.width)
                .draw(in: place.rect, look, on: &grid)
            let inside = place.rect.trimmed(top: 1, left: 1, right: 1)
            grid.inside(inside) { draw(front, on: &$0) }
            if state.isDisconnected, showsMarket(front) { grid.dim(inside) }
        }
        Rules.join(places.map(\.rect), look, on: &grid)
    }

    /// Panes whose figures are only as good as the feed.
    private func showsMarket(_ pane: PaneID) -> Bool {
        switch pane {
        case .quotes, .chart, .aggregates, .features, .market: true
        case .anomalies, .news, .pipeline: false
        }
    }

    private func frame(_ pane: PaneID, tabs: [PaneID], width: Int) -> PaneFrame {
        PaneFrame(
            number: pane.rawValue, title: SafeText(pane.title), note: note(pane),
            tabs: tabs.map { ($0, badge($0)) }, isFocused: state.focus == pane)
    }

    private func note(_ pane: PaneID) -> SafeText {
        switch pane {
        case .quotes: QuotesPane(scene: self).note
        case .chart: ChartPane(scene: self).note
        case .aggregates: SafeText("rolling, event time")
        case .features: FeaturesPane(scene: self).note
        case .anomalies: AnomaliesPane(scene: self).note
        case .news: NewsPane(scene: self).note
        case .market: SafeText("by chg%")
        case .pipeline: PipelinePane(scene: self).note
        }
    }

    /// What a tab that is not in front has to call out.
    private func badge(_ pane: PaneID) -> SafeText {
        switch pane {
        case .anomalies:
            let count = state.episodes.unacknowledgedCount(time)
            return count > 0 ? SafeText("!\(count)") : ""
        case .pipeline: return PipelinePane(scene: self).hasTrouble ? "!" : ""
        default: return ""
        }
    }

    func draw(_ pane: PaneID, on grid: inout CellGrid) {
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

    /// Why there is nothing to show yet.
    var waitingReason: SafeText {
        switch state.status.feed {
        case .starting: "starting …"
        case .connecting(let attempt): SafeText("connecting, attempt \(attempt) …")
        case .live where state.session.isOpen: "waiting for the first trade …"
        case .live: SafeText("\(state.session.label): waiting for the market to open")
        case .disconnected(let reason, _): SafeText("no feed: \(reason)")
        case .refused(let reason, _): SafeText("refused: \(reason)")
        case .ended: "the recording held nothing of this"
        }
    }
}
