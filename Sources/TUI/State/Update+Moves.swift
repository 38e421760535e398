import MarketModel

extension ScreenState {
    /// Moves the cursor or the rows of the pane in focus.
    mutating func move(_ action: Action, _ now: Timestamp) {
        if action == .left || action == .right { return moveSideways(action) }
        switch focus {
        case .anomalies:
            let ids = visibleEpisodes.map(\.episode.id)
            let index = ids.firstIndex(of: selectedEpisode?.episode.id ?? "") ?? 0
            episodeCursor = ids.isEmpty ? nil : ids[moved(index, count: ids.count, action)]
            followEpisode()
        case .news: scroll(.news, count: visibleArticles.count, action)
        case .features: scroll(.features, count: FeaturesPane.rowCount, action)
        case .pipeline:
            scroll(.pipeline, count: PipelineFigures(state: self, now: now).lines.count, action)
        case .market: scroll(.market, count: MarketPane.rowCount(painted), action)
        case .quotes where drill != nil: scroll(.quotes, count: Drill.figureCount, action)
        case .aggregates where drill != nil:
            scroll(.aggregates, count: tape?.trades.count ?? 0, action)
        case .quotes, .aggregates, .chart:
            let index = selection.flatMap { rows.firstIndex(of: $0) } ?? 0
            guard !rows.isEmpty else { return }
            selection = rows[moved(index, count: rows.count, action)]
            if let drill, drill != selection { self.drill(into: selection) }
        }
    }

    /// In the triage layout chart and figures are those of the anomaly at the cursor.
    private mutating func followEpisode() {
        guard choices.layout == .triage, drill == nil,
            let symbol = selectedEpisode?.episode.symbol, rows.contains(symbol)
        else { return }
        selection = symbol
    }

    /// With a crosshair it moves, else the chart; tables move by columns.
    private mutating func moveSideways(_ action: Action) {
        let step = action == .left ? 1 : -1
        if let crosshair, let series {
            let shown = max(1, series.bars.count - series.pan)
            self.crosshair = min(max(0, crosshair + step), shown - 1)
        } else if drill == nil, [.quotes, .aggregates].contains(focus),
            isZoomed || size.columns < 100
        {
            columnOffset = min(max(0, columnOffset - step), 12)
        } else {
            series?.pan(by: 5 * step)
        }
    }

    private mutating func scroll(_ pane: PaneID, count: Int, _ action: Action) {
        scrolls[pane] = moved(scrolls[pane] ?? 0, count: count, action)
    }

    func moved(_ index: Int, count: Int, _ action: Action) -> Int {
        let page = max(3, size.rows / 3)
        let target =
            switch action {
            case .up: index - 1
            case .down: index + 1
            case .first: 0
            case .last: count - 1
            case .pageUp: index - page
            case .pageDown: index + page
            default: index
            }
        return min(max(0, target), max(0, count - 1))
    }

    // MARK: - News

    /// Of the pane's list: every ticker's, or those of the ticker on the whole screen.
    var visibleArticles: [ScoredArticle] {
        guard let drill else { return articles }
        return articles.filter { $0.article.symbol == drill }
    }

    var selectedArticle: ScoredArticle? {
        let visible = visibleArticles
        guard !visible.isEmpty else { return nil }
        return visible[min(scrolls[.news] ?? 0, visible.count - 1)]
    }

    // MARK: - Copying

    /// What stands at the cursor, as text that a person would paste.
    mutating func copyRow(_ now: Timestamp) -> [ScreenCommand] {
        guard let text = rowText(now) else {
            say("nothing to copy", now)
            return []
        }
        say(SafeText("copied: \(text)"), now)
        return [.copy(text)]
    }

    private func rowText(_ now: Timestamp) -> String? {
        switch focus {
        case .anomalies:
            return selectedEpisode.map { reading in
                let episode = reading.episode
                return [
                    episode.firstAt.description, episode.symbol?.description ?? "feed",
                    episode.kind.rawValue, episode.severity.name, episode.explanation, episode.id,
                ].joined(separator: "\t")
            }
        case .news:
            return selectedArticle.map { scored in
                let article = scored.article
                return [article.symbol.description, article.headline, article.url]
                    .filter { !$0.isEmpty }.joined(separator: "\t")
            }
        case .pipeline:
            return PipelineFigures(state: self, now: now).lines
                .map { "\($0.label.text) \($0.text.text) \($0.word.text)" }
                .joined(separator: "\n")
        case .quotes, .chart, .aggregates, .features, .market:
            return (drill ?? selection).map { symbol in
                let figures = painted.ticker(symbol)?.figures
                return [
                    symbol.description, figures?.price?.description ?? "",
                    figures?.change?.description ?? "",
                    NumberText.fixed(figures?.changePercent, places: 2, plus: true, unit: "%"),
                    figures?.sessionVolume.description ?? "",
                ].joined(separator: "\t")
            }
        }
    }
}
