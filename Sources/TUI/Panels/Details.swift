import Engine
import MarketModel

/// One anomaly in full: what fired it, the figures at its worst moment, the chart around it.
struct EpisodeOverlay {
    let scene: Scene
    let id: String

    private var look: Look { scene.look }

    func draw(on grid: inout CellGrid) {
        let reading = scene.state.episodes.readings.first { $0.episode.id == id }
        let box = Box(
            title: "ANOMALY · a ack · n note · u undo · Enter ticker · Esc back", look: look)
        let height = min(grid.height - 2, 30)
        let inside = box.draw(width: min(108, grid.width - 2), height: height, on: &grid)
        grid.inside(inside) { grid in
            guard let reading else {
                grid.text("no longer kept", x: 0, y: 0, look[.dim])
                return
            }
            draw(reading, on: &grid)
        }
    }

    private func draw(_ reading: EpisodeReading, on grid: inout CellGrid) {
        let episode = reading.episode
        let style = look[AnomaliesPane.slot(episode.severity)]
        var x = grid.text(SafeText(AnomaliesPane.word(episode.severity)), x: 0, y: 0, style)
        x = grid.text(
            episode.kind.words, x: x + 1, y: 0, style)
        grid.text(
            SafeText(episode.symbol?.description ?? "whole feed"), x: x + 2, y: 0, look[.title])
        var row = 1
        for line in SafeText(episode.explanation).wrapped(to: grid.width).prefix(3) {
            grid.text(line, x: 0, y: row, look[.base])
            row += 1
        }
        row += 1
        for (name, text) in facts(reading) {
            grid.text(name, x: 0, y: row, look[.dim], width: 14)
            grid.text(text, x: 14, y: row, look[.base], width: max(0, grid.width - 14))
            row += 1
        }
        row += 1
        if let vector = episode.features {
            grid.text("AT THE WORST MOMENT", x: 0, y: row, look[.columnHead])
            let rows = FeatureRows(vector: vector, look: look)
            for feature in rows.all where row + 1 < grid.height {
                row += 1
                let rect = Rect(x: 0, y: row, width: grid.width, height: 1)
                grid.inside(rect) { rows.draw(feature, on: &$0) }
            }
            row += 2
        }
        let rest = Rect(x: 0, y: row, width: grid.width, height: grid.height - row)
        if rest.height >= 5 { grid.inside(rest) { drawChart(episode, on: &$0) } }
    }

    private func facts(_ reading: EpisodeReading) -> [(SafeText, SafeText)] {
        let episode = reading.episode
        let clock = scene.clock
        let zone = clock.name(at: scene.time)
        let length = NumberText.span(episode.lastAt.duration(since: episode.firstAt))
        var facts: [(SafeText, SafeText)] = [
            ("first", SafeText("\(clock.short(episode.firstAt, now: scene.time)) \(zone)")),
            (
                "last",
                SafeText(
                    "\(clock.short(episode.lastAt, now: scene.time)) \(zone) · \(length) · "
                        + (episode.isOpen ? "still open" : "closed"))
            ),
            (
                "hits",
                SafeText(
                    "\(NumberText.grouped(episode.hits)) · worst "
                        + NumberText.fixed(episode.worstScore, places: 2))
            ),
        ]
        if let headline = headline(of: episode) { facts.append(("headline", headline)) }
        if let acknowledgement = reading.acknowledgement {
            let when = clock.short(acknowledgement.at, now: scene.time)
            let note = acknowledgement.note.isEmpty ? "" : " · \(acknowledgement.note)"
            let worse = reading.isAcknowledged ? "" : " · has become worse since"
            facts.append(
                ("acknowledged", SafeText("\(when) by \(acknowledgement.by)\(note)\(worse)")))
        } else {
            facts.append(("acknowledged", "not yet"))
        }
        facts.append(("id", SafeText(episode.id)))
        return facts
    }

    /// Of the article that it correlates with, which its explanation names by its time.
    private func headline(of episode: Episode) -> SafeText? {
        guard episode.kind == .newsCorrelation else { return nil }
        let scored = scene.state.articles.first {
            $0.article.symbol == episode.symbol
                && episode.explanation.contains($0.article.publishedAt.description.prefix(19))
        }
        return scored.map { SafeText($0.article.headline) }
    }

