import Analytics
import MarketModel

extension EngineState {
    /// Decides a trade's class and, when it is applied, moves what it may move.
    @inline(__always)
    mutating func apply(
        _ trade: Trade, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws {
        guard
            let ticker = admit(
                trade.symbol, dated: trade.executedAt, logged, of: batch, into: &effects)
        else { return }
        ticker.pointee.receivedAt = logged.receivedAt
        let memory = note(trade, of: ticker, logged, into: &effects)
        var isLate =
            ticker.pointee.watermark.nanosecondsSince(trade.executedAt) > latenessNanoseconds
        if memory != .new {
            let isStored =
                try memory == .seen
                || wasStored(trade, logged, in: effects, storedPosition: storedPosition)
            if isStored {
                tallies.receive(logged.source, as: .duplicate)
                return
            }
            isLate = isLate || memory == .forgotten
        }
        ticker.pointee.lastPrint = trade
        if isLate {
            tallies.receive(logged.source, as: .late)
            ticker.pointee.lateVolume += Volume(trade.size)
        } else {
            tallies.receive(logged.source, as: .applied)
            move(ticker, by: trade, logged, into: &effects)
        }
        effects.trades.append(
            StoredTrade(
                trade: trade, source: logged.source, receivedAt: logged.receivedAt,
                position: logged.position, isLate: isLate))
    }

    @inline(__always)
    private mutating func note(
        _ trade: Trade, of ticker: UnsafeMutablePointer<TickerState>, _ logged: LoggedEvent,
        into effects: inout EffectBatch
    ) -> Memory {
        let marks = ticker.pointee.marks(of: logged.source)
        let isDaily = marks.pointee.scheme == .daily
        let memory = marks.pointee.note(
            trade: trade, day: isDaily ? tradingDates.date(of: trade.executedAt) : 0,
            at: max(ticker.pointee.time, trade.executedAt), position: logged.position)
        if marks.pointee.hasOverfullGaps {
            raiseGaps(of: ticker, position: logged.position, into: &effects)
        }
        return memory
    }

    /// Whether a trade below what the marks remember was stored by an earlier event.
    ///
    /// What this stretch has produced so far is not in the store yet, so it is searched first.
    private func wasStored(
        _ trade: Trade, _ logged: LoggedEvent, in effects: EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws -> Bool {
        let isPending = effects.trades.contains {
            $0.trade.sequence == trade.sequence && $0.trade.symbol == trade.symbol
                && $0.source == logged.source && isSameDay($0.trade, trade, logged.source)
        }
        if isPending { return true }
        guard let found = try storedPosition(trade, logged.source) else { return false }
        return found < logged.position
    }

    private func isSameDay(_ one: Trade, _ other: Trade, _ source: FeedSource) -> Bool {
        IdentityScheme(source) != .daily
            || NewYorkTime.date(at: one.executedAt) == NewYorkTime.date(at: other.executedAt)
    }

    /// Windows, bars, rules: everything an applied trade moves.
    @inline(__always)
    private mutating func move(
        _ ticker: UnsafeMutablePointer<TickerState>, by trade: Trade, _ logged: LoggedEvent,
        into effects: inout EffectBatch
    ) {
        if trade.executedAt > ticker.pointee.watermark {
            ticker.pointee.watermark = trade.executedAt
        }
        if trade.executedAt > ticker.pointee.time { ticker.pointee.time = trade.executedAt }
        if ticker.pointee.time >= ticker.pointee.secondEnd {
            turnSecond(of: ticker, position: logged.position, into: &effects)
        }
        if ticker.pointee.firstExecutedAt == nil {
            ticker.pointee.firstExecutedAt = trade.executedAt
        }
        let flags = conditions.flags(trade.conditions, market: ticker.pointee.market)
        let scoresAtOnce = ticker.pointee.windows.scoresAtOnce(trade)
        if scoresAtOnce { noteScore(of: ticker) }
        ticker.pointee.windows.apply(trade, flags: flags)
        if scoresAtOnce { noteScore(of: ticker, second: trade.executedAt.secondsFloor) }
        ticker.pointee.bars.apply(trade, flags: flags)
        if flags.contains(.hasUnknown) { ticker.pointee.unknownConditionCount += 1 }
        if flags.isEligiblePrice, isPrice(trade, after: ticker.pointee.lastEligible) {
            ticker.pointee.lastEligible = trade
            ticker.pointee.lastEligiblePosition = logged.position
            ticker.pointee.isFeatureUnsent = true
        }
        checkRules(ticker, trade, flags, position: logged.position, into: &effects)
        if flags.isEligiblePrice, settings.forest.isOn {
            judge(trade, of: ticker, position: logged.position, into: &effects)
        }
        if let figuresWitness {
            var figures = RollingFigures()
            ticker.pointee.windows.writeFigures(&figures, quote: ticker.pointee.quote)
            figuresWitness(ticker - tickers.pointer(at: 0), trade, figures)
        }
    }

    /// Whether the price is an eligible trade's: of the largest event time, then sequence, then the
    /// last in the log. Prints that may not set a price do not stand in its way.
    @inline(__always)
    private func isPrice(_ trade: Trade, after last: Trade?) -> Bool {
        guard let last else { return true }
        return trade.executedAt == last.executedAt
            ? trade.sequence >= last.sequence : trade.executedAt > last.executedAt
    }
}
