import MarketModel

/// A feature vector as rows: name, value, and where the value lies on a scale.
struct FeatureRows {
    let vector: FeatureVector
    /// Of the quote, where it is known.
    var spreadBasisPoints: Double?
    /// Stored vectors before it, the oldest first.
    var history: [FeatureVector] = []
    let look: Look

    struct Feature {
        var name: SafeText
        var text: String
        /// -1 to 1 of the scale that is printed; `nil` for a figure without one.
        var share: Double?
        var scale: SafeText = ""
        var isWarming: Bool
        /// Its value in an earlier vector.
        var past: (FeatureVector) -> Double? = { _ in nil }
    }

    func draw(_ feature: Feature, on grid: inout CellGrid) {
        grid.text(feature.name, x: 0, y: 0, look[.dim], width: 16)
        let value = feature.isWarming ? NumberText.missing : feature.text
        grid.text(
            SafeText(value), x: 16, y: 0, look[feature.isWarming ? .dim : .base], width: 12,
            align: .right)
        if feature.isWarming {
            grid.text("warming up", x: 30, y: 0, look[.warn])
        } else if let share = feature.share {
            drawBar(share, scale: feature.scale, on: &grid)
        }
        let start = 70
        guard grid.width >= start + 10 else { return }
        let values = history.compactMap(feature.past)
        grid.text(
            Sparkline.text(values, width: min(60, grid.width - start)), x: start, y: 0,
            look[.volume])
    }

    /// Zero in the middle, negative to the left.
    private func drawBar(_ share: Double, scale: SafeText, on grid: inout CellGrid) {
        let half = min(14, (grid.width - 30 - 8) / 2)
        guard half >= 4 else { return }
        let middle = 30 + half
        for x in 30...(middle + half) { grid.put(Glyph("·"), x: x, y: 0, look[.border]) }
        let length = Int((min(share.magnitude, 1) * Double(half)).rounded())
        for step in 1..<(max(1, length) + 1) where length > 0 {
            let x = share < 0 ? middle - step : middle + step
            grid.put(Glyph("■"), x: x, y: 0, look[share.magnitude > 0.999 ? .warn : .accent])
        }
        grid.put(Glyph("│"), x: middle, y: 0, look[.dim])
        grid.text(scale, x: middle + half + 2, y: 0, look[.dim])
    }

    var all: [Feature] {
        let pasts: [(FeatureVector) -> Double?] = [
            { $0.price?.asDouble }, { $0.size.asDouble }, { $0.volumeZScore },
            { $0.priceMomentum }, { $0.vwapDeviation }, { $0.tradeFrequency },
            { $0.vwapOneMinute?.asDouble }, { $0.vwapFiveMinutes?.asDouble },
            { $0.spread?.asDouble },
        ]
        return zip(present, pasts).map { feature, past in
            var feature = feature
            feature.past = past
            return feature
        }
    }

    private var present: [Feature] {
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
                    + (spreadBasisPoints.map {
                        " " + NumberText.fixed($0, places: 1) + "bp"
                    } ?? ""), isWarming: vector.spread == nil),
        ]
    }
}
