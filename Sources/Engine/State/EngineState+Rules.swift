import Analytics
import MarketModel

extension EngineState {
    /// A few comparisons a trade; figures and texts are made only when a rule fires.
    @inline(__always)
    mutating func checkRules(
        _ ticker: UnsafeMutablePointer<TickerState>, _ trade: Trade, _ flags: TradeFlags,
        position: LogPosition, into effects: inout EffectBatch
    ) {
        if flags.isEligiblePrice {
            if let hit = ticker.pointee.priceSpike.hit(trade.price) {
                record(hit, on: ticker, position: position, into: &effects)
            }
            if plan.velocityIsOn {
                ticker.pointee.velocity.follow(
                    ticker.pointee.windows.changeReference,
                    thresholdPercent: plan.velocityPercent)
            }
            let (high, low) = ticker.pointee.windows.velocityExtremes
            if !ticker.pointee.velocity.isQuiet(high: high, low: low) {
                checkVelocity(ticker, high, low, position: position, into: &effects)
            }
        }
        if flags.contains(.updatesVolume),
            let hit = ticker.pointee.volumeSpike.hit(ticker.pointee.windows.volumeOneMinute)
        {
            record(hit, on: ticker, position: position, into: &effects)
        }
    }

    @inline(never)
    private mutating func checkVelocity(
        _ ticker: UnsafeMutablePointer<TickerState>, _ high: Price, _ low: Price,
        position: LogPosition, into effects: inout EffectBatch
    ) {
        let velocity = ticker.pointee.windows.velocityPercent
        guard let hit = ticker.pointee.velocity.hit(high: high, low: low, velocity: velocity) else {
            return
        }
        record(hit, on: ticker, position: position, into: &effects)
    }

    /// Joins a hit to its ticker's episodes.
    @inline(never)
    mutating func record(
        _ hit: RuleHit, on ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        ticker.pointee.isAttended = true
        catchUp(ticker)
        // A ticker with quotes alone has no engine time before the first clock record.
        let time =
            ticker.pointee.time == .distantPast
            ? ticker.pointee.quote?.quotedAt ?? .distantPast : ticker.pointee.time
        let sentBefore = effects.episodes.count
        ticker.pointee.episodes.add(
            hit, of: ticker.pointee.symbol, at: time, position: position,
            features: { ticker.pointee.featureVector() }, into: &effects.episodes)
        closedEpisodes.keep(effects.episodes[sentBefore...])
    }
}
