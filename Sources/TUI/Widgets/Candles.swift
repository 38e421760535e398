import MarketModel

/// Which bar stands in which place of a chart, oldest first; stretches without trades keep a place
/// of their own.
struct ChartSlots {
    enum Slot: Equatable { case bar(Int), gap }

    let slots: [Slot]

    /// The newest `count` places.
    init(bars: [Bar], interval: BarInterval, count: Int) {
        // A quiet second is no gap worth drawing; a quiet minute is.
        let intervalsMax: Int64 = interval == .second ? 30 : interval == .day ? 5 : 1
        var slots: [Slot] = []
        for index in bars.indices.reversed() where slots.count < max(0, count) {
            slots.append(.bar(index))
            guard index > 0 else { continue }
            let quiet = bars[index].start.secondsFloor - bars[index - 1].start.secondsFloor
            if quiet > interval.rawValue * intervalsMax { slots.append(.gap) }
        }
        self.slots = slots.prefix(max(0, count)).reversed()
    }

    func bars(_ bars: [Bar]) -> [Bar] {
        slots.compactMap { if case .bar(let index) = $0 { bars[index] } else { nil } }
    }
}

/// Prices to rows: two halves a row.
struct PlotScale {
    let rows: Int
    let low: Double
    let high: Double

    /// `nil` when no bar has a price.
    init?(slots: [Bar], rows: Int) {
        let lows = slots.compactMap { ($0.low ?? $0.close)?.asDouble }
        let highs = slots.compactMap { ($0.high ?? $0.close)?.asDouble }
        guard let least = lows.min(), let most = highs.max(), rows > 0 else { return nil }
        let margin = max((most - least) * 0.04, most.magnitude * 0.0001)
        self.rows = rows
        low = least - margin
        high = most + margin
    }

    /// Values from `low` to `high`, for what is no price.
    init(rows: Int, low: Double, high: Double) {
        self.rows = max(1, rows)
        self.low = low
        self.high = max(high, low + 1e-9)
    }

    /// From the top, in `parts` of a row; clamped to the plot.
    func place(_ price: Price, parts: Int) -> Int { place(price.asDouble, parts: parts) }

    func place(_ value: Double, parts: Int) -> Int {
        let share = (high - value) / (high - low)
        return min(max(0, Int(share * Double(rows * parts))), rows * parts - 1)
    }

    /// Round prices within the plot, about one every `spacing` rows and no finer than `places`
    /// decimals.
    func marks(spacing: Int, places: Int) -> [Price] {
        let tick = power(10, Double(-places))
        let rough = max((high - low) / Double(max(1, rows / spacing)), tick * 0.999)
        var unit = 1e-8
        while unit * 10 <= rough { unit *= 10 }
        let step = [1, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? unit * 10
        var marks: [Price] = []
        var value = (low / step).rounded(.up) * step
        while value < high, marks.count < 50, value.magnitude < 9e9 {
            marks.append(Price(units: Int64((value * Double(Price.scale)).rounded())))
            value += step
        }
        return marks
    }
}

/// Draws bars as candles, two halves a cell: risen ones solid, fallen ones shaded.
struct Candles {
    let look: Look
    let plot: PlotScale
    /// Columns a bar takes, a gap of one included when it is 2.
    let step: Int
    /// Columns of the plot; the price scale follows.
    let width: Int

    func drawScale(on grid: inout CellGrid) {
        for price in plot.marks(spacing: 4, places: places) {
            let row = plot.place(price, parts: 1)
            for x in stride(from: 0, to: width, by: 4) {
                grid.put(Glyph("·"), x: x, y: row, look[.border])
            }
            grid.text(priceText(price), x: width + 1, y: row, look[.scale], width: 10)
        }
    }

    func draw(_ slots: ChartSlots, _ bars: [Bar], on grid: inout CellGrid) {
        for (position, slot) in slots.slots.enumerated() {
            switch slot {
            case .bar(let index): draw(bars[index], x: position * step, on: &grid)
            case .gap:
                for row in 0..<plot.rows {
                    grid.put(Glyph("┆"), x: position * step, y: row, look[.border])
                }
            }
        }
    }

