import Engine
import MarketModel

/// Pane 4: the feature vector of the selected ticker, what a model sees of it.
struct FeaturesPane {
    let scene: Scene

    /// Of the list that is scrolled.
    static let rowCount = 9

    private var symbol: Symbol? { scene.state.drill ?? scene.state.selection }
    private var ticker: TickerSnapshot? { symbol.flatMap { scene.market.ticker($0) } }

    var note: SafeText {
        guard let symbol else { return "" }
        guard let ticker, let vector = ticker.features else {
            return SafeText("\(symbol) · none yet")
        }
        return SafeText("\(symbol) · " + (vector.isComplete ? "complete" : "warming up"))
    }

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        guard let ticker, let vector = ticker.features else {
            grid.text(scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let history = scene.state.featureHistory.map { $0.symbol == symbol ? $0.vectors : [] }
        let rows = FeatureRows(
            vector: vector, spreadBasisPoints: ticker.figures.spreadBasisPoints,
            history: (history ?? []).reversed(), look: look)
        let features = rows.all
        let start = min(scene.state.scrolls[.features] ?? 0, features.count - 1)
        for (row, feature) in features.dropFirst(start).prefix(grid.height).enumerated() {
            let rect = Rect(x: 0, y: row, width: grid.width, height: 1)
            grid.inside(rect) { rows.draw(feature, on: &$0) }
        }
        if let model = ticker.model, features.count < grid.height {
            let style = look[model.isWarmingUp ? .warn : .dim]
            let texts = modelTexts(model)
            let text = texts.first { $0.width <= grid.width } ?? texts[texts.count - 1]
            grid.text(text, x: 0, y: features.count, style)
        }
        let age = NumberText.age(scene.time.duration(since: vector.updatedAt))
        let updated = "of the trade at \(scene.clock.time(vector.updatedAt)), \(age) ago"
        if features.count + 1 < grid.height {
            grid.text(SafeText(updated), x: 0, y: features.count + 1, look[.dim])
        }
    }

    /// How far the isolation forest is, or what it says; the longest first.
    private func modelTexts(_ model: ModelStatus) -> [SafeText] {
        guard !model.isWarmingUp, let trained = model.trainedAt else {
            let seen = min(model.vectorCount, model.vectorsNeeded)
            return [
                SafeText("forest warming up: \(seen) of \(model.vectorsNeeded) vectors"),
                SafeText("forest: \(seen) of \(model.vectorsNeeded)"),
            ]
        }
        let score = NumberText.fixed(model.lastScore, places: 2)
        let limit = NumberText.fixed(model.threshold, places: 2)
        let flagged = "\(model.flaggedCount) of \(model.scoredCount)"
        let trees = "; \(model.treeCount) trees of \(scene.clock.time(trained))"
        return [
            SafeText("forest score \(score), flagged below \(limit): \(flagged)\(trees)"),
            SafeText("forest score \(score), flagged below \(limit): \(flagged)"),
            SafeText("forest \(score), limit \(limit): \(flagged)"),
            SafeText("forest \(score), limit \(limit)"),
        ]
    }
}
