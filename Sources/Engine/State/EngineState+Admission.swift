import Analytics
import MarketModel

extension EngineState {
    private static let aheadMaxNanoseconds: Int64 = 5_000_000_000
    private static let behindMaxNanoseconds: Int64 = 86_400_000_000_000
    /// 2200-01-01: no arithmetic on an admitted time can overflow.
    static let timeMax = Timestamp(seconds: 7_258_118_400)
    static let timeMin = Timestamp(seconds: 0)

    /// The ticker an event is about, or `nil` when the event is refused: dated wrongly, or one
    /// symbol too many.
    @inline(__always)
    mutating func admit(
        _ symbol: Symbol, dated time: Timestamp, _ logged: UnsafePointer<LoggedEvent>,
        of batch: EventBatch, into effects: inout EffectBatch
    ) -> UnsafeMutablePointer<TickerState>? {
        let ahead = time.nanosecondsSince(logged.pointee.receivedAt)
        let isDatedWell =
            time >= EngineState.timeMin && time < EngineState.timeMax
            && (!batch.checksEventTime
                || (ahead <= EngineState.aheadMaxNanoseconds
                    && ahead >= -EngineState.behindMaxNanoseconds))
        guard isDatedWell else {
            refuse(logged.pointee, .eventTime, symbol, of: batch, into: &effects)
            return nil
        }
        if let ticker = expected ?? known(symbol) {
            ticker.pointee.isShown = false
            ticker.pointee.passTime(to: clockFloor, plan)
            return ticker
        }
        return admitNew(symbol, logged.pointee, of: batch, into: &effects)
    }

    @inline(__always)
    mutating func known(_ symbol: Symbol) -> UnsafeMutablePointer<TickerState>? {
        symbols.number(of: symbol).map { tickers.pointer(at: Int($0)) }
    }

    @inline(never)
    private mutating func admitNew(
        _ symbol: Symbol, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch
    ) -> UnsafeMutablePointer<TickerState>? {
        if let ticker = open(symbol, market: market(of: logged.source)) { return ticker }
        refuse(logged, .tooManySymbols, symbol, of: batch, into: &effects)
        return nil
    }

    @inline(never)
    private mutating func refuse(
        _ logged: LoggedEvent, _ reason: RefusalReason, _ symbol: Symbol, of batch: EventBatch,
        into effects: inout EffectBatch
    ) {
        let isBinance = logged.source == .binance
        let field =
            reason == .eventTime ? (isBinance ? "T" : "t") : (isBinance ? "s" : "sym")
        refuse(
            logged, Refusal(reason: reason, field: field, symbol: symbol), of: batch,
            into: &effects)
    }

    /// The state of a ticker, made when the log first names it; `nil` when there are `symbolsMax`
    /// of them.
    mutating func open(_ symbol: Symbol, market: Market) -> UnsafeMutablePointer<TickerState>? {
        if let number = symbols.number(of: symbol) {
            let ticker = tickers.pointer(at: Int(number))
            ticker.pointee.isShown = false
            return ticker
        }
        guard let number = symbols.intern(symbol) else { return nil }
        tickers.append(
            TickerState(
                number: tickers.count, symbol: symbol, market: market, settings: settings,
                day: dayOfNewest(market), tickers))
        wakes.append(.distantPast)
        let ticker = tickers.pointer(at: Int(number))
        ticker.pointee.time = clockFloor
        return ticker
    }

    /// The trading day of the ticker opened last, if it is of the same market.
    private mutating func dayOfNewest(_ market: Market) -> TradingDay? {
        guard tickers.count > 0 else { return nil }
        let newest = tickers.pointer(at: tickers.count - 1)
        return newest.pointee.market == market ? newest.pointee.windows.likelyDay : nil
    }
}
