import Engine
import MarketModel

/// Pane 2: bars of one ticker as candles or a line, what is computed from them, and what happened
/// meanwhile.
struct ChartPane {
    let scene: Scene

    private var symbol: Symbol? { scene.state.drill ?? scene.state.selection }

    var note: SafeText {
        let state = scene.state
        let lines = ChartIndicator.allCases.filter { state.choices.indicators.contains($0) }
        let on = lines.isEmpty ? "" : " · " + lines.map(\.rawValue).joined(separator: " ")
        return shortNote + SafeText(on)
    }

    /// Without the lines.
    var shortNote: SafeText {
        let state = scene.state
        let pan = state.series.map { $0.pan > 0 ? " · \($0.pan) back" : "" } ?? ""
        let symbol = symbol.map { "\($0) " } ?? ""
        return SafeText(symbol + (ChartPane.intervalNames[state.interval] ?? "") + pan)
    }

    /// Every interval in a row, the chosen one in brackets.
    private static let intervalNames = Dictionary(
        uniqueKeysWithValues: BarInterval.allCases.map { chosen in
            let names = BarInterval.allCases.map { $0 == chosen ? "[\($0.name)]" : $0.name }
            return (chosen, names.joined(separator: " "))
        })

    func draw(on grid: inout CellGrid) {
        guard let series = scene.state.series, series.symbol == symbol, !series.bars.isEmpty,
            grid.width >= 24
        else { return drawNothing(on: &grid) }
        let parts = ChartParts(height: grid.height, indicators: scene.state.choices.indicators)
        let step = scene.state.choices.barStep ?? (grid.width >= 56 ? 2 : 1)
        let count = max(1, (grid.width - 11) / step)
        let pan = pan(series, places: count)
        // One more than there are places: what comes before the first decides about a gap there.
        let bars = Array(series.bars.dropLast(pan).suffix(count + 1))
        let slots = ChartSlots(bars: bars, interval: series.interval, count: count)
        let shown = slots.bars(bars)
        guard let plot = PlotScale(slots: shown, rows: parts.plot) else {
            grid.text("no trade that may set a price yet", x: 1, y: 1, scene.look[.dim])
            return
        }
        let chart = ChartDrawing(
            scene: scene, series: series, bars: bars, slots: slots, shown: shown, step: step,
            width: grid.width - 11, lines: lines(series, pan: pan, count: bars.count),
            cross: cross(slots, pan: pan - series.pan), isAtEdge: pan == 0)
        chart.drawFigures(on: &grid)
        var rest = Rect(x: 0, y: 1, width: grid.width, height: grid.height - 1)
        func next(_ rows: Int) -> Rect {
            let (top, below) = rest.splitTop(rows)
            rest = below
            return top
        }
        grid.inside(next(parts.plot)) { chart.drawPrices(plot, on: &$0) }
        grid.inside(next(parts.volume)) { chart.drawVolume(on: &$0) }
        grid.inside(next(parts.rsi)) { chart.drawRSI(on: &$0) }
        grid.inside(next(parts.macd)) { chart.drawMACD(on: &$0) }
        grid.inside(next(parts.marks)) { chart.drawMarks(on: &$0) }
        grid.inside(next(1)) { chart.drawTimes(on: &$0) }
    }

    private func drawNothing(on grid: inout CellGrid) {
        let isKnown = scene.state.series.map { $0.symbol == symbol && $0.isLoaded } ?? false
        let isReading = !isKnown && scene.state.hasSnapshot
        grid.text(
            isReading ? "reading bars …" : scene.waitingReason, x: 1, y: 1, scene.look[.dim])
    }

    /// A crosshair moved beyond the left edge takes the chart with it.
    private func pan(_ series: ChartSeries, places: Int) -> Int {
        let beyond = (scene.state.crosshair ?? 0) - places * 2 / 3
        return min(series.pan + max(0, beyond), max(0, series.bars.count - 1))
    }

    /// The bar under the crosshair and its place.
    private func cross(_ slots: ChartSlots, pan: Int) -> ChartDrawing.Cross? {
        guard let crosshair = scene.state.crosshair else { return nil }
        let places = slots.slots.enumerated().compactMap { position, slot in
            if case .bar(let index) = slot {
                ChartDrawing.Cross(position: position, bar: index)
            } else {
                nil
            }
        }
        let back = min(max(0, crosshair - pan), places.count - 1)
        return places.isEmpty ? nil : places[places.count - 1 - back]
    }

    /// At each of the `count` bars that end `pan` before the newest.
    private func lines(_ series: ChartSeries, pan: Int, count: Int) -> ChartDrawing.Lines {
        let on = scene.state.choices.indicators
        func cut<Value>(_ line: [Value]) -> [Value] { Array(line.dropLast(pan)) }
        var lines = ChartDrawing.Lines()
        lines.closes = series.bars.dropLast(pan).suffix(count).map { $0.close?.asDouble }
        if on.contains(.vwap) { lines.vwap = cut(vwapLine(series, last: pan + count)) }
        guard on.contains(where: \.isComputed) else { return lines }
        let reading = scene.market.ticker(series.symbol)?.indicators?
            .first { $0.interval == series.interval }
        let points = cut(series.points(last: pan + count, live: reading))
        if on.contains(.ema) { lines.ema = points.map { $0?.ema } }
        if on.contains(.bollinger) {
            lines.upper = points.map { $0?.upper }
            lines.lower = points.map { $0?.lower }
        }
        if on.contains(.rsi) { lines.rsi = points.map { $0?.rsi } }
        if on.contains(.macd) {
            lines.macd = points.map { $0?.macd }
            lines.signal = points.map { $0?.signal }
        }
        return lines
    }

    /// At each of the newest `count` bars.
    private func vwapLine(_ series: ChartSeries, last count: Int) -> [Double?] {
        guard series.interval != .day, let ticker = scene.market.ticker(series.symbol) else {
            return Array(repeating: nil, count: min(count, series.bars.count))
        }
        let day = scene.time.secondsFloor.flooredQuotient(86_400) * 86_400
        let start =
            ticker.market == .continuous
            ? Timestamp(seconds: day) : scene.state.session.startedAt ?? scene.time
        return VWAPLine.values(
            bars: series.bars.suffix(count), sessionVWAP: ticker.figures.vwapSession,
            sessionVolume: ticker.figures.sessionVolume, sessionStart: start
        ).map { $0?.asDouble }
    }
}

/// How many rows each part of a chart gets.
struct ChartParts: Equatable {
    var volume: Int
    var rsi = 0
    var macd = 0
    var marks = 0
    var plot: Int

    /// Figures above and times below take a row each; what lies below the price comes when there is
    /// room for it.
    init(height: Int, indicators: Set<ChartIndicator>) {
        volume = height >= 20 ? 4 : height >= 12 ? 2 : 1
        if height >= 10 { marks = 1 }
        if indicators.contains(.rsi), height >= 16 { rsi = height >= 24 ? 3 : 2 }
        if indicators.contains(.macd), height >= 18 { macd = height >= 26 ? 3 : 2 }
        plot = max(1, height - 2 - volume - rsi - macd - marks)
    }
}
