import Engine
import MarketModel

/// Pane 7: who rose most and who fell most.
struct MarketPane {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let moving = scene.market.tickers.filter { $0.figures.changePercent != nil }
        guard !moving.isEmpty else {
            grid.text(scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let ranked = moving.sorted {
            ($0.figures.changePercent ?? 0) > ($1.figures.changePercent ?? 0)
        }
        let rising = ranked.filter { ($0.figures.changePercent ?? 0) > 0 }
        let falling = ranked.reversed().filter { ($0.figures.changePercent ?? 0) < 0 }
        let half = max(20, grid.width / 2)
        grid.text(
            SafeText("TOP · \(rising.count) up"), x: 0, y: 0, look[.columnHead], width: half - 1)
        grid.text(SafeText("WORST · \(falling.count) down"), x: half, y: 0, look[.columnHead])
        let widest = ranked.map { ($0.figures.changePercent ?? 0).magnitude }.max() ?? 1
        for (index, list) in [rising, Array(falling)].enumerated() {
            for (row, ticker) in list.prefix(max(0, grid.height - 1)).enumerated() {
                let rect = Rect(x: index * half, y: row + 1, width: half - 1, height: 1)
                grid.inside(rect) { draw(ticker, widest: widest, on: &$0) }
            }
        }
    }

    private func draw(_ ticker: TickerSnapshot, widest: Double, on grid: inout CellGrid) {
        let look = scene.look
        let change = ticker.figures.changePercent ?? 0
        let style = look.style(of: Direction(change))
        grid.text(SafeText(ticker.symbol.description), x: 0, y: 0, look[.title], width: 8)
        grid.text(
            SafeText(NumberText.fixed(change, places: 2, plus: true, unit: "%")), x: 9, y: 0, style,
            width: 8, align: .right)
        grid.text(
            Sparkline.bar(
                share: change.magnitude / max(widest, 1e-9), width: min(12, grid.width - 19)),
            x: 18, y: 0, style)
    }
}