    /// A body is as wide as its place, a wick stands in the middle.
    private func draw(_ bar: Bar, x: Int, on grid: inout CellGrid) {
        guard let open = bar.open, let close = bar.close else { return }
        let high = max(bar.high ?? open, open, close)
        let low = min(bar.low ?? close, open, close)
        let wick = plot.place(high, parts: 2)...plot.place(low, parts: 2)
        let body = plot.place(max(open, close), parts: 2)...plot.place(min(open, close), parts: 2)
        let isRisen = close >= open
        let style = look[isRisen ? .up : .down]
        let width = max(1, step - 1)
        for row in (wick.lowerBound / 2)...(wick.upperBound / 2) {
            guard let glyph = glyph(row: row, body: body, wick: wick, isRisen: isRisen) else {
                continue
            }
            // Half blocks have no shade of their own, so those of a fallen bar are dimmed to match
            // it.
            let isShaded = !isRisen && (glyph == Glyph("▀") || glyph == Glyph("▄"))
            let isWick = glyph == Glyph("│") || glyph == Glyph("╵") || glyph == Glyph("╷")
            for column in isWick ? (width / 2)...(width / 2) : 0...(width - 1) {
                grid.put(
                    glyph, x: x + column, y: row, isShaded ? style.adding(.dim) : style)
            }
        }
    }

    private func glyph(row: Int, body: ClosedRange<Int>, wick: ClosedRange<Int>, isRisen: Bool)
        -> Glyph?
    {
        let upper = row * 2
        let lower = upper + 1
        // Without colours or half blocks only the fill tells a fallen bar.
        let isPlain = look.capabilities.colorDepth == .none || look.capabilities.glyphs == .ascii
        let shade = Glyph(isRisen ? "█" : "▒")
        switch (body.contains(upper), body.contains(lower)) {
        case (true, true): return shade
        case (true, false): return isPlain && !isRisen ? shade : Glyph("▀")
        case (false, true): return isPlain && !isRisen ? shade : Glyph("▄")
        case (false, false): break
        }
        switch (wick.contains(upper), wick.contains(lower)) {
        case (true, true): return Glyph("│")
        case (true, false): return Glyph("╵")
        case (false, true): return Glyph("╷")
        case (false, false): return nil
        }
    }

    /// A braille line through one value a slot, behind what is drawn already.
    func drawLine(
        _ slots: ChartSlots, _ values: [Double?], _ style: Style, on grid: inout CellGrid
    ) {
        var dots = [UInt32](repeating: 0, count: width * plot.rows)
        var last: (x: Int, y: Int)?
        for (position, slot) in slots.slots.enumerated() {
            guard case .bar(let index) = slot, let value = values[index], value > plot.low,
                value < plot.high
            else {
                if case .bar = slot { last = nil }
                continue
            }
            let point = (
                x: position * step * 2 + max(1, step - 1) / 2 * 2, y: plot.place(value, parts: 4)
            )
            let start = last ?? point
            let steps = max(1, abs(point.x - start.x), abs(point.y - start.y))
            for step in 0...steps {
                let x = start.x + (point.x - start.x) * step / steps
                let y = start.y + (point.y - start.y) * step / steps
                let cell = y / 4 * width + x / 2
                if dots.indices.contains(cell) {
                    dots[cell] |= Candles.brailleBit(x: x % 2, y: y % 4)
                }
            }
            last = point
        }
        for (cell, bits) in dots.enumerated() where bits != 0 {
            let x = cell % width
            let row = cell / width
            let beneath = grid.glyph(x: x, y: row)
            guard beneath == .space || beneath == Glyph("·"),
                let scalar = Unicode.Scalar(0x2800 + bits)
            else { continue }
            grid.put(Glyph(scalar), x: x, y: row, style)
        }
    }

    private static func brailleBit(x: Int, y: Int) -> UInt32 {
        y == 3 ? (x == 0 ? 0x40 : 0x80) : UInt32(1) << UInt32(x * 3 + y)
    }

    func drawLastPrice(_ price: Price?, on grid: inout CellGrid) {
        guard let price else { return }
        let row = plot.place(price, parts: 1)
        grid.text("◀", x: width, y: row, look[.accent])
        let text = NumberText.price(price, places: NumberText.places(for: price))
        grid.text(SafeText(text + " "), x: width + 1, y: row, look[.lastPrice], width: 10)
    }

    private func priceText(_ price: Price) -> SafeText {
        SafeText(NumberText.price(price, places: places))
    }

    private var places: Int {
        guard plot.high.magnitude < 9e9 else { return 2 }
        return NumberText.places(for: Price(units: Int64(plot.high * Double(Price.scale))))
    }
}

extension CellGrid {
    /// What is at a place of the present area; a space outside of it.
    func glyph(x: Int, y: Int) -> Glyph {
        guard x >= 0, y >= 0, x < area.width, y < area.height else { return .space }
        return cells[(area.y + y) * size.columns + area.x + x].glyph
    }
}
