import Engine
import MarketModel

/// One ticker on the whole screen: its price, chart, figures, trades, anomalies and news.
struct Drill {
    let scene: Scene
    let symbol: Symbol

    private var look: Look { scene.look }
    private var ticker: TickerSnapshot? { scene.market.ticker(symbol) }

    func draw(in body: Rect, on grid: inout CellGrid) {
        let (title, rest) = body.splitTop(1)
        grid.inside(title) { drawTitle(on: &$0) }
        let hasSide = rest.width >= 72
        let (main, side) =
            hasSide
            ? rest.splitLeft(
                min(max(rest.width * 68 / 100, rest.width - 52), rest.width - 34), gap: 1)
            : (rest, Rect(x: 0, y: 0, width: 0, height: 0))
        let lowRows = main.height >= 26 ? main.height / 3 : main.height >= 16 ? 5 : 0
        let (chart, low) = main.splitTop(main.height - lowRows)
        let (anomalies, news) =
            low.width >= 100
            ? low.splitLeft(low.width / 2, gap: 1) : low.splitTop((low.height + 1) / 2)
        let (figures, tape) = side.splitTop(min(16, side.height * 3 / 5))
        part(.chart, "CHART", ChartPane(scene: scene).note, chart, on: &grid) {
            ChartPane(scene: scene).draw(on: &$0)
        }
        part(.anomalies, "ANOMALIES", AnomaliesPane(scene: scene).note, anomalies, on: &grid) {
            AnomaliesPane(scene: scene).draw(on: &$0)
        }
        part(nil, "NEWS", NewsPane(scene: scene).note, news, on: &grid) {
            NewsPane(scene: scene).draw(on: &$0)
        }
        part(nil, "FIGURES", basis, figures, on: &grid) { drawFigures(on: &$0) }
        part(nil, "TRADES", "newest first", tape, on: &grid) { drawTape(on: &$0) }
        Rules.join([chart, anomalies, news, figures, tape].filter { !$0.isEmpty }, look, on: &grid)
    }

    private func part(
        _ pane: PaneID?, _ title: SafeText, _ note: SafeText, _ rect: Rect,
        on grid: inout CellGrid, _ draw: (inout CellGrid) -> Void
    ) {
        guard !rect.isEmpty else { return }
        let focus: PaneID = scene.state.focus == .anomalies ? .anomalies : .chart
        PaneFrame(title: title, note: note, isFocused: pane == focus).draw(
            in: rect, look, on: &grid)
        let inside = rect.trimmed(top: 1, left: 1, right: 1)
        grid.inside(inside, draw)
        if scene.state.isDisconnected, title != "ANOMALIES", title != "NEWS" { grid.dim(inside) }
    }

    private var basis: SafeText {
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

    private func drawFigures(on grid: inout CellGrid) {
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
        for (row, line) in lines.prefix(grid.height).enumerated() {
            grid.text(SafeText(line.0), x: 0, y: row, look[.dim])
            grid.text(
                SafeText(line.1), x: 15, y: row, look[.base],
                width: max(0, min(20, grid.width - 15)),
                align: .right)
        }
    }

    private func drawTape(on grid: inout CellGrid) {
        guard let tape = scene.state.tape, tape.symbol == symbol, !tape.trades.isEmpty else {
            grid.text("no stored trades yet", x: 1, y: 1, look[.dim])
            return
        }
        let places = NumberText.places(for: tape.trades[0].trade.price)
        for (row, stored) in tape.trades.prefix(grid.height).enumerated() {
            let trade = stored.trade
            let older = row + 1 < tape.trades.count ? tape.trades[row + 1].trade.price : trade.price
            let direction = Direction((trade.price.units - older.units).doubleSign)
            grid.text(
                SafeText(ClockText.exchange(trade.executedAt)), x: 0, y: row, look[.dim])
            grid.text(
                SafeText(NumberText.price(trade.price, places: places)), x: 9, y: row,
                look.style(of: direction), width: 9, align: .right)
            grid.text(direction.mark, x: 18, y: row, look.style(of: direction))
            grid.text(
                SafeText(NumberText.scaled(trade.size.asDouble)), x: 19, y: row, look[.base],
                width: 7, align: .right)
            let note = stored.isLate ? "late" : aggressor(trade.aggressor)
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
