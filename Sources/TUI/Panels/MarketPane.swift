import Engine
import MarketModel

/// Pane 7: who rose most, who fell most, and who trades most.
struct MarketPane {
    let scene: Scene

    private struct List {
        var head: SafeText
        var tickers: [TickerSnapshot]
    }

    /// Of the longest of its lists.
    static func rowCount(_ market: MarketSnapshot) -> Int { market.tickers.count }

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let moving = scene.market.tickers.filter { $0.figures.changePercent != nil }
        guard !moving.isEmpty else {
            grid.text(scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let lists = lists(moving, count: grid.width >= 72 ? 3 : 2)
        let width = grid.width / lists.count
        let widest = moving.map { ($0.figures.changePercent ?? 0).magnitude }.max() ?? 1
        let longest = lists.map(\.tickers.count).max() ?? 0
        let rows = max(0, grid.height - 1)
        let first = min(scene.state.scrolls[.market] ?? 0, max(0, longest - rows))
        for (index, list) in lists.enumerated() {
            let x = index * width
            grid.text(list.head, x: x, y: 0, look[.columnHead], width: width - 1)
            if list.tickers.isEmpty {
                grid.text("none", x: x, y: 1, look[.dim], width: width - 1)
            }
            for (row, ticker) in list.tickers.dropFirst(first).prefix(rows).enumerated() {
                let rect = Rect(x: x, y: row + 1, width: width - 1, height: 1)
                grid.inside(rect) { draw(ticker, widest: widest, hasVolume: index == 2, on: &$0) }
            }
        }
    }

    private func lists(_ moving: [TickerSnapshot], count: Int) -> [List] {
        func change(_ ticker: TickerSnapshot) -> Double { ticker.figures.changePercent ?? 0 }
        let ranked = moving.sorted { change($0) > change($1) }
        let rising = ranked.filter { change($0) > 0 }
        let falling = Array(ranked.reversed().filter { change($0) < 0 })
        var lists = [
            List(head: SafeText("TOP · \(rising.count) up"), tickers: rising),
            List(head: SafeText("WORST · \(falling.count) down"), tickers: falling),
        ]
        guard count > 2 else { return lists }
        // Shares of different tickers do not compare; money does.
        func turnover(_ ticker: TickerSnapshot) -> Double {
            let figures = ticker.figures
            return figures.sessionVolume.asDouble
                * (figures.vwapSession ?? figures.price ?? .init(units: 0)).asDouble
        }
        lists.append(
            List(head: "MOST TRADED", tickers: moving.sorted { turnover($0) > turnover($1) }))
        return lists
    }

    private func draw(
        _ ticker: TickerSnapshot, widest: Double, hasVolume: Bool, on grid: inout CellGrid
    ) {
        let look = scene.look
        let change = ticker.figures.changePercent ?? 0
        let style = look.style(of: Direction(change))
        let isSelected = ticker.symbol == scene.state.selection
        grid.text(
            SafeText(ticker.symbol.description), x: 0, y: 0, look[isSelected ? .cursor : .title],
            width: 8)
        grid.text(
            SafeText(NumberText.fixed(change, places: 2, plus: true, unit: "%")), x: 9, y: 0, style,
            width: 8, align: .right)
        if hasVolume {
            grid.text(
                SafeText(NumberText.scaled(ticker.figures.sessionVolume.asDouble)), x: 18, y: 0,
                look[.base], width: min(7, grid.width - 18), align: .right)
        } else {
            grid.text(
                Sparkline.bar(
                    share: change.magnitude / max(widest, 1e-9), width: min(12, grid.width - 19)),
                x: 18, y: 0, style)
        }
    }
}
