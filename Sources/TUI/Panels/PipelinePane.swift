import Engine
import MarketModel

/// Pane 8: whether the machine behind the figures is well, in numbers and over ten minutes.
struct PipelinePane {
    let scene: Scene

    var note: SafeText {
        guard let started = scene.state.status.startedAt else { return "" }
        return SafeText("up \(NumberText.span(scene.now.duration(since: started)))")
    }

    func draw(on grid: inout CellGrid) {
        let lines = scene.pipelineLines
        let chartRows = PipelinePane.chartRows(grid.height, lines: lines.count)
        let start = min(scene.state.scrolls[.pipeline] ?? 0, max(0, lines.count - 1))
        let (top, bottom) = Rect(x: 0, y: 0, width: grid.width, height: grid.height)
            .splitTop(grid.height - 3 * chartRows)
        grid.inside(top) { grid in
            for (row, line) in lines.dropFirst(start).prefix(grid.height).enumerated() {
                draw(line, row: row, on: &grid)
            }
        }
        guard chartRows > 0 else { return }
        grid.inside(bottom) { drawCharts(rows: chartRows, on: &$0) }
    }

    /// Three charts below the figures, when there is room for two rows each beside their titles.
    private static func chartRows(_ height: Int, lines: Int) -> Int {
        let room = (height - lines) / 3
        return room >= 3 ? min(room, 8) : 0
    }

    private func draw(_ line: PipelineFigures.Line, row: Int, on grid: inout CellGrid) {
        let look = scene.look
        grid.text(line.label, x: 0, y: row, look[.dim], width: 9)
        let style =
            switch line.health {
            case .ok: look[.ok]
            case .warn: look[.warn]
            case .bad: look[.bad]
            }
        let end = grid.width - line.word.width
        grid.text(line.text, x: 10, y: row, look[.base], width: end - 11)
        grid.text(line.word, x: end, y: row, style)
    }

    private func drawCharts(rows: Int, on grid: inout CellGrid) {
        let pulse = scene.state.pulse
        let width = grid.width
        let charts: [(SafeText, [Double?], (Double) -> String, Double)] = [
            (
                "messages a second, 10 min", pulse.series(width) { $0.perSecond },
                { NumberText.scaled($0.rounded()) + "/s" }, 1
            ),
            (
                "lag p99, 10 min", pulse.series(width) { $0.lag },
                { NumberText.latency(.seconds($0 / 1000)) }, 1
            ),
            (
                "queue, 10 min", pulse.series(width) { $0.queue * 100 },
                { NumberText.fixed($0, places: 1, unit: "%") }, 10
            ),
        ]
        for (index, (title, values, text, least)) in charts.enumerated() {
            let rect = Rect(x: 0, y: index * rows, width: width, height: rows)
            grid.inside(rect) { draw(title, values, text, least: least, on: &$0) }
        }
    }

    private func draw(
        _ title: SafeText, _ values: [Double?], _ text: (Double) -> String, least: Double,
        on grid: inout CellGrid
    ) {
        let look = scene.look
        let highest = values.compactMap { $0 }.max() ?? 0
        grid.text(title, x: 0, y: 0, look[.columnHead])
        grid.text(
            SafeText("max " + text(highest)), x: 0, y: 0, look[.scale], width: grid.width,
            align: .right)
        // What is next to nothing looks like it.
        let full = max(highest, least)
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            for row in 1..<max(1, grid.height) {
                guard
                    let glyph = Sparkline.cell(
                        share: value / full, row: row - 1, of: grid.height - 1)
                else { continue }
                grid.put(glyph, x: grid.width - values.count + index, y: row, look[.volume])
            }
        }
    }
}
