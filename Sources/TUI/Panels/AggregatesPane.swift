import Engine
import MarketModel

/// Pane 3: every ticker's rolling figures.
struct AggregatesPane {
    let scene: Scene

    private struct Line {
        var symbol: Symbol
        var figures: RollingFigures
        var isSelected: Bool
    }

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let lines = scene.visibleRows(height: grid.height - 1).map { symbol in
            Line(
                symbol: symbol,
                figures: scene.market.ticker(symbol)?.figures ?? RollingFigures(),
                isSelected: scene.state.selection == symbol)
        }
        guard !scene.state.rows.isEmpty else {
            grid.text(scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let table = Table(
            columns(lines), width: grid.width, look: look, offset: scene.state.columnOffset)
        table.drawHeads(row: 0, on: &grid)
        for (row, line) in lines.enumerated() {
            if line.isSelected {
                let bar = Rect(x: 0, y: row + 1, width: grid.width, height: 1)
                grid.fill(bar, look[.selection])
            }
            table.draw(line, row: row + 1, on: &grid)
        }
    }

    private func columns(_ lines: [Line]) -> [Column<Line>] {
        let look = scene.look
        let prices = PriceColumn(lines.map(\.figures.price))
        func price(_ head: SafeText, rank: Int, _ value: @escaping (RollingFigures) -> Price?)
            -> Column<Line>
        {
            Column(head: head, width: 10, rank: rank) { line, _ in
                let shown = value(line.figures)
                let text = prices.text(shown, scale: line.figures.price ?? shown)
                return (text, look[shown == nil ? .dim : .base])
            }
        }
        return [
            Column(head: "SYM", width: 8, align: .left, rank: 0) { line, _ in
                let name = SafeText(line.symbol.description)
                return (name, look[line.isSelected ? .selection : .title])
            },
            price("VWAP 1m", rank: 0) { $0.vwapOneMinute },
            price("VWAP 5m", rank: 3) { $0.vwapFiveMinutes },
            price("VWAP sess", rank: 1) { $0.vwapSession },
            price("AVG 5m", rank: 6) { $0.rollingAverageFiveMinutes },
            figure("VOL z", width: 6, rank: 0, strong: 3) { ($0.volumeZScore, 2, "") },
            figure("MOM 1m", width: 8, rank: 2, strong: nil) { ($0.priceMomentum, 2, "%") },
            figure("VEL 5s", width: 8, rank: 7, strong: 0.5) { ($0.velocityFiveSeconds, 3, "%") },
            figure("SPRD bp", width: 7, rank: 5, strong: nil, plus: false) {
                ($0.spreadBasisPoints, 1, "")
            },
            Column(head: "TR/min", width: 6, rank: 4) { line, _ in
                (SafeText(NumberText.scaled(line.figures.tradeFrequency.rounded())), look[.base])
            },
        ]
    }

    /// A statistic; beyond `strong` it stands out.
    private func figure(
        _ head: SafeText, width: Int, rank: Int, strong: Double?, plus: Bool = true,
        _ value: @escaping (RollingFigures) -> (Double?, places: Int, unit: String)
    ) -> Column<Line> {
        let look = scene.look
        return Column(head: head, width: width, rank: rank) { line, _ in
            let (number, places, unit) = value(line.figures)
            let text = SafeText(
                NumberText.fixed(number, places: places, plus: plus, unit: unit))
            guard let number else { return (text, look[.dim]) }
            let stands = strong.map { number.magnitude >= $0 } ?? false
            return (text, look[stands ? .warn : .base])
        }
    }
}
