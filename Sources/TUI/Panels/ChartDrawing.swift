import Engine
import MarketModel

/// The parts of a chart, drawn over the same places in time.
struct ChartDrawing {
    /// Values at each bar, `nil` where there is none; empty lines are off.
    struct Lines {
        var closes: [Double?] = []
        var vwap: [Double?] = []
        var ema: [Double?] = []
        var upper: [Double?] = []
        var lower: [Double?] = []
        var rsi: [Double?] = []
        var macd: [Double?] = []
        var signal: [Double?] = []
    }

    struct Cross {
        var position: Int
        var bar: Int
    }

    let scene: Scene
    let series: ChartSeries
    let bars: [Bar]
    let slots: ChartSlots
    /// The bars that have a place.
    let shown: [Bar]
    let step: Int
    /// Columns of the plot; the scale follows.
    let width: Int
    let lines: Lines
    let cross: Cross?
    /// The newest bar is at the right edge.
    let isAtEdge: Bool

    private var look: Look { scene.look }

    /// Open, high, low, close and the lines, of the bar at the crosshair or the newest.
    func drawFigures(on grid: inout CellGrid) {
        let index = cross?.bar ?? bars.count - 1
        let bar = bars[index]
        let places = NumberText.places(for: bar.close)
        let gap = grid.width < 64 ? 1 : 2
        var x = 0
        if cross != nil {
            x = grid.text(SafeText(timeText(bar.start)), x: 0, y: 0, look[.crosshair]) + gap
        }
        func add(_ name: SafeText, _ text: String, _ head: Slot, _ style: Style) {
            guard x + name.width + 1 + text.count <= grid.width else { return }
            x = grid.text(name, x: x, y: 0, look[head])
            x = grid.text(SafeText(text), x: x + 1, y: 0, style) + gap
        }
        let change = (bar.close?.asDouble).flatMap { close in bar.open.map { close - $0.asDouble } }
        let style = look.style(of: Direction(change))
        for (name, price): (SafeText, Price?) in [
            ("O", bar.open), ("H", bar.high), ("L", bar.low), ("C", bar.close),
        ] {
            add(name, NumberText.price(price, places: places), .dim, style)
        }
        add("V", NumberText.scaled(bar.volume.asDouble), .dim, look[.base])
        let named: [(SafeText, [Double?], Slot)] = [
            ("VWAP", lines.vwap, .vwap), ("EMA20", lines.ema, .ema), ("BB", lines.upper, .bands),
            ("/", lines.lower, .bands), ("RSI", lines.rsi, .oscillator),
            ("MACD", lines.macd, .oscillator),
        ]
        for (name, line, slot) in named where index < line.count {
            guard let value = line[index] else { continue }
            let decimals = slot == .oscillator && name == "RSI" ? 0 : places
            add(name, NumberText.fixed(value, places: decimals), slot, look[.base])
        }
        let open: SafeText = "open bar"
        if !bar.isFinal, x + open.width <= grid.width {
            grid.text(open, x: x, y: 0, look[.dim])
        }
    }

    func drawPrices(_ plot: PlotScale, on grid: inout CellGrid) {
        let canvas = Candles(look: look, plot: plot, step: step, width: width)
        canvas.drawScale(on: &grid)
        if scene.state.choices.chartStyle == .line {
            canvas.drawLine(slots, lines.closes, look[.line], on: &grid)
        } else {
            canvas.draw(slots, bars, on: &grid)
        }
        for (line, slot) in [
            (lines.vwap, Slot.vwap), (lines.ema, .ema), (lines.upper, .bands),
            (lines.lower, .bands),
        ] where !line.isEmpty {
            canvas.drawLine(slots, line, look[slot], on: &grid)
        }
        canvas.drawLastPrice(lastPrice, on: &grid)
        guard let cross else { return }
        drawCross(rows: plot.rows, on: &grid)
        if let close = bars[cross.bar].close {
            let text = NumberText.price(close, places: NumberText.places(for: close))
            grid.text(
                SafeText(text), x: width + 1, y: plot.place(close, parts: 1), look[.crosshair],
                width: 10)
        }
    }

