import Analytics
import MarketModel

extension EngineState {
    /// Reference data and other rare records. None of them is received, but shed events are.
    mutating func apply(
        _ notice: Notice, _ logged: LoggedEvent, into effects: inout EffectBatch
    ) {
        switch notice {
        case .previousClose(let symbol, let close, let date):
            guard let ticker = open(symbol, market: logged.source.market) else { return }
            catchUp(ticker)
            ticker.pointee.windows.notePreviousClose(close, tradingDate: date)
        case .historicalBar(let bar, let interval):
            keep(bar, interval: interval, logged, into: &effects)
        case .connected(let source):
            let index = Int(source.rawValue)
            guard let since = disconnectedAt[index] else { return }
            disconnectedAt[index] = nil
            noteOutage(of: source, from: since, to: logged.receivedAt, logged, into: &effects)
        case .disconnected(let source, _):
            let index = Int(source.rawValue)
            disconnectedAt[index] = disconnectedAt[index] ?? logged.receivedAt
        case .shed(let source, let trades, let quotes, let other):
            tallies.shed(source, trades + quotes + other)
        case .outage(let source, let from, let to):
            noteOutage(of: source, from: from, to: to, logged, into: &effects)
        case .settings(let json):
            apply(settings: json, logged, into: &effects)
        case .listing(let listing): effects.listings.append(listing)
        case .earnings(let report): effects.earnings.append(report)
        }
    }

    /// An article counts once, however often it is polled.
    mutating func apply(
        _ article: NewsArticle, _ logged: LoggedEvent, into effects: inout EffectBatch
    ) {
        guard articles.remember(article, source: logged.source) else {
            tallies.receive(logged.source, as: .duplicate)
            return
        }
        tallies.receive(logged.source, as: .applied)
        var scored = ScoredArticle(
            article: article, source: logged.source, receivedAt: logged.receivedAt,
            position: logged.position,
            sentiment: scoreText(article.headline, settings.sentimentLexicon))
        if !article.summary.isEmpty {
            scored.summarySentiment = scoreText(article.summary, settings.sentimentLexicon)
        }
        if let ticker = open(article.symbol, market: market(of: logged.source)) {
            join(&scored, on: ticker, into: &effects)
        }
        articles.keep(scored)
        effects.articles.append(scored)
    }

    /// A bar of the provider's history is stored for stretches that this log has no trades of its
    /// own for: before its first, and in outages.
    private mutating func keep(
        _ bar: ProviderBar, interval: BarInterval, _ logged: LoggedEvent,
        into effects: inout EffectBatch
    ) {
        guard let ticker = open(bar.symbol, market: logged.source.market) else { return }
        var stretchEnd = ticker.pointee.firstExecutedAt
        if let first = ticker.pointee.firstExecutedAt, bar.end > first {
            guard let end = outages.end(around: bar.start..<bar.end, of: logged.source) else {
                return
            }
            stretchEnd = end
        }
        let volume = Volume(bar.volume)
        let vwap = bar.vwap ?? bar.close
        let kept = Bar(
            symbol: bar.symbol, interval: interval,
            start: EngineState.start(of: bar, interval, market: ticker.pointee.market),
            open: bar.open,
            high: bar.high, low: bar.low, close: bar.close, volume: volume,
            notional: Notional(vwap, times: bar.volume), tradeCount: Int64(bar.tradeCount ?? 0),
            isFinal: true, isReference: true)
        keep(kept, of: ticker, into: &effects)
        guard interval == .minute else { return }
        ticker.pointee.history.take(kept, ofStretchTo: stretchEnd) {
            keepMerged($0, of: ticker, into: &effects)
        }
    }

    /// Providers date a day's bar by its midnight, we by its trading day.
    private static func start(
        of bar: ProviderBar, _ interval: BarInterval, market: Market
    ) -> Timestamp {
        guard interval == .day else { return bar.start }
        let noon = bar.start.advanced(by: .seconds(43_200))
        return TradingCalendar.day(containing: noon, market: market).startsAt
    }

    /// The log's own trades of a ticker begin: what is complete of its history is kept.
    mutating func endHistory(
        of ticker: UnsafeMutablePointer<TickerState>, at moment: Timestamp,
        into effects: inout EffectBatch
    ) {
        ticker.pointee.history.end(at: moment) { keepMerged($0, of: ticker, into: &effects) }
    }

    /// Of the intervals that bars are made of.
    private func keepMerged(
        _ bar: Bar, of ticker: UnsafeMutablePointer<TickerState>, into effects: inout EffectBatch
    ) {
        guard settings.intervals.contains(bar.interval) else { return }
        keep(bar, of: ticker, into: &effects)
    }

    private func keep(
        _ bar: Bar, of ticker: UnsafeMutablePointer<TickerState>, into effects: inout EffectBatch
    ) {
        effects.bars.append(bar)
        ticker.pointee.indicators.warmUp(bar, indicatorPlan)
    }

    private mutating func noteOutage(
        of source: FeedSource, from: Timestamp, to: Timestamp, _ logged: LoggedEvent,
        into effects: inout EffectBatch
    ) {
        outages.note(source, from: from, to: to)
        effects.gaps.append(
            FeedGap(
                kind: .outage, source: source, symbol: nil, from: from, to: to,
                position: logged.position))
    }

    /// Settings hold from here on. Ones that cannot be read change nothing, and are counted as a
    /// message ignored.
    private mutating func apply(
        settings json: String, _ logged: LoggedEvent, into effects: inout EffectBatch
    ) {
        let before = settings
        let next: AnalyticsSettings
        do {
            next = try AnalyticsSettings(json: json)
        } catch {
            tallies.ignore("settings: unreadable")
            return
        }
        // Time that has passed was measured by the old ones.
        for number in 0..<tickers.count { catchUp(tickers.pointer(at: number)) }
        settings = next
        plan = EnginePlan(settings)
        useIndicators(of: settings, before: before)
        symbols.symbolsMax = settings.symbolsMax
        useForestSettings()
        for number in 0..<tickers.count {
            let ticker = tickers.pointer(at: number)
            if plan.joinsNews { noteScore(of: ticker) }
            ticker.pointee.use(settings)
            ticker.pointee.priceSpike = PriceSpikeRule()
            ticker.pointee.volumeSpike = VolumeSpikeRule()
            ticker.pointee.velocity = VelocityRule()
            ticker.pointee.measuredMinute = .min
            ticker.pointee.measure(settings.rules)
            (ticker.pointee.isShown, ticker.pointee.isAttended) = (false, true)
            wakes.pointer(at: number).pointee = .distantPast
        }
        moveClockFloor(position: logged.position, into: &effects)
    }
}
