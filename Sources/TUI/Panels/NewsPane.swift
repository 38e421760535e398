import MarketModel

/// Pane 6: headlines with their sentiment, newest first. A strong one that came with much volume is
/// marked.
struct NewsPane {
    let scene: Scene

    private var articles: [ScoredArticle] { scene.state.visibleArticles }

    var note: SafeText {
        let mood = scene.state.drill == nil ? scene.state.articlesMood : NewsMood(articles)
        guard let mean = mood.mean else { return "" }
        return SafeText(
            "\(mood.count) articles · mean \(NumberText.fixed(mean, places: 2, plus: true))")
    }

    func draw(on grid: inout CellGrid) {
        let articles = articles
        guard !articles.isEmpty else {
            grid.text("no headlines yet", x: 1, y: 1, scene.look[.dim])
            return
        }
        let cursor = min(scene.state.scrolls[.news] ?? 0, articles.count - 1)
        let start = Scroll.start(cursor: cursor, count: articles.count, height: grid.height)
        for (row, article) in articles.dropFirst(start).prefix(grid.height).enumerated() {
            if start + row == cursor, scene.state.focus == .news {
                grid.fill(
                    Rect(x: 0, y: row, width: grid.width, height: 1), scene.look[.selection])
            }
            draw(article, row: row, on: &grid)
        }
    }

    private func draw(_ article: ScoredArticle, row: Int, on grid: inout CellGrid) {
        let look = scene.look
        let published = article.article.publishedAt
        let isToday =
            scene.clock.day(published) == scene.clock.day(scene.time)
        let when =
            isToday
            ? scene.clock.time(published, seconds: false) : scene.clock.day(published)
        grid.text(SafeText(when), x: 0, y: row, look[.dim])
        grid.text(
            SafeText(article.article.symbol.description), x: 6, y: row, look[.title], width: 6)
        if article.correlation?.strength == .strong {
            grid.text("!", x: 12, y: row, look[.high])
        }
        let compound = article.sentiment?.compound
        let mood = NewsPane.mood(article.sentiment, look)
        grid.text(
            SafeText(NumberText.fixed(compound, places: 2, plus: true)), x: 13, y: row, mood,
            width: 5, align: .right)
        var x = 19
        if grid.width >= 50 {
            grid.text(Sparkline.bar(share: (compound ?? 0).magnitude, width: 5), x: x, y: row, mood)
            x += 6
        }
        let publisher = SafeText(article.article.publisher).truncated(to: 14)
        let end = grid.width >= 70 ? grid.width - publisher.width - 1 : grid.width
        grid.text(
            SafeText(article.article.headline), x: x, y: row, look[.base], width: max(0, end - x))
        if grid.width >= 70 { grid.text(publisher, x: end + 1, y: row, look[.dim]) }
    }

    static func mood(_ sentiment: Sentiment?, _ look: Look) -> Style {
        switch sentiment?.label {
        case .positive: look[.positive]
        case .negative: look[.negative]
        case .neutral, nil: look[.neutral]
        }
    }
}

/// How many articles, and how they sound on the whole.
struct NewsMood: Sendable {
    var count = 0
    /// Of the scores; `nil` without one.
    var mean: Double?

    init(_ articles: [ScoredArticle]) {
        count = articles.count
        let compounds = articles.compactMap { $0.sentiment?.compound }
        if !compounds.isEmpty { mean = compounds.reduce(0, +) / Double(compounds.count) }
    }
}
