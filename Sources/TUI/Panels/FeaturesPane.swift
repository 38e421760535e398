import Engine
import MarketModel

/// Pane 4: the feature vector of the selected ticker, what a model sees of it.
struct FeaturesPane {
    let scene: Scene

    private struct Feature {
        var name: SafeText
        var text: String
        /// -1 to 1 of the scale that is printed; `nil` for a figure without one.
        var share: Double?
        var scale: SafeText = ""
        var isWarming: Bool
    }

    private var symbol: Symbol? { scene.state.drill ?? scene.state.selection }
    private var ticker: TickerSnapshot? { symbol.flatMap { scene.market.ticker($0) } }

    var note: SafeText {
        guard let symbol else { return "" }
        guard let vector = ticker?.features else { return SafeText("\(symbol) · none yet") }
        return SafeText("\(symbol) · " + (vector.isComplete ? "complete" : "warming up"))
    }

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        guard let ticker, let vector = ticker.features else {
            grid.text(scene.waitingReason, x: 1, y: 1, look[.dim])
            return
        }
        let features = features(vector, ticker.figures)
        let start = min(scene.state.focus == .features ? scene.state.scroll : 0, features.count - 1)
        for (row, feature) in features.dropFirst(start).prefix(grid.height).enumerated() {
            draw(feature, row: row, on: &grid)
        }
        if let model = ticker.model, features.count < grid.height {
            let style = look[model.isWarmingUp ? .warn : .dim]
            grid.text(modelText(model), x: 0, y: features.count, style)
        }
        let age = NumberText.age(scene.time.duration(since: vector.updatedAt))
        let updated = "of the trade at \(ClockText.exchange(vector.updatedAt)), \(age) ago"
        if features.count + 1 < grid.height {
            grid.text(SafeText(updated), x: 0, y: features.count + 1, look[.dim])
        }
    }

    private func modelText(_ model: ModelStatus) -> SafeText {
        guard !model.isWarmingUp, let trained = model.trainedAt else {
            let seen = min(model.vectorCount, model.vectorsNeeded)
            return SafeText("forest warming up: \(seen) of \(model.vectorsNeeded) vectors")
        }
        let score = NumberText.fixed(model.lastScore, places: 2)
        let limit = NumberText.fixed(model.threshold, places: 2)
        return SafeText(
            "forest score \(score), flagged below \(limit): \(model.flaggedCount) of "
                + "\(model.scoredCount); \(model.treeCount) trees of \(ClockText.exchange(trained))"
        )
    }

    private func draw(_ feature: Feature, row: Int, on grid: inout CellGrid) {
        let look = scene.look
        grid.text(feature.name, x: 0, y: row, look[.dim], width: 16)
        let value = feature.isWarming ? NumberText.missing : feature.text
        grid.text(
            SafeText(value), x: 16, y: row, look[feature.isWarming ? .dim : .base], width: 12,
            align: .right)
        if feature.isWarming {
            grid.text("warming up", x: 30, y: row, look[.warn])
        } else if let share = feature.share {
            drawBar(share, scale: feature.scale, row: row, on: &grid)
        }
    }

    /// Zero in the middle, negative to the left.
    private func drawBar(_ share: Double, scale: SafeText, row: Int, on grid: inout CellGrid) {
        let look = scene.look
        let half = min(14, (grid.width - 30 - 8) / 2)
        guard half >= 4 else { return }
        let middle = 30 + half
        for x in 30...(middle + half) { grid.put(Glyph("·"), x: x, y: row, look[.border]) }
        let length = Int((min(share.magnitude, 1) * Double(half)).rounded())
        for step in 1..<(max(1, length) + 1) where length > 0 {
            let x = share < 0 ? middle - step : middle + step
            grid.put(Glyph("■"), x: x, y: row, look[share.magnitude > 0.999 ? .warn : .accent])
        }
        grid.put(Glyph("│"), x: middle, y: row, look[.dim])
        grid.text(scale, x: middle + half + 2, y: row, look[.dim])
    }

    private func features(_ vector: FeatureVector, _ figures: RollingFigures) -> [Feature] {
        let places = NumberText.places(for: vector.price)
        func price(_ name: SafeText, _ price: Price?) -> Feature {
            Feature(
                name: name, text: NumberText.price(price, places: places), isWarming: price == nil)
        }
        func scaled(
            _ name: SafeText, _ value: Double?, places: Int, of full: Double, _ scale: SafeText
        ) -> Feature {
            Feature(
                name: name, text: NumberText.fixed(value, places: places, plus: true),
                share: value.map { $0 / full }, scale: scale, isWarming: value == nil)
        }
        let halfPercent = (vector.price?.asDouble ?? 1) * 0.005
        return [
            price("price", vector.price),
            Feature(
                name: "volume", text: NumberText.scaled(vector.size.asDouble), isWarming: false),
            scaled("volume_zscore", vector.volumeZScore, places: 2, of: 5, "±5"),
            scaled("price_momentum", vector.priceMomentum, places: 3, of: 1, "±1 %"),
            scaled(
                "vwap_deviation", vector.vwapDeviation, places: 4, of: max(halfPercent, 1e-9),
                "±0.5 %"),
            Feature(
                name: "trade_frequency",
                text: NumberText.scaled(vector.tradeFrequency.rounded()) + "/min",
                isWarming: false),
            price("vwap_1min", vector.vwapOneMinute),
            price("vwap_5min", vector.vwapFiveMinutes),
            Feature(
                name: "bid_ask_spread",
                text: NumberText.price(vector.spread, places: max(places, 4))
                    + (figures.spreadBasisPoints.map {
                        " " + NumberText.fixed($0, places: 1) + "bp"
                    } ?? ""), isWarming: vector.spread == nil),
        ]
    }
}
