import MarketModel

extension TickerWindows {
    /// What a forest sees right after a trade of this size has been applied; `nil` while a figure
    /// is missing.
    @inline(__always)
    public mutating func forestFeatures(size: Size) -> ForestFeatures? {
        let window = fiveMinutes + current
        guard let price, let momentum = priceMomentum, window.volume > 0,
            let score = volumeZScoreKept()
        else { return nil }
        // A millionth of a price step is nothing to a forest, so the mean price is not made exact.
        let mean = wideAsDouble(window.notional) / wideAsDouble(window.volume)
        return ForestFeatures(
            price: Double(price.units) / Double(Price.scale),
            size: Double(size.units) / Double(Size.scale), volumeZScore: score,
            priceMomentum: momentum,
            vwapDeviation: (Double(price.units) - mean) / Double(Price.scale),
            tradeFrequency: tradeFrequency)
    }
}
