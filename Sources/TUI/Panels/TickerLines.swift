import MarketModel

/// What is left of the screen below 40 x 10: a line a ticker, the selected one first.
struct TickerLines {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        var row = 0
        if grid.height > 1 {
            drawStatus(on: &grid)
            row = 1
        }
        let selected = scene.state.selection
        let symbols = [selected].compactMap { $0 } + scene.state.rows.filter { $0 != selected }
        for symbol in symbols.prefix(grid.height - row) {
            drawTicker(symbol, row: row, isOnlyLine: grid.height == 1, on: &grid)
            row += 1
        }
    }

    private func drawStatus(on grid: inout CellGrid) {
        let look = scene.look
        let status = scene.state.status
        let slot: Slot =
            switch status.label {
            case .live: .live
            case .demo: .demo
            case .replay: .replay
            }
        var x = grid.text(SafeText(status.label.rawValue), x: 0, y: 0, look[slot])
        if scene.state.isDisconnected {
            x = grid.text(" DOWN", x: x, y: 0, look[.bad])
        } else if scene.state.frozen != nil {
            x = grid.text(" FROZEN", x: x, y: 0, look[.warn])
        } else {
            let rate = NumberText.scaled(status.receivedPerSecond.rounded())
            x = grid.text(SafeText(" \(rate)/s"), x: x, y: 0, look[.header])
        }
        drawCount(x: x + 1, row: 0, on: &grid)
    }

    private func drawCount(x: Int, row: Int, on grid: inout CellGrid) {
        let count = scene.unacknowledgedCount
        guard count > 0 else { return }
        grid.text(SafeText("⚠\(count)"), x: x, y: row, scene.look[.warn])
    }

    private func drawTicker(
        _ symbol: Symbol, row: Int, isOnlyLine: Bool, on grid: inout CellGrid
    ) {
        let look = scene.look
        let figures = scene.market.ticker(symbol)?.figures
        let direction = Direction(change: figures ?? RollingFigures())
        let price = NumberText.price(
            figures?.price, places: NumberText.places(for: figures?.price))
        let change = NumberText.fixed(figures?.changePercent, places: 2, plus: true, unit: "%")
        var x = 0
        if isOnlyLine, scene.state.status.label != .live {
            let label = SafeText(scene.state.status.label.rawValue)
            x = grid.text(label, x: 0, y: 0, look[.demo]) + 1
        }
        x = grid.text(SafeText(symbol.description), x: x, y: row, look[.title])
        x = grid.text(SafeText(price), x: x + 1, y: row, look[.base])
        x = grid.text(SafeText(change), x: x + 1, y: row, look.style(of: direction))
        if isOnlyLine { drawCount(x: x + 1, row: row, on: &grid) }
    }
}
