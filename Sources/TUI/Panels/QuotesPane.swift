import Engine
import MarketModel

/// Pane 1: every ticker with price, change, bid and ask, volume, trend and age.
struct QuotesPane {
    let scene: Scene

    private struct Line {
        var symbol: Symbol
        var ticker: TickerSnapshot?
        var figures: RollingFigures { ticker?.figures ?? RollingFigures() }
        var age: Duration?
        var staleness: Staleness
        var isSelected: Bool
    }

    var note: SafeText {
        let state = scene.state
        let order = state.sort.isReversed ? "▲" : "▼"
        let sort =
            state.sort.column == .configured ? "" : "\(state.sort.column.rawValue)\(order) · "
        let filter = state.filter.isEmpty ? "" : "/\(state.filter.text) · "
        let group = state.group.map { "\($0.name) · " } ?? ""
        return SafeText("\(group)\(filter)\(sort)\(QuotesPane.counted(state.rows.count))")
    }

    /// `1 ticker`, `24 tickers`
    static func counted(_ count: Int) -> String { "\(count) ticker\(count == 1 ? "" : "s")" }

    func draw(on grid: inout CellGrid) {
        let rows = scene.state.rows
        guard !rows.isEmpty else {
            let reason: SafeText =
                scene.state.filter.isEmpty
                ? scene.waitingReason : SafeText("no ticker matches /\(scene.state.filter.text)")
            grid.text(reason, x: 1, y: 1, scene.look[.dim])
            return
        }
        let lines = scene.visibleRows(height: grid.height - 1).map(line)
        let table = Table(
            columns(lines), width: grid.width, look: scene.look, offset: scene.state.columnOffset)
        table.drawHeads(row: 0, on: &grid)
        for (row, line) in lines.enumerated() {
            if line.isSelected {
                let bar = Rect(x: 0, y: row + 1, width: grid.width, height: 1)
                grid.fill(bar, scene.look[.selection])
            }
            table.draw(line, row: row + 1, on: &grid)
        }
        if lines.allSatisfy({ $0.ticker?.figures.price == nil }) {
            grid.text(scene.waitingReason, x: 2, y: lines.count + 1, scene.look[.dim])
        }
    }

    /// The head of the column at `x`, for the mouse.
    func head(at x: Int, width: Int) -> String? {
        let lines = scene.state.rows.prefix(100).map(line)
        return Table(
            columns(lines), width: width, look: scene.look, offset: scene.state.columnOffset
        ).head(at: x)
    }

    private func line(_ symbol: Symbol) -> Line {
        let ticker = scene.market.ticker(symbol)
        let age = ticker?.receivedAt.map { scene.time.duration(since: $0) }
        return Line(
            symbol: symbol, ticker: ticker, age: age,
            staleness: scene.staleness(age), isSelected: scene.state.selection == symbol)
    }

    private func columns(_ lines: [Line]) -> [Column<Line>] {
        let prices = PriceColumn(lines.map(\.figures.price))
        let names = lines.map { $0.symbol.description.utf8.count }.max() ?? 5
        return marked(nameWidth: max(5, min(names, 10)))
            + priced(prices, lines) + sides(prices) + tail()
    }

    private func marked(nameWidth: Int) -> [Column<Line>] {
        let look = scene.look
        return [
            Column(head: "", width: 1, align: .left, rank: 0) { line, _ in
                (line.isSelected ? "▸" : " ", look[.accent])
            },
            Column(head: "SYM", width: nameWidth, align: .left, rank: 0) { line, _ in
                let name = SafeText(line.symbol.description)
                return (name, look[line.isSelected ? .cursor : .title])
            },
        ]
    }

    private func priced(_ prices: PriceColumn, _ lines: [Line]) -> [Column<Line>] {
        let look = scene.look
        let width = prices.width(lines.map(\.figures.price))
        return [
            Column(head: "LAST", width: width, rank: 0) { line, _ in
                let text = prices.text(line.figures.price, scale: line.figures.price)
                return (text, priceStyle(line))
            },
            Column(head: "", width: 1, rank: 0) { line, _ in
                let direction = Direction(change: line.figures)
                guard line.figures.price != nil else { return ("", look[.dim]) }
                return (direction.mark, style(line, look.style(of: direction)))
            },
            Column(head: "CHG", width: width, rank: 5) { line, _ in
                let text = prices.text(line.figures.change, scale: line.figures.price, plus: true)
                return (text, style(line, look.style(of: Direction(change: line.figures))))
            },
            Column(head: "CHG%", width: 8, rank: 0) { line, _ in
                let text = NumberText.fixed(
                    line.figures.changePercent, places: 2, plus: true, unit: "%")
                return (
                    SafeText(text),
                    style(line, look.style(of: Direction(change: line.figures)))
                )
            },
            Column(head: "", width: 1, rank: 4) { line, _ in
                (basisMark(line.figures.changeBasis), look[.dim])
            },
        ]
    }

