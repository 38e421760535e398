import MarketModel

/// A signal that a closing bar raised, before it has a ticker and a time.
struct RaisedSignal: BitwiseCopyable {
    var kind: IndicatorSignal.Kind
    var value: Double
    var reference: Double
}

/// On which side of each other the lines stand that signals watch: a signal is raised when a side
/// changes, not while it lasts.
struct SignalWatch: BitwiseCopyable {
    /// Lines nearer to each other than this part of the price are one: what is left of it is
    /// rounding.
    private static let nearness = 1e-12

    /// Price units over the two periods of the golden cross.
    private var fastSum: Int128 = 0
    private var slowSum: Int128 = 0
    /// 1 above, -1 below; 0 before the first, and for RSI and the bands while within.
    private var crossSide: Int8 = 0
    private var macdSide: Int8 = 0
    private var rsiSide: Int8 = 0
    private var bandSide: Int8 = 0

    init() {}

    /// The closing candle leaves and enters the two windows; `ring` holds those before it.
    @inline(__always)
    mutating func slide(
        _ candle: Candle, count: Int64, over ring: borrowing CandleRing, _ plan: IndicatorPlan
    ) {
        fastSum += Int128(candle.close)
        slowSum += Int128(candle.close)
        if count >= plan.crossFastPeriod {
            fastSum -= Int128(ring.close(back: plan.crossFastPeriod))
        }
        if count >= plan.crossSlowPeriod {
            slowSum -= Int128(ring.close(back: plan.crossSlowPeriod))
        }
    }

    /// What the candle that has just been counted in raises; at most one of each pair.
    mutating func look(
        at core: borrowing IndicatorCore, close: Int64, over ring: borrowing CandleRing,
        _ plan: IndicatorPlan, _ raise: (RaisedSignal) -> Void
    ) {
        lookAtCross(core, plan, raise)
        lookAtMACD(core, price: Candle.price(close), plan, raise)
        lookAtRSI(core, plan, raise)
        if let deviation = core.band(over: ring, lead: nil, plan) {
            lookAtBands(deviation, plan, raise)
        }
    }

    private mutating func lookAtCross(
        _ core: borrowing IndicatorCore, _ plan: IndicatorPlan, _ raise: (RaisedSignal) -> Void
    ) {
        guard core.count >= plan.crossSlowPeriod else { return }
        let fast = fastSum * Int128(plan.crossSlowPeriod)
        let slow = slowSum * Int128(plan.crossFastPeriod)
        let side: Int8 = fast > slow ? 1 : fast < slow ? -1 : 0
        guard side != 0, side != crossSide else { return }
        if crossSide != 0 {
            let length = Double(plan.crossSlowPeriod * plan.crossFastPeriod) * 1e9
            raise(
                RaisedSignal(
                    kind: side > 0 ? .goldenCross : .deathCross,
                    value: wideAsDouble(fast) / length, reference: wideAsDouble(slow) / length))
        }
        crossSide = side
    }

    private mutating func lookAtMACD(
        _ core: borrowing IndicatorCore, price: Double, _ plan: IndicatorPlan,
        _ raise: (RaisedSignal) -> Void
    ) {
        guard let (line, signal) = core.macd(plan) else { return }
        let difference = line - signal
        guard abs(difference) > SignalWatch.nearness * abs(price) else { return }
        let side: Int8 = difference > 0 ? 1 : -1
        guard side != macdSide else { return }
        if macdSide != 0 {
            raise(
                RaisedSignal(
                    kind: side > 0 ? .macdCrossUp : .macdCrossDown, value: line, reference: signal))
        }
        macdSide = side
    }

    private mutating func lookAtRSI(
        _ core: borrowing IndicatorCore, _ plan: IndicatorPlan, _ raise: (RaisedSignal) -> Void
    ) {
        guard let rsi = core.rsi(plan) else { return }
        let isOut = !core.isFlat(plan)
        let side: Int8 = isOut && rsi > plan.rsiUpper ? 1 : isOut && rsi < plan.rsiLower ? -1 : 0
        if side != 0, side != rsiSide {
            raise(
                RaisedSignal(
                    kind: side > 0 ? .rsiOverbought : .rsiOversold, value: rsi,
                    reference: side > 0 ? plan.rsiUpper : plan.rsiLower))
        }
        rsiSide = side
    }

    private mutating func lookAtBands(
        _ deviation: CloseDeviation, _ plan: IndicatorPlan, _ raise: (RaisedSignal) -> Void
    ) {
        let width = plan.bollingerDeviations * deviation.standard
        let side: Int8 = deviation.newest > width ? 1 : deviation.newest < -width ? -1 : 0
        if side != 0, side != bandSide {
            raise(
                RaisedSignal(
                    kind: side > 0 ? .closeAboveBand : .closeBelowBand,
                    value: deviation.mean + deviation.newest,
                    reference: deviation.mean + Double(side) * width))
        }
        bandSide = side
    }

    func encode(into writer: inout StateWriter) {
        writer.write(fastSum)
        writer.write(slowSum)
        for side in [crossSide, macdSide, rsiSide, bandSide] { writer.write(side) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        fastSum = try reader.read()
        slowSum = try reader.read()
        crossSide = try reader.read()
        macdSide = try reader.read()
        rsiSide = try reader.read()
        bandSide = try reader.read()
    }
}
