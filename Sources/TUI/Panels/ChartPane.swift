import Engine
import MarketModel

/// Pane 2: bars of one ticker with volume, the session's VWAP and the last price.
struct ChartPane {
    let scene: Scene

    var note: SafeText {
        let state = scene.state
        let names = BarInterval.allCases.map { $0 == state.interval ? "[\($0.name)]" : $0.name }
        let pan = state.series.map { $0.pan > 0 ? " · \($0.pan) back" : "" } ?? ""
        let symbol = (state.drill ?? state.selection).map { "\($0) " } ?? ""
        return SafeText(symbol + names.joined(separator: " ") + pan)
    }

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let symbol = scene.state.drill ?? scene.state.selection
        guard let series = scene.state.series, series.symbol == symbol, !series.bars.isEmpty,
            grid.width >= 24
        else {
            let isKnown =
                scene.state.series.map { $0.symbol == symbol && $0.isLoaded } ?? false
            let isReading = !isKnown && scene.state.hasSnapshot
            grid.text(isReading ? "reading bars …" : scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let bars = Array(series.bars.dropLast(series.pan))
        let vwap = vwapLine(series).dropLast(series.pan)
        let step = grid.width >= 56 ? 2 : 1
        let slots = ChartSlots(
            bars: bars, interval: series.interval, count: (grid.width - 11) / step)
        guard let plot = PlotScale(slots: slots.bars(bars), rows: plotRows(grid.height)) else {
            grid.text("no trade that may set a price yet", x: 1, y: 1, look[.dim])
            return
        }
        drawFigures(bars, Array(vwap), on: &grid)
        let plotRect = Rect(x: 0, y: 1, width: grid.width, height: plot.rows)
        grid.inside(plotRect) { grid in
            let canvas = Candles(look: look, plot: plot, step: step, width: grid.width - 11)
            canvas.drawScale(on: &grid)
            canvas.draw(slots, bars, on: &grid)
            canvas.drawLine(slots, Array(vwap), on: &grid)
            canvas.drawLastPrice(lastPrice(bars), on: &grid)
        }
        let volumeRows = volumeRows(grid.height)
        let below = Rect(x: 0, y: 1 + plot.rows, width: grid.width, height: volumeRows)
        grid.inside(below) { drawVolume(slots, bars, step: step, on: &$0) }
        drawTimes(slots, bars, step: step, row: grid.height - 1, on: &grid)
    }

    private func volumeRows(_ height: Int) -> Int { height >= 20 ? 4 : height >= 12 ? 2 : 1 }

    private func plotRows(_ height: Int) -> Int { max(1, height - 2 - volumeRows(height)) }

    /// The one on the quotes while the chart follows the market, else the close of its newest bar.
    private func lastPrice(_ bars: [Bar]) -> Price? {
        guard let series = scene.state.series, series.pan == 0 else {
            return bars.last { $0.close != nil }?.close
        }
        return scene.market.ticker(series.symbol)?.figures.price
            ?? bars.last { $0.close != nil }?.close
    }

    private func vwapLine(_ series: ChartSeries) -> [Price?] {
        guard series.interval != .day, let ticker = scene.market.ticker(series.symbol) else {
            return Array(repeating: nil, count: series.bars.count)
        }
        let day = scene.time.secondsFloor.flooredQuotient(86_400) * 86_400
        let start =
            ticker.market == .continuous
            ? Timestamp(seconds: day) : scene.state.session.startedAt ?? scene.time
        return VWAPLine.values(
            bars: series.bars, sessionVWAP: ticker.figures.vwapSession,
            sessionVolume: ticker.figures.sessionVolume, sessionStart: start)
    }

    private func drawFigures(_ bars: [Bar], _ vwap: [Price?], on grid: inout CellGrid) {
        let look = scene.look
        guard let bar = bars.last else { return }
        let places = NumberText.places(for: bar.close)
        let gap = grid.width < 64 ? 1 : 2
        var x = 0
        let rising = Direction(
            (bar.close?.asDouble).flatMap { close in bar.open.map { close - $0.asDouble } })
        for (name, price) in [("O", bar.open), ("H", bar.high), ("L", bar.low), ("C", bar.close)] {
            x = grid.text(SafeText(name), x: x, y: 0, look[.dim])
            x = grid.text(
                SafeText(NumberText.price(price, places: places)), x: x + 1, y: 0,
                look.style(of: rising))
            x += gap
        }
        x = grid.text("V", x: x, y: 0, look[.dim])
        x =
            grid.text(SafeText(NumberText.scaled(bar.volume.asDouble)), x: x + 1, y: 0, look[.base])
            + 2
        if let price = vwap.last ?? nil {
            x = grid.text("VWAP", x: x, y: 0, look[.vwap])
            x =
                grid.text(
                    SafeText(NumberText.price(price, places: places)), x: x + 1, y: 0, look[.base])
                + 2
        }
        if !bar.isFinal { grid.text("open bar", x: x, y: 0, look[.dim]) }
    }

    private func drawVolume(
        _ slots: ChartSlots, _ bars: [Bar], step: Int, on grid: inout CellGrid
    ) {
        let look = scene.look
        let highest = slots.bars(bars).map(\.volume.asDouble).max() ?? 0
        guard highest > 0 else { return }
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot else { continue }
            let column = Sparkline.column(
                share: bars[index].volume.asDouble / highest, rows: grid.height)
            for (row, glyph) in column.enumerated() {
                if let glyph { grid.put(glyph, x: position * step, y: row, look[.volume]) }
            }
        }
        grid.text(
            SafeText(NumberText.scaled(highest)), x: grid.width - 10, y: 0, look[.scale])
    }

    private func drawTimes(
        _ slots: ChartSlots, _ bars: [Bar], step: Int, row: Int, on grid: inout CellGrid
    ) {
        let look = scene.look
        var free = 0
        let zone = scene.state.interval == .day ? "" : ClockText.exchangeZone
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot, isMarked(bars, index) else { continue }
            let text = SafeText(timeText(bars[index].start))
            let x = position * step
            guard x >= free, x + text.width < grid.width - 10 else { continue }
            grid.text(text, x: x, y: row, look[.scale])
            free = x + text.width + 3
        }
        grid.text(SafeText(zone), x: grid.width - 10, y: row, look[.scale])
    }

    private func timeText(_ start: Timestamp) -> String {
        switch scene.state.interval {
        case .second: ClockText.exchange(start)
        case .day: ClockText.exchangeDay(start)
        case .minute, .fiveMinutes, .fifteenMinutes, .hour:
            ClockText.exchange(start, seconds: false)
        }
    }

    /// Round times only: every 10 s, 10 min, 30 min, 2 h, 6 h.
    private func isMarked(_ bars: [Bar], _ index: Int) -> Bool {
        let every: Int64 =
            switch bars[index].interval {
            case .second: 10
            case .minute: 600
            case .fiveMinutes: 1800
            case .fifteenMinutes: 7200
            case .hour: 21_600
            case .day: 1
            }
        let slot = bars[index].start.secondsFloor.flooredQuotient(every)
        return index == 0 || bars[index - 1].start.secondsFloor.flooredQuotient(every) != slot
    }
}
