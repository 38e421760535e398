import Analytics
import MarketModel

/// Indicators move when a bar becomes final, and are read without moving.
extension EngineState {
    /// With at most this many tickers every snapshot holds the indicators of all of them; with more
    /// only of those that are watched.
    static let indicatorTickersMax = 64

    /// Counts the bars in that have become final since `effects` held `barsBefore` of them.
    ///
    /// A bar that is sent again because a trade has amended it is not counted in again: its
    /// indicators, signals and `rsi_extreme` stay as they were when it closed.
    @inline(never)
    mutating func closeIndicators(
        of ticker: UnsafeMutablePointer<TickerState>, after barsBefore: Int,
        position: LogPosition, into effects: inout EffectBatch
    ) {
        for index in barsBefore..<effects.bars.count {
            let bar = effects.bars[index]
            let isCounted = ticker.pointee.indicators.close(
                bar, market: ticker.pointee.market, position: position, indicatorPlan,
                into: &effects.signals)
            if isCounted, bar.interval == .minute {
                checkRSI(of: ticker, bar, position: position, into: &effects)
            }
        }
    }

    private mutating func checkRSI(
        of ticker: UnsafeMutablePointer<TickerState>, _ bar: Bar, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        let rules = settings.rules
        guard rules.rsiExtremeIsOn, bar.high != nil, let close = bar.close else { return }
        let hit = RSIExtremeRule.hit(
            rsi: ticker.pointee.indicators.minuteRSI(indicatorPlan), close: close,
            period: settings.indicators.rsiPeriod, upper: rules.rsiExtremeUpper,
            lower: rules.rsiExtremeLower)
        if let hit { record(hit, on: ticker, position: position, into: &effects) }
    }

    /// `snapshots` are all tickers in alphabetical order.
    func addIndicators(to snapshots: inout [TickerSnapshot], watching: [Symbol]) {
        if snapshots.count <= EngineState.indicatorTickersMax {
            for index in snapshots.indices { addIndicators(to: &snapshots[index], index) }
            return
        }
        for symbol in watching {
            var low = 0
            var high = snapshots.count
            while low < high {
                let middle = (low + high) / 2
                if snapshots[middle].symbol < symbol { low = middle + 1 } else { high = middle }
            }
            guard low < snapshots.count, snapshots[low].symbol == symbol else { continue }
            addIndicators(to: &snapshots[low], low)
        }
    }

    private func addIndicators(to snapshot: inout TickerSnapshot, _ index: Int) {
        let ticker = tickers.pointer(at: Int(shelf.alphabetical[index]))
        snapshot.indicators = ticker.pointee.indicators.readings(
            open: snapshot.provisionalBars, indicatorPlan)
    }

    /// Other periods make other indicators: they begin anew.
    mutating func useIndicators(of settings: AnalyticsSettings, before: AnalyticsSettings) {
        guard settings.indicators != before.indicators else { return }
        indicatorPlan = IndicatorPlan(settings.indicators)
        for number in 0..<tickers.count {
            tickers.pointer(at: number).pointee.indicators = TickerIndicators(
                memory: tickers.memory)
        }
    }
}
