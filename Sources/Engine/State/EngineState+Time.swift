import Analytics
import MarketModel

extension EngineState {
    /// A clock record: engine time moves on for every ticker, so that windows slide and bars close
    /// in silence too.
    mutating func applyClock(_ logged: LoggedEvent, into effects: inout EffectBatch) {
        guard logged.receivedAt > newestClock, logged.receivedAt < EngineState.timeMax else {
            return
        }
        newestClock = logged.receivedAt
        moveClockFloor(position: logged.position, into: &effects)
    }

    mutating func moveClockFloor(position: LogPosition, into effects: inout EffectBatch) {
        let floor = newestClock.advanced(byNanoseconds: -plan.latenessNanoseconds)
        guard floor > clockFloor else { return }
        clockFloor = floor
        newestTime = max(newestTime, floor)
        for first in stride(from: 0, to: wakes.count, by: EngineState.tickersAtOnce) {
            var due = askForDue(from: first, at: floor)
            while due != 0 {
                let number = first + due.trailingZeroBitCount
                due &= due &- 1
                wake(tickers.pointer(at: number), at: floor, position: position, into: &effects)
                wakes.pointer(at: number).pointee =
                    tickers.pointer(at: number).pointee.nextWake(plan)
            }
        }
    }

    /// Bits of a word.
    private static let tickersAtOnce = 64

    /// Which of the next tickers a clock record concerns: a bit each. Their lines are asked for.
    private mutating func askForDue(from first: Int, at floor: Timestamp) -> UInt64 {
        var due: UInt64 = 0
        let end = min(wakes.count, first + EngineState.tickersAtOnce)
        for number in first..<end where wakes.pointer(at: number).pointee <= floor {
            due |= 1 << UInt64(number - first)
            tickers.forEachLineOfWake(of: tickers.pointer(at: number)) { EngineState.ask(for: $0) }
        }
        return due
    }

    private mutating func wake(
        _ ticker: UnsafeMutablePointer<TickerState>, at floor: Timestamp, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        guard floor > ticker.pointee.time else { return }
        ticker.pointee.time = floor
        guard floor >= ticker.pointee.secondEnd else { return }
        turnSecond(of: ticker, position: position, into: &effects)
        guard floor >= ticker.pointee.windows.sessionEnd else { return }
        ticker.pointee.settle(plan, settings.rules)
    }

    /// Brings a ticker to where the newest clock record has left it, for whoever looks at more than
    /// its newest events.
    mutating func catchUp(_ ticker: UnsafeMutablePointer<TickerState>) {
        EngineState.catchUp(ticker, to: clockFloor, by: plan, settings.rules)
    }

    static func catchUp(
        _ ticker: UnsafeMutablePointer<TickerState>, to clockFloor: Timestamp,
        by plan: EnginePlan, _ rules: RuleSettings
    ) {
        ticker.pointee.passTime(to: clockFloor, plan)
        ticker.pointee.settle(plan, rules)
    }

    /// A ticker's engine time has passed into another second: sends what the past one left, and
    /// closes bars and episodes. Windows and rules settle when somebody looks at them.
    @inline(never)
    mutating func turnSecond(
        of ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        let time = ticker.pointee.time
        newestTime = max(newestTime, time)
        ticker.pointee.secondEnd = Timestamp(seconds: time.secondsFloor + 1)
        ticker.pointee.isUnsettled = true
        ticker.pointee.isShown = false
        if plan.sendsFeatures { sendFeatures(of: ticker, position: position, into: &effects) }
        if plan.joinsNews { noteScore(of: ticker) }
        let closedUpTo = time.advanced(byNanoseconds: -plan.latenessNanoseconds)
        if let bars = ticker.pointee.bars.pointer {
            let barsBefore = effects.bars.count
            bars.pointee.close(upTo: closedUpTo, into: &effects.bars)
            if effects.bars.count > barsBefore {
                closeIndicators(of: ticker, after: barsBefore, position: position, into: &effects)
            }
        }
        if ticker.pointee.isQuoteUnsampled,
            closedUpTo.nanoseconds >= ticker.pointee.quoteSecondEnd
        {
            sampleQuote(of: ticker, into: &effects)
        }
        if ticker.pointee.mayHaveGaps {
            raiseGaps(of: ticker, position: position, into: &effects)
        }
        if plan.crossedMarketIsOn,
            let hit = ticker.pointee.crossedMarket.turnSecond(
                to: time, quote: ticker.pointee.quote,
                thresholdSeconds: plan.crossedMarketSeconds)
        {
            record(hit, on: ticker, position: position, into: &effects)
        }
        guard ticker.pointee.isAttended else { return }
        if !ticker.pointee.news.waiting.isEmpty {
            joinAgain(on: ticker, position: position, into: &effects)
        }
        guard !ticker.pointee.episodes.isEmpty else {
            ticker.pointee.isAttended = !ticker.pointee.news.waiting.isEmpty
            return
        }
        let sentBefore = effects.episodes.count
        ticker.pointee.episodes.turnSecond(
            to: time, of: ticker.pointee.symbol, position: position, into: &effects.episodes)
        closedEpisodes.keep(effects.episodes[sentBefore...])
    }

    /// One feature vector a second: that of the second's last eligible trade, as the windows stood
    /// when it was over.
    private mutating func sendFeatures(
        of ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        guard ticker.pointee.isFeatureUnsent, let vector = ticker.pointee.featureVector() else {
            return
        }
        ticker.pointee.isFeatureUnsent = false
        let second = vector.updatedAt.secondsFloor
        guard second > ticker.pointee.featureSecond else { return }
        ticker.pointee.featureSecond = second
        effects.features.append(vector)
        guard sendsAggregates else { return }
        let model = modelStatus(of: ticker)
        guard let aggregate = ticker.pointee.aggregate(at: position, model: model) else { return }
        effects.aggregates.append(aggregate)
    }

    /// Ids that have stayed away for longer than lateness are a loss.
    mutating func raiseGaps(
        of ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        ticker.pointee.mayHaveGaps = false
        for index in 0..<ticker.pointee.marks.count {
            let marks = ticker.pointee.marks.pointer(at: index)
            defer { if marks.pointee.hasOpenGaps { ticker.pointee.mayHaveGaps = true } }
            let due = marks.pointee.gapsDue(
                at: ticker.pointee.time, latenessNanoseconds: plan.latenessNanoseconds)
            for range in due {
                effects.gaps.append(
                    FeedGap(
                        kind: .sequence, source: marks.pointee.source,
                        symbol: ticker.pointee.symbol, from: range.from, to: range.to,
                        firstMissing: range.first, lastMissing: range.last,
                        position: range.position))
                guard settings.rules.sequenceGapIsOn else { continue }
                let missing = Double(range.last) - Double(range.first) + 1
                let hit = RuleHit(
                    kind: .sequenceGap, severity: .medium, score: missing, threshold: 0,
                    amount: range.first, reference: range.last)
                record(hit, on: ticker, position: position, into: &effects)
            }
        }
    }
}
