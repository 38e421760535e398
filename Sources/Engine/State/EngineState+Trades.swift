import Analytics
import MarketModel

extension EngineState {
    /// Decides a trade's class and, when it is applied, moves what it may move: its ticker then.
    @inline(__always)
    mutating func apply(
        tradeAt logged: UnsafePointer<LoggedEvent>, of batch: EventBatch,
        into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws -> UnsafeMutablePointer<TickerState>? {
        // Of the trade only what is looked at here: it is read again by who needs all of it.
        let time = logged.pointee.trade.executedAt
        guard
            let ticker = admit(
                logged.pointee.trade.symbol, dated: time, logged, of: batch, into: &effects)
        else { return nil }
        ticker.pointee.receivedAt = logged.pointee.receivedAt
        let memory = note(tradeAt: logged, of: ticker, into: &effects)
        var isLate =
            ticker.pointee.watermark.nanosecondsSince(time) > plan.latenessNanoseconds
        if memory != .new {
            let isStored =
                try memory == .seen
                || wasStored(logged, in: effects, storedPosition: storedPosition)
            if isStored {
                tallies.receive(logged.pointee.source, as: .duplicate)
                return nil
            }
            isLate = isLate || memory == .forgotten
        }
        if isLate {
            tallies.receive(logged.pointee.source, as: .late)
            EngineState.note(lateTradeAt: logged, on: ticker)
        } else {
            tallies.receive(logged.pointee.source, as: .applied)
            move(ticker, byTradeAt: logged, into: &effects)
        }
        EngineState.store(logged, isLate: isLate, into: &effects)
        wakes.pointer(at: ticker.pointee.number).pointee = ticker.pointee.wakeAfterEvent(plan)
        return isLate ? nil : ticker
    }

    /// On its own, so that the trade goes from where it lies to where it is stored: beside other
    /// uses of it, it would be put down in pieces first, and waited for.
    @inline(never)
    private static func store(
        _ logged: UnsafePointer<LoggedEvent>, isLate: Bool, into effects: inout EffectBatch
    ) {
        effects.trades.append(
            StoredTrade(
                trade: logged.pointee.trade, source: logged.pointee.source,
                receivedAt: logged.pointee.receivedAt, position: logged.pointee.position,
                isLate: isLate))
    }

    @inline(never)
    private static func note(
        lateTradeAt logged: UnsafePointer<LoggedEvent>, on ticker: UnsafeMutablePointer<TickerState>
    ) {
        let trade = logged.pointee.trade
        ticker.pointee.notePrint(trade, at: logged.pointee.position, isEligible: false)
        ticker.pointee.lateVolume += Volume(trade.size)
    }

    @inline(__always)
    private mutating func note(
        tradeAt logged: UnsafePointer<LoggedEvent>, of ticker: UnsafeMutablePointer<TickerState>,
        into effects: inout EffectBatch
    ) -> Memory {
        let marks = ticker.pointee.marks(of: logged.pointee.source)
        if marks.pointee.scheme == .daily {
            let trade = logged.pointee.trade
            return marks.pointee.note(
                daily: trade.sequence, day: tradingDates.date(of: trade.executedAt))
        }
        return note(lastingTradeAt: logged, marks, of: ticker, into: &effects)
    }

    @inline(never)
    private mutating func note(
        lastingTradeAt logged: UnsafePointer<LoggedEvent>,
        _ marks: UnsafeMutablePointer<SourceMarks>,
        of ticker: UnsafeMutablePointer<TickerState>, into effects: inout EffectBatch
    ) -> Memory {
        let trade = logged.pointee.trade
        let memory = marks.pointee.note(
            lasting: trade, at: max(ticker.pointee.time, trade.executedAt),
            position: logged.pointee.position)
        if marks.pointee.scheme == .lasting, marks.pointee.hasOpenGaps {
            ticker.pointee.mayHaveGaps = true
            if marks.pointee.hasOverfullGaps {
                raiseGaps(of: ticker, position: logged.pointee.position, into: &effects)
            }
        }
        return memory
    }

    /// Whether a trade below what the marks remember was stored by an earlier event.
    ///
    /// What this stretch has produced so far is not in the store yet, so it is searched first.
    @inline(never)
    private func wasStored(
        _ logged: UnsafePointer<LoggedEvent>, in effects: EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws -> Bool {
        let trade = logged.pointee.trade
        let isPending = effects.trades.contains {
            $0.trade.sequence == trade.sequence && $0.trade.symbol == trade.symbol
                && $0.source == logged.pointee.source
                && isSameDay($0.trade, trade, logged.pointee.source)
        }
        if isPending { return true }
        guard let found = try storedPosition(trade, logged.pointee.source) else { return false }
        return found < logged.pointee.position
    }

    private func isSameDay(_ one: Trade, _ other: Trade, _ source: FeedSource) -> Bool {
        IdentityScheme(source) != .daily
            || NewYorkTime.date(at: one.executedAt) == NewYorkTime.date(at: other.executedAt)
    }

    /// Windows, bars, rules: everything an applied trade moves.
    @inline(never)
    private mutating func move(
        _ ticker: UnsafeMutablePointer<TickerState>,
        byTradeAt logged: UnsafePointer<LoggedEvent>, into effects: inout EffectBatch
    ) {
        let trade = logged.pointee.trade
        let isFirst = ticker.pointee.watermark == .distantPast
        if trade.executedAt > ticker.pointee.watermark {
            ticker.pointee.watermark = trade.executedAt
        }
        if trade.executedAt > ticker.pointee.time { ticker.pointee.time = trade.executedAt }
        if ticker.pointee.time >= ticker.pointee.secondEnd {
            turnSecond(of: ticker, position: logged.pointee.position, into: &effects)
        }
        if isFirst {
            ticker.pointee.firstExecutedAt = trade.executedAt
            endHistory(of: ticker, at: trade.executedAt, into: &effects)
        }
        if ticker.pointee.isUnsettled { ticker.pointee.settle(plan, settings.rules) }
        let flags = conditions.flags(trade.conditions, market: ticker.pointee.market)
        let scoresAtOnce = plan.joinsNews && ticker.pointee.windows.scoresAtOnce(trade)
        if scoresAtOnce { noteScore(of: ticker) }
        ticker.pointee.windows.apply(trade, flags: flags)
        if scoresAtOnce { noteScore(of: ticker, second: trade.executedAt.secondsFloor) }
        if let bars = ticker.pointee.bars.pointer { bars.pointee.apply(trade, flags: flags) }
        if flags.contains(.hasUnknown) { ticker.pointee.unknownConditionCount += 1 }
        let isPrice = flags.isEligiblePrice && ticker.pointee.windows.isPrice(of: trade)
        ticker.pointee.notePrint(trade, at: logged.pointee.position, isEligible: isPrice)
        if isPrice { ticker.pointee.isFeatureUnsent = true }
        if plan.looksAtTrades {
            checkRules(ticker, trade, flags, position: logged.pointee.position, into: &effects)
        }
        if plan.forestIsOn, flags.isEligiblePrice {
            judge(trade, of: ticker, position: logged.pointee.position, into: &effects)
        }
    }
}

/// Trades and quotes are read where they lie in the batch by each who needs them. Handed over they
/// would be put down in pieces and read again in others at once, for which the processor waits.
extension LoggedEvent {
    /// Of an event that is a trade.
    var trade: Trade {
        @inline(__always) get {
            guard case .trade(let trade) = event else { preconditionFailure("no trade") }
            return trade
        }
    }

    /// Of an event that is a quote.
    var quote: Quote {
        @inline(__always) get {
            guard case .quote(let quote) = event else { preconditionFailure("no quote") }
            return quote
        }
    }
}