    /// The bars around its begin, when the chart has them.
    private func drawChart(_ episode: Episode, on grid: inout CellGrid) {
        guard let series = scene.state.series, series.symbol == episode.symbol,
            let at = series.bars.lastIndex(where: { $0.start <= episode.firstAt })
        else { return }
        let count = max(1, grid.width - 11)
        let first = max(0, min(at - count / 2, series.bars.count - count))
        let bars = Array(series.bars[first..<min(series.bars.count, first + count)])
        let slots = ChartSlots(bars: bars, interval: series.interval, count: count)
        guard let plot = PlotScale(slots: slots.bars(bars), rows: grid.height - 1) else { return }
        let canvas = Candles(look: look, plot: plot, step: 1, width: count)
        canvas.drawScale(on: &grid)
        canvas.draw(slots, bars, on: &grid)
        for (position, slot) in slots.slots.enumerated() where slot == .bar(at - first) {
            grid.put(Glyph("▲"), x: position, y: grid.height - 1, look[.accent])
            grid.text(
                SafeText(scene.clock.time(episode.firstAt)), x: position + 2, y: grid.height - 1,
                look[.scale])
        }
    }
}

/// One headline in full.
struct ArticleOverlay {
    let scene: Scene
    let id: String
    let symbol: Symbol

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let box = Box(title: "NEWS · y copy · Enter ticker · Esc back", look: look)
        let width = min(100, grid.width - 2)
        let scored = scene.state.articles.first {
            $0.article.articleID == id && $0.article.symbol == symbol
        }
        guard let scored else {
            _ = box.draw(width: width, height: 3, on: &grid)
            return
        }
        let article = scored.article
        let text = SafeText(article.headline).wrapped(to: width - 4)
        let summary = SafeText(article.summary).wrapped(to: width - 4)
        let height = text.count + summary.count + (summary.isEmpty ? 6 : 7)
        let inside = box.draw(width: width, height: min(height, grid.height - 2), on: &grid)
        grid.inside(inside) { grid in
            let when = scene.clock.short(article.publishedAt, now: scene.time)
            let head = "\(article.symbol) · \(when) · \(article.publisher)"
            grid.text(SafeText(head), x: 0, y: 0, look[.dim])
            var row = 1
            for line in text {
                grid.text(line, x: 0, y: row, look[.title])
                row += 1
            }
            for line in summary {
                grid.text(line, x: 0, y: row + 1, look[.base])
                row += 1
            }
            let mood = NewsPane.mood(scored.sentiment, look)
            grid.text(sentiment(scored.sentiment), x: 0, y: grid.height - 2, mood)
            let isStrong = scored.correlation?.strength == .strong
            grid.text(
                correlation(scored.correlation), x: 0, y: grid.height - 1,
                look[isStrong ? .high : .dim])
        }
    }

    private func sentiment(_ sentiment: Sentiment?) -> SafeText {
        guard let sentiment else { return "no sentiment" }
        func share(_ value: Double) -> String { NumberText.fixed(value, places: 2) }
        let compound = NumberText.fixed(sentiment.compound, places: 2, plus: true)
        return SafeText(
            "\(sentiment.label.rawValue) \(compound) · positive \(share(sentiment.positive)) "
                + "neutral \(share(sentiment.neutral)) negative \(share(sentiment.negative))")
    }
}

extension ArticleOverlay {
    /// How the ticker's volume went with it.
    private func correlation(_ correlation: NewsCorrelation?) -> SafeText {
        guard let correlation else { return "volume around it is not known" }
        let score = NumberText.fixed(correlation.volumeZScore, places: 2, plus: true)
        return SafeText(
            "volume within a minute of it: z at most \(score) · "
                + "\(correlation.strength.rawValue) correlation")
    }
}

extension SafeText {
    /// In lines of at most so many columns, broken at spaces where there are any.
    func wrapped(to columns: Int) -> [SafeText] {
        guard columns > 0, !isEmpty else { return [] }
        var lines: [SafeText] = []
        var line: [Glyph] = []
        var width = 0
        for glyph in glyphs {
            if width + glyph.width > columns {
                let space = line.lastIndex(of: .space).map { $0 + 1 } ?? line.count
                let rest = Array(line[space...])
                lines.append(SafeText(glyphs: Array(line[..<space])))
                line = rest
                width = rest.reduce(0) { $0 + $1.width }
            }
            line.append(glyph)
            width += glyph.width
        }
        return lines + [SafeText(glyphs: line)]
    }
}
