import Analytics
import MarketModel

extension EngineState {
    /// Everything readers may see, as of now. `takenAt` is the receiving side's clock, or the log's
    /// own time. Of many tickers only those `watching` come with their indicators; those that
    /// nothing has happened to since the last snapshot are shown as they were there.
    public func snapshot(takenAt: Timestamp, watching: [Symbol] = []) -> MarketSnapshot {
        var openEpisodes: [Episode] = []
        if shelf.tickers.count != tickers.count { clearShelf() }
        for (place, number) in shelf.alphabetical.enumerated() {
            let ticker = tickers.pointer(at: Int(number))
            EngineState.catchUp(ticker, to: clockFloor, by: plan, settings.rules)
            if !ticker.pointee.isShown {
                ticker.pointee.isShown = true
                var shown = ticker.pointee.snapshot()
                shown.model = modelStatus(of: ticker)
                shown.signals = ticker.pointee.indicators.signals
                shelf.tickers[place] = shown
            }
            for index in 0..<ticker.pointee.episodes.count {
                openEpisodes.append(
                    ticker.pointee.episodes.shown(index, of: ticker.pointee.symbol))
            }
        }
        var tickerSnapshots = shelf.tickers
        addIndicators(to: &tickerSnapshots, watching: watching)
        let newestFirst = (openEpisodes + closedEpisodes.shown()).sorted { left, right in
            left.lastAt == right.lastAt ? left.id < right.id : left.lastAt > right.lastAt
        }
        return MarketSnapshot(
            takenAt: takenAt, position: position, tickers: tickerSnapshots,
            counts: tallies.bySource, ignored: tallies.ignored, episodes: newestFirst,
            articles: articles.kept.reversed())
    }
}

extension EngineState {
    /// Another ticker has its place in the alphabet: everything is shown anew.
    private func clearShelf() {
        shelf.putInOrder(symbols.symbols)
        shelf.tickers = shelf.alphabetical.map { number in
            let ticker = tickers.pointer(at: Int(number))
            ticker.pointee.isShown = false
            return TickerSnapshot(symbol: ticker.pointee.symbol, market: ticker.pointee.market)
        }
    }
}

extension TickerState {
    mutating func snapshot() -> TickerSnapshot {
        var figures = RollingFigures()
        windows.writeFigures(&figures, quote: quote)
        var snapshot = TickerSnapshot(symbol: symbol, market: market, figures: figures)
        snapshot.lastTrade = lastEligible
        snapshot.lastPrint = lastPrint
        snapshot.quote = quote
        snapshot.band = band
        snapshot.receivedAt = receivedAt == .distantPast ? nil : receivedAt
        snapshot.sessionHigh = windows.sessionHigh
        snapshot.sessionLow = windows.sessionLow
        snapshot.sessionTradeCount = windows.sessionTradeCount
        snapshot.lateVolume = lateVolume
        snapshot.unknownConditionCount = unknownConditionCount
        snapshot.provisionalBars = bars.pointer?.pointee.provisional ?? []
        if let trade = lastEligible {
            var vector = FeatureVector(
                symbol: symbol, updatedAt: trade.executedAt, position: lastEligiblePosition,
                size: trade.size, figures: figures)
            vector.modelVersion = modelVersion == 0 ? nil : modelVersion
            snapshot.features = vector
        }
        return snapshot
    }
}
