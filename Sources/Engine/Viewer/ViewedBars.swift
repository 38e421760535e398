import Analytics
import MarketModel

/// What the closed bars of one ticker give: open bars and indicators, by the code that the engines
/// use. One thread.
final class ViewedBars {
    private var openBars: OpenBars
    private var indicators: TickerIndicators
    private let market: Market
    /// The open bars as of the newest bar told.
    private(set) var open: [Bar] = []
    /// The newest signals first.
    var signals: [IndicatorSignal] { indicators.signals }

    init(market: Market, memory: MarketMemory) {
        indicators = TickerIndicators(memory: memory)
        self.market = market
        openBars = OpenBars(market: market)
    }

    /// Signals that the bar raises are appended.
    func apply(_ bar: Bar, _ plan: IndicatorPlan, into signals: inout [IndicatorSignal]) {
        if bar.isReference { return indicators.warmUp(bar, plan) }
        guard bar.isFinal else { return }
        openBars.apply(bar)
        open = openBars.bars()
        _ = indicators.close(bar, market: market, position: .start, plan, into: &signals)
    }

    func readings(_ plan: IndicatorPlan) -> [IndicatorReading] {
        indicators.readings(open: open, plan)
    }
}
