import Engine
import MarketModel

/// One ticker on the whole screen: its price, chart, figures, trades, anomalies and news.
struct Drill {
    let scene: Scene
    let symbol: Symbol

    private var look: Look { scene.look }
    private var ticker: TickerSnapshot? { scene.market.ticker(symbol) }

    /// In the order in which Tab walks through them: figures and trades stand where a desk has its
    /// tables.
    static let panes: [PaneID] = [.chart, .quotes, .features, .aggregates, .anomalies, .news]

    /// The most rows that the figures can have.
    static let figureCount = 21

    /// The title's row is above them.
    func places(in body: Rect) -> [PanePlace] {
        let (_, rest) = body.splitTop(1)
        let state = scene.state
        func front(_ panes: [PaneID]) -> [PaneID] {
            let first = state.fronts.first { panes.contains($0) }
            return (first.map { [$0] } ?? []) + panes.filter { $0 != first }
        }
        if state.isZoomed { return [PanePlace(rect: rest, panes: [state.focus])] }
        guard rest.width >= 72, rest.height >= 14 else {
            let isChart = !Drill.panes.contains(state.fronts[0]) || state.fronts[0] == .quotes
            return [PanePlace(rect: rest, panes: isChart ? Drill.panes : front(Drill.panes))]
        }
        let (main, side) = rest.splitLeft(
            min(max(rest.width * 68 / 100, rest.width - 52), rest.width - 34), gap: 1)
        let lowRows = main.height >= 26 ? main.height / 3 : main.height >= 16 ? 5 : 0
        let (chart, low) = main.splitTop(main.height - lowRows)
        let (anomalies, news) =
            low.width >= 100
            ? low.splitLeft(low.width / 2, gap: 1) : low.splitTop((low.height + 1) / 2)
        let (figures, tape) = side.splitTop(min(side.height > 38 ? 22 : 16, side.height * 3 / 5))
        let hasLow = !low.isEmpty
        return [
            PanePlace(rect: chart, panes: hasLow ? [.chart] : front([.chart, .anomalies, .news])),
            PanePlace(rect: anomalies, panes: [.anomalies]),
            PanePlace(rect: news, panes: [.news]),
            PanePlace(rect: figures, panes: front([.quotes, .features])),
            PanePlace(rect: tape, panes: [.aggregates]),
        ].filter { !$0.rect.isEmpty }
    }

    func drawTitle(in body: Rect, on grid: inout CellGrid) {
        grid.inside(body.splitTop(1).top) { drawTitle(on: &$0) }
    }

    /// What the change is measured against.
    var basis: SafeText {
        switch ticker?.figures.changeBasis {
        case .previousClose: "chg since previous close"
        case .sessionOpen: "chg since session open"
        case .firstSeen: "chg since first seen"
        case nil: ""
        }
    }

    private func drawTitle(on grid: inout CellGrid) {
        let figures = ticker?.figures ?? RollingFigures()
        let direction = Direction(change: figures)
        let places = NumberText.places(for: figures.price)
        let style = look.style(of: direction).adding(.bold)
        var x = grid.text(SafeText(" \(symbol) "), x: 0, y: 0, look[.cursor])
        x = grid.text(
            SafeText(NumberText.price(figures.price, places: places)), x: x + 2, y: 0, style)
        x = grid.text(direction.mark, x: x + 1, y: 0, style)
        x = grid.text(
            SafeText(NumberText.price(figures.change, places: places, plus: true)), x: x + 1, y: 0,
            style)
        x = grid.text(
            SafeText(NumberText.fixed(figures.changePercent, places: 2, plus: true, unit: "%")),
            x: x + 2, y: 0, style)
        if let quote = ticker?.quote {
            let bid = NumberText.price(quote.bid.units == 0 ? nil : quote.bid, places: places)
            let ask = NumberText.price(quote.ask.units == 0 ? nil : quote.ask, places: places)
            let sizes =
                "\(NumberText.scaled(quote.bidSize.asDouble))×"
                + NumberText.scaled(quote.askSize.asDouble)
            x = grid.text("bid", x: x + 3, y: 0, look[.dim])
            x = grid.text(SafeText(bid), x: x + 1, y: 0, look[.bid])
            x = grid.text("ask", x: x + 2, y: 0, look[.dim])
            x = grid.text(SafeText(ask), x: x + 1, y: 0, look[.ask])
            x = grid.text(SafeText(sizes), x: x + 2, y: 0, look[.dim])
        }
        let age = ticker?.receivedAt.map { scene.time.duration(since: $0) }
        let isStale = scene.staleness(age) == .stale
        let ageText =
            age.map { NumberText.age($0) + (isStale ? " STALE" : " ago") } ?? "no data yet"
        grid.text(SafeText(ageText), x: x + 3, y: 0, look[isStale ? .stale : .dim])
    }