    /// The one on the quotes while the chart follows the market, else the close of its newest bar.
    private var lastPrice: Price? {
        let close = bars.last { $0.close != nil }?.close
        guard isAtEdge else { return close }
        return scene.market.ticker(series.symbol)?.figures.price ?? close
    }

    private func drawCross(rows: Int, on grid: inout CellGrid) {
        guard let cross else { return }
        let x = x(cross.position)
        for row in 0..<rows {
            let beneath = grid.glyph(x: x, y: row)
            guard beneath == .space || beneath == Glyph("·") || beneath == Glyph("┆") else {
                continue
            }
            grid.put(Glyph("┆"), x: x, y: row, look[.crosshair])
        }
    }

    /// The middle column of a place.
    private func x(_ position: Int) -> Int { position * step + max(1, step - 1) / 2 }

    func drawVolume(on grid: inout CellGrid) {
        let highest = shown.reduce(0) { max($0, $1.volume.asDouble) }
        guard highest > 0 else { return }
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot else { continue }
            let share = bars[index].volume.asDouble / highest
            for row in 0..<grid.height {
                guard let glyph = Sparkline.cell(share: share, row: row, of: grid.height)
                else { continue }
                for offset in 0..<max(1, step - 1) {
                    grid.put(glyph, x: position * step + offset, y: row, look[.volume])
                }
            }
        }
        grid.text(SafeText(NumberText.scaled(highest)), x: width + 1, y: 0, look[.scale])
        drawCross(rows: grid.height, on: &grid)
    }

    /// From 0 to 100, with its bounds at 30 and 70.
    func drawRSI(on grid: inout CellGrid) {
        guard grid.height > 0 else { return }
        let plot = PlotScale(rows: grid.height, low: 0, high: 100)
        for bound in [30.0, 70] {
            let row = plot.place(bound, parts: 1)
            for x in stride(from: 0, to: width, by: 2) {
                grid.put(Glyph("·"), x: x, y: row, look[.border])
            }
        }
        drawOscillator(lines.rsi, plot, look[.oscillator], on: &grid)
        grid.text("RSI 70/30", x: width + 1, y: 0, look[.scale], width: 10)
        drawCross(rows: grid.height, on: &grid)
    }

    func drawMACD(on grid: inout CellGrid) {
        guard grid.height > 0 else { return }
        let shown = slots.slots.flatMap { slot -> [Double] in
            guard case .bar(let index) = slot else { return [] }
            return [lines.macd[index], lines.signal[index]].compactMap { $0 }
        }
        let reach = shown.map(\.magnitude).max() ?? 0
        guard reach > 0 else { return }
        let plot = PlotScale(rows: grid.height, low: -reach * 1.05, high: reach * 1.05)
        let middle = plot.place(0.0, parts: 1)
        for x in stride(from: 0, to: width, by: 2) {
            grid.put(Glyph("·"), x: x, y: middle, look[.border])
        }
        drawOscillator(lines.signal, plot, look[.dim], on: &grid)
        drawOscillator(lines.macd, plot, look[.oscillator], on: &grid)
        grid.text("MACD", x: width + 1, y: 0, look[.scale], width: 10)
        drawCross(rows: grid.height, on: &grid)
    }

    private func drawOscillator(
        _ line: [Double?], _ plot: PlotScale, _ style: Style, on grid: inout CellGrid
    ) {
        Candles(look: look, plot: plot, step: step, width: width)
            .drawLine(slots, line, style, on: &grid)
    }

    // MARK: - What happened meanwhile

    /// `!` where an anomaly began, `s` where the interval's indicators gave a signal, `●` where a
    /// headline came; the first of these that a place has is shown.
    func drawMarks(on grid: inout CellGrid) {
        let oldest = shown.first?.start ?? .distantPast
        let episodes = worstEpisodes(since: oldest)
        let signals = (scene.market.ticker(series.symbol)?.signals ?? [])
            .filter { $0.interval == series.interval }
        var articles: [ScoredArticle] = []
        let known = scene.state.articles
        for index in known.indices {
            if known[index].article.publishedAt < oldest { break }
            if known[index].article.symbol == series.symbol { articles.append(known[index]) }
        }
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot else { continue }
            let x = x(position)
            if let worst = episodes[index] {
                grid.put(Glyph("!"), x: x, y: 0, look[AnomaliesPane.slot(worst)])
            } else if signals.contains(where: { $0.barStart == bars[index].start }) {
                grid.put(Glyph("s"), x: x, y: 0, look[.accent])
            } else if !articles.isEmpty,
                let article = strongest(articles, in: bars[index].start..<end(of: index))
            {
                let isStrong = article.correlation?.strength == .strong
                let mood = NewsPane.mood(article.sentiment, look)
                grid.put(Glyph("●"), x: x, y: 0, isStrong ? look[.high] : mood)
            }
        }
        grid.text("! s ● news", x: width + 1, y: 0, look[.scale], width: 10)
    }

    /// Of the episodes that began within each bar the worst's severity; `nil` without one.
    private func worstEpisodes(since oldest: Timestamp) -> [Severity?] {
        var worst = [Severity?](repeating: nil, count: bars.count)
        var index = bars.count - 1
        let readings = scene.state.episodes.readings
        // The newest come first.
        for place in readings.indices {
            let at = readings[place].episode.firstAt
            if at < oldest { break }
            guard readings[place].episode.symbol == series.symbol else { continue }
            while index >= 0, bars[index].start > at { index -= 1 }
            guard index >= 0, at < end(of: index) else { continue }
            worst[index] = max(worst[index] ?? .low, readings[place].episode.severity)
        }
        return worst
    }

    private func end(of index: Int) -> Timestamp {
        let length = Duration.seconds(series.interval.rawValue)
        let regular = bars[index].start.advanced(by: length)
        // A day's bar starts at the open and reaches to the next one.
        return index + 1 < bars.count && series.interval == .day ? bars[index + 1].start : regular
    }

    private func strongest(_ articles: [ScoredArticle], in span: Range<Timestamp>)
        -> ScoredArticle?
    {
        articles.lazy.filter { span.contains($0.article.publishedAt) }.max {
            ($0.sentiment?.compound.magnitude ?? 0) < ($1.sentiment?.compound.magnitude ?? 0)
        }
    }

    func drawTimes(on grid: inout CellGrid) {
        var free = 0
        let zone = series.interval == .day ? "" : scene.clock.name(at: scene.time)
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot, isMarked(index) else { continue }
            let text = SafeText(timeText(bars[index].start))
            let x = position * step
            guard x >= free, x + text.width < grid.width - 10 else { continue }
            grid.text(text, x: x, y: 0, look[.scale])
            free = x + text.width + 3
        }
        grid.text(SafeText(zone), x: grid.width - 10, y: 0, look[.scale])
        if let cross {
            let text = SafeText(timeText(bars[cross.bar].start))
            let x = min(max(0, x(cross.position) - text.width / 2), width - text.width)
            grid.text(text, x: x, y: 0, look[.crosshair].adding(.reverse))
        }
    }

    private func timeText(_ start: Timestamp) -> String {
        switch series.interval {
        case .second: scene.clock.time(start)
        case .day: scene.clock.day(start)
        case .minute, .fiveMinutes, .fifteenMinutes, .hour:
            scene.clock.time(start, seconds: false)
        }
    }

    /// Round times only: every 10 s, 10 min, 30 min, 2 h, 6 h.
    private func isMarked(_ index: Int) -> Bool {
        let every: Int64 =
            switch series.interval {
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
