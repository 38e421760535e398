import MarketModel

/// What the indicators of one interval carry from bar to bar, besides the closes themselves: flat,
/// so that the open bar's values are made on a copy.
struct IndicatorCore: BitwiseCopyable {
    /// Candles taken.
    private(set) var count: Int64 = 0
    /// Sums while there are fewer closes than the period.
    private var exponentials = InlineArray<8, Double>(repeating: 0)
    private var macd = MACDLines()
    private(set) var wilder = WilderAverages()
    private var stochastic = StochasticLines()
    private var totals = CandleTotals()
    private var patterns = CandlePatterns()
    private(set) var sums = CloseSums()
    /// How many times in a row the close has stayed the same.
    private(set) var closesUnchanged: Int64 = 0

    init() {}

    /// Counts a candle in. `ring` holds those before it, and is given the candle after this.
    mutating func take(
        _ candle: Candle, over ring: borrowing CandleRing, _ plan: IndicatorPlan
    ) {
        let index = count
        let now = candle.figures
        count += 1
        for place in 0..<plan.averageCount {
            takeExponential(now.close, at: place, index: index, plan)
        }
        sums.take(candle, index: index, over: ring, plan)
        macd.take(now.close, index: index, over: ring, plan)
        stochastic.take(candle, index: index, over: ring, plan)
        patterns = totals.take(now, index: index, over: ring)
        guard index > 0 else { return }
        let closeBefore = ring.close(back: 1)
        closesUnchanged = closeBefore == candle.close ? closesUnchanged + 1 : 0
        wilder.take(now, after: Candle.price(closeBefore), index: index, plan)
    }

    @inline(__always)
    private mutating func takeExponential(
        _ close: Double, at place: Int, index: Int64, _ plan: IndicatorPlan
    ) {
        let period = plan.averagePeriods[place]
        if index >= period {
            exponentials[place] += (close - exponentials[place]) * plan.averageWeights[place]
        } else {
            exponentials[place] += close
            if index == period - 1 { exponentials[place] /= Double(period) }
        }
    }

    /// The averages over closes; `ring` holds all of these but `lead`.
    @inline(__always)
    func writeAverages(
        _ values: inout IndicatorValues, over ring: borrowing CandleRing, lead: Int64?,
        _ plan: IndicatorPlan
    ) {
        guard sums.areKept else {
            return writeWalkedAverages(&values, ring.means(plan, lead: lead), plan)
        }
        for place in 0..<plan.averageCount {
            var averages = IndicatorValues.MovingAverages(period: plan.averagePeriods[place])
            if count >= plan.averagePeriods[place] {
                averages.exponential = exponentials[place]
                averages.simple = sums.simple(place, plan)
                averages.weighted = sums.weighted(place, plan)
            }
            values.append(averages)
        }
    }

    @inline(never)
    private func writeWalkedAverages(
        _ values: inout IndicatorValues, _ means: WindowMeans, _ plan: IndicatorPlan
    ) {
        for place in 0..<plan.averageCount {
            var averages = IndicatorValues.MovingAverages(period: plan.averagePeriods[place])
            if count >= plan.averagePeriods[place] {
                averages.exponential = exponentials[place]
                averages.simple = means.simple[place]
                averages.weighted = means.weighted[place]
            }
            values.append(averages)
        }
    }

    /// Of the Bollinger band's closes; `ring` holds all of them but `lead`.
    @inline(__always)
    func band(
        over ring: borrowing CandleRing, lead: Int64?, _ plan: IndicatorPlan
    ) -> CloseDeviation? {
        sums.areKept
            ? sums.band(plan, count: count) : ring.deviation(plan.bollingerPeriod, lead: lead)
    }

    /// `nil` while there are too few closes.
    func rsi(_ plan: IndicatorPlan) -> Double? { count > plan.rsiPeriod ? wilder.rsi : nil }

    /// RSI means nothing while the last closes, as many as its period, are equal.
    func isFlat(_ plan: IndicatorPlan) -> Bool { closesUnchanged >= plan.rsiPeriod - 1 }

    /// `nil` while there are too few closes.
    func macd(_ plan: IndicatorPlan) -> (line: Double, signal: Double)? {
        guard count >= plan.macdSlowPeriod + plan.macdSignalPeriod - 1 else { return nil }
        return (macd.line, macd.signal)
    }

    /// The values that do not look back over the closes.
    func write(_ values: inout IndicatorValues, _ plan: IndicatorPlan) {
        values.rsi = rsi(plan)
        if let (line, signal) = macd(plan) {
            values.macd = line
            values.macdSignal = signal
        }
        if !stochastic.slowD.isNaN {
            values.stochasticK = stochastic.slowK
            values.stochasticD = stochastic.slowD
        }
        if count > plan.atrPeriod { values.averageTrueRange = wilder.trueRange }
        values.patterns = patterns
    }
}

extension IndicatorCore {
    func encode(into writer: inout StateWriter) {
        writer.write(count)
        for place in 0..<8 { writer.write(exponentials[place]) }
        macd.encode(into: &writer)
        wilder.encode(into: &writer)
        stochastic.encode(into: &writer)
        totals.encode(into: &writer)
        patterns.encode(into: &writer)
        writer.write(closesUnchanged)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        count = try reader.read()
        for place in 0..<8 { exponentials[place] = try reader.readDouble() }
        macd = try MACDLines(from: &reader)
        wilder = try WilderAverages(from: &reader)
        stochastic = try StochasticLines(from: &reader)
        totals = try CandleTotals(from: &reader)
        patterns = try CandlePatterns(from: &reader)
        closesUnchanged = try reader.read()
    }

    /// The sums are not written: `ring` has them all.
    mutating func sumUp(_ ring: borrowing CandleRing, _ plan: IndicatorPlan) {
        sums = CloseSums(of: ring, count: count, plan)
    }
}

extension CandlePatterns {
    func encode(into writer: inout StateWriter) {
        for flag in [doji, hammer, shootingStar, engulfing, harami, morningStar, eveningStar] {
            writer.write(flag)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        doji = try reader.read()
        hammer = try reader.read()
        shootingStar = try reader.read()
        engulfing = try reader.read()
        harami = try reader.read()
        morningStar = try reader.read()
        eveningStar = try reader.read()
    }
}