    func drawFigures(on grid: inout CellGrid) {
        let figures = ticker?.figures ?? RollingFigures()
        let places = NumberText.places(for: figures.price)
        func price(_ price: Price?) -> String { NumberText.price(price, places: places) }
        func number(_ value: Double?, _ places: Int, _ unit: String = "") -> String {
            NumberText.fixed(value, places: places, plus: true, unit: unit)
        }
        let lines: [(String, String)] = [
            ("session high", price(ticker?.sessionHigh)),
            ("session low", price(ticker?.sessionLow)),
            ("volume", NumberText.scaled(figures.sessionVolume.asDouble)),
            ("trades", NumberText.grouped(ticker?.sessionTradeCount ?? 0)),
            ("vwap session", price(figures.vwapSession)), ("vwap 1m", price(figures.vwapOneMinute)),
            ("vwap 5m", price(figures.vwapFiveMinutes)),
            ("average 5m", price(figures.rollingAverageFiveMinutes)),
            ("vwap deviation", number(figures.vwapDeviationPercent, 3, "%")),
            ("volume z", number(figures.volumeZScore, 2)),
            ("momentum 1m", number(figures.priceMomentum, 3, "%")),
            ("velocity 5s", number(figures.velocityFiveSeconds, 3, "%")),
            ("trades/min", NumberText.scaled(figures.tradeFrequency.rounded())),
            (
                "spread",
                price(figures.spread) + "  "
                    + NumberText.fixed(figures.spreadBasisPoints, places: 1, unit: "bp")
            ),
            ("late volume", NumberText.scaled(ticker?.lateVolume.asDouble ?? 0)),
        ]
        let all = lines + indicators(places)
        let first = min(scene.state.scrolls[.quotes] ?? 0, max(0, all.count - grid.height))
        for (row, line) in all.dropFirst(first).prefix(grid.height).enumerated() {
            grid.text(SafeText(line.0), x: 0, y: row, look[.dim])
            grid.text(
                SafeText(line.1), x: 15, y: row, look[.base],
                width: max(0, min(20, grid.width - 15)),
                align: .right)
        }
    }

    /// Of the chart's interval, the open bar's where there is one; then the newest signal.
    private func indicators(_ places: Int) -> [(String, String)] {
        let interval = scene.state.interval
        let reading = ticker?.indicators?.first { $0.interval == interval }
        var lines: [(String, String)] = []
        if let values = reading?.live ?? reading?.closed {
            func number(_ value: Double?, _ places: Int) -> String {
                NumberText.fixed(value, places: places)
            }
            lines = [
                ("RSI \(interval.name)", number(values.rsi, 1)),
                ("MACD \(interval.name)", number(values.macd, places + 1)),
                ("signal line", number(values.macdSignal, places + 1)),
                ("stochastic", number(values.stochasticK, 0) + " " + number(values.stochasticD, 0)),
                ("true range", number(values.averageTrueRange, places)),
            ]
        }
        if let signal = ticker?.signals.first {
            let kind = signal.kind.rawValue.replacing("_", with: " ")
            lines.append((signal.interval.name + " signal", kind))
        }
        return lines
    }

    func drawTape(on grid: inout CellGrid) {
        guard let tape = scene.state.tape, tape.symbol == symbol, !tape.trades.isEmpty else {
            if scene.state.status.isViewer {
                grid.text("a viewer is told no single trades:", x: 1, y: 1, look[.dim])
                grid.text("attach to an engine to see them", x: 1, y: 2, look[.dim])
            } else {
                grid.text("no stored trades yet", x: 1, y: 1, look[.dim])
            }
            return
        }
        let places = NumberText.places(for: tape.trades[0].trade.price)
        let first = min(scene.state.scrolls[.aggregates] ?? 0, tape.trades.count - 1)
        for (row, stored) in tape.trades.dropFirst(first).prefix(grid.height).enumerated() {
            let trade = stored.trade
            let index = first + row + 1
            let older = index < tape.trades.count ? tape.trades[index].trade.price : trade.price
            let direction = Direction((trade.price.units - older.units).doubleSign)
            grid.text(
                SafeText(scene.clock.time(trade.executedAt)), x: 0, y: row, look[.dim])
            grid.text(
                SafeText(NumberText.price(trade.price, places: places)), x: 9, y: row,
                look.style(of: direction), width: 9, align: .right)
            grid.text(direction.mark, x: 18, y: row, look.style(of: direction))
            grid.text(
                SafeText(NumberText.scaled(trade.size.asDouble)), x: 19, y: row, look[.base],
                width: 7, align: .right)
            let word = aggressor(trade.aggressor)
            let note = stored.isLate ? "late" : grid.width < 33 ? String(word.prefix(1)) : word
            grid.text(SafeText(note), x: 27, y: row, look[stored.isLate ? .warn : .dim])
        }
    }

    private func aggressor(_ aggressor: Aggressor) -> String {
        switch aggressor {
        case .buyer: "buyer"
        case .seller: "seller"
        case .unknown: ""
        }
    }
}

extension Int64 {
    fileprivate var doubleSign: Double { Double(signum()) }
}
