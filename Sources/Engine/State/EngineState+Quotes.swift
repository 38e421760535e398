import Analytics
import MarketModel

extension EngineState {
    /// Quotes are never late: one older than the current is counted as applied and changes nothing.
    @inline(__always)
    mutating func apply(
        quoteAt logged: UnsafePointer<LoggedEvent>, of batch: EventBatch,
        into effects: inout EffectBatch
    ) {
        let quote = logged.pointee.quote
        guard
            let ticker = admit(
                quote.symbol, dated: quote.quotedAt, logged, of: batch, into: &effects)
        else { return }
        ticker.pointee.receivedAt = logged.pointee.receivedAt
        let marks = ticker.pointee.marks(of: logged.pointee.source)
        let day = marks.pointee.scheme == .daily ? tradingDates.date(of: quote.quotedAt) : 0
        guard marks.pointee.note(quote: quote.sequence, day: day) != .seen else {
            tallies.receive(logged.pointee.source, as: .duplicate)
            return
        }
        tallies.receive(logged.pointee.source, as: .applied)
        if let current = ticker.pointee.quote {
            let isOlder =
                quote.quotedAt < current.quotedAt
                || (quote.quotedAt == current.quotedAt && quote.sequence < current.sequence)
            if isOlder { return }
            if ticker.pointee.isQuoteUnsampled,
                quote.quotedAt.nanoseconds >= ticker.pointee.quoteSecondEnd
            {
                sampleQuote(of: ticker, into: &effects)
            }
        }
        replaceQuote(of: ticker, byQuoteAt: logged, into: &effects)
    }

    @inline(__always)
    private mutating func replaceQuote(
        of ticker: UnsafeMutablePointer<TickerState>,
        byQuoteAt logged: UnsafePointer<LoggedEvent>, into effects: inout EffectBatch
    ) {
        let quote = logged.pointee.quote
        ticker.pointee.quote = quote
        ticker.pointee.quoteOrigin = TickerState.Origin(
            source: logged.pointee.source, receivedAt: logged.pointee.receivedAt,
            position: logged.pointee.position)
        if quote.quotedAt.nanoseconds >= ticker.pointee.quoteSecondEnd {
            ticker.pointee.quoteSecondEnd = (quote.quotedAt.secondsFloor + 1) * 1_000_000_000
            ticker.pointee.isQuoteUnsampled = true
        }
        let wake = wakes.pointer(at: ticker.pointee.number)
        wake.pointee = ticker.pointee.wakeAfterQuote(plan, before: wake.pointee)
        guard plan.crossedMarketIsOn else { return }
        if let hit = ticker.pointee.crossedMarket.apply(
            quote, thresholdSeconds: plan.crossedMarketSeconds)
        {
            record(hit, on: ticker, position: logged.pointee.position, into: &effects)
        }
    }

    /// Sends the current quote to the store: the last of its second.
    mutating func sampleQuote(
        of ticker: UnsafeMutablePointer<TickerState>, into effects: inout EffectBatch
    ) {
        ticker.pointee.isQuoteUnsampled = false
        guard let quote = ticker.pointee.quote else { return }
        let origin = ticker.pointee.quoteOrigin
        effects.quotes.append(
            StoredQuote(
                quote: quote, source: origin.source, receivedAt: origin.receivedAt,
                position: origin.position))
    }

    mutating func apply(
        _ bar: ProviderBar, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch
    ) {
        let admitted = withUnsafePointer(to: logged) {
            admit(bar.symbol, dated: bar.end, $0, of: batch, into: &effects)
        }
        guard let ticker = admitted else { return }
        tallies.receive(logged.source, as: .applied)
        ticker.pointee.receivedAt = logged.receivedAt
        if let open = bar.sessionOpen {
            catchUp(ticker)
            ticker.pointee.windows.noteSessionOpen(open, at: bar.start)
        }
    }

    mutating func apply(
        _ band: PriceBand, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch
    ) {
        let admitted = withUnsafePointer(to: logged) {
            admit(band.symbol, dated: band.at, $0, of: batch, into: &effects)
        }
        guard let ticker = admitted else { return }
        tallies.receive(logged.source, as: .applied)
        ticker.pointee.receivedAt = logged.receivedAt
        if band.at >= (ticker.pointee.band?.at ?? .distantPast) { ticker.pointee.band = band }
    }
}