    /// Change against anything but yesterday's close is marked.
    private func basisMark(_ basis: ChangeBasis?) -> SafeText {
        switch basis {
        case .sessionOpen: "o"
        case .firstSeen: "*"
        case .previousClose, nil: ""
        }
    }

    private func sides(_ prices: PriceColumn) -> [Column<Line>] {
        let look = scene.look
        return [
            Column(head: "BID", width: 10, rank: 6) { line, _ in
                side(line, line.ticker?.quote?.bid, prices, look[.bid])
            },
            Column(head: "ASK", width: 10, rank: 6) { line, _ in
                side(line, line.ticker?.quote?.ask, prices, look[.ask])
            },
            Column(head: "VOL", width: 7, rank: 2) { line, _ in
                guard line.figures.price != nil else { return ("—", look[.dim]) }
                return (
                    SafeText(NumberText.scaled(line.figures.sessionVolume.asDouble)),
                    style(line, look[.base])
                )
            },
        ]
    }

    /// An empty side of the book is missing, not free of charge; a crossed one is called out.
    private func side(_ line: Line, _ price: Price?, _ prices: PriceColumn, _ plain: Style) -> (
        SafeText, Style
    ) {
        let shown = price.flatMap { $0.units == 0 ? nil : $0 }
        let isCrossed = line.ticker?.quote?.isCrossed ?? false
        return (
            prices.text(shown, scale: line.figures.price ?? shown),
            style(line, isCrossed ? scene.look[.warn] : shown == nil ? scene.look[.dim] : plain)
        )
    }

    private func tail() -> [Column<Line>] {
        let look = scene.look
        return [
            Column(head: "TREND 30m", width: 9, widthMax: 30, align: .left, rank: 3) {
                line, width in
                let values = trend(line)
                let direction = Direction(
                    values.count < 2 ? nil : values[values.count - 1] - values[0])
                return (
                    Sparkline.text(values, width: width), style(line, look.style(of: direction))
                )
            },
            Column(head: "AGE", width: 5, rank: 0) { line, _ in
                guard let age = line.age else { return ("—", look[.dim]) }
                let late = line.staleness == .fresh ? look[.dim] : look[.stale]
                return (SafeText(NumberText.age(age)), late)
            },
            Column(head: "", width: 5, align: .left, rank: 1) { line, _ in
                (line.staleness == .stale ? "STALE" : "", look[.stale])
            },
        ]
    }

    private func trend(_ line: Line) -> [Double] {
        let stored = (scene.state.trends[line.symbol] ?? []).suffix(29).map(\.asDouble)
        return stored + [line.figures.price].compactMap { $0?.asDouble }
    }

    /// For 400 ms after a change the price is bright; a stale one does not flash.
    private func priceStyle(_ line: Line) -> Style {
        let look = scene.look
        guard line.figures.price != nil else { return look[.dim] }
        if let flash = scene.state.flashes[line.symbol], line.staleness == .fresh,
            scene.state.frozen == nil,
            scene.now.duration(since: flash.at) < ScreenState.Flash.length
        {
            return look[flash.direction == .up ? .flashUp : .flashDown]
        }
        return style(line, look[line.isSelected ? .selection : .base])
    }

    private func style(_ line: Line, _ style: Style) -> Style {
        line.staleness == .fresh ? style : style.adding(.dim)
    }
}

extension Scene {
    /// The tickers that a table of this height shows, the selected one among them.
    func visibleRows(height: Int) -> [Symbol] {
        Scroll.rows(state.rows, cursor: state.selection, height: height)
    }
}

/// How far behind a ticker's newest event is.
enum Staleness: Equatable { case fresh, aging, stale }

extension Scene {
    /// Aging beyond the configured time, stale beyond three times that; only while the session is
    /// open.
    func staleness(_ age: Duration?) -> Staleness {
        guard let age, state.session.isOpen, state.status.feed != .ended else { return .fresh }
        let limit = state.options.staleAfter
        return age > limit * 3 ? .stale : age > limit ? .aging : .fresh
    }
}
