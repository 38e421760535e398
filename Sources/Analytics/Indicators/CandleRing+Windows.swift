import MarketModel

/// Windows over the closes, the current one (`lead`, not in the ring yet) first. Exact: integers
/// are summed, and nothing is carried from bar to bar that could drift.
extension CandleRing {
    /// Mean of the last `period` closes, `close` the newest of them, added up as TA-Lib does: the
    /// oldest first. There must be `period - 1` in the ring.
    func meanClose(_ period: Int, with close: Double) -> Double {
        var sum = 0.0
        for back in stride(from: period - 1, to: 0, by: -1) {
            sum += Candle.price(self.close(back: back))
        }
        return (sum + close) / Double(period)
    }

    /// Simple and weighted means of the plan's periods, as far as there are closes for them.
    func means(_ plan: IndicatorPlan, lead: Int64?) -> WindowMeans {
        if !isWide, lead.map(CandleRing.fits) ?? true {
            return narrowMeans(plan, lead: lead.map { $0 / CandleRing.step })
        }
        var means = WindowMeans()
        var sum = Int128(lead ?? 0)
        var weighted = sum
        var length = lead == nil ? 0 : 1
        let lengthMax = closeCount + length
        for place in 0..<plan.averageCount {
            let period = plan.averagePeriods[place]
            guard period <= lengthMax else { break }
            while length < period {
                length += 1
                sum += Int128(close(back: lead == nil ? length : length - 1))
                // The weighted sum over n closes is the sum of the plain sums over 1 to n of them.
                weighted += sum
            }
            means.append(
                sum: wideAsDouble(sum), weighted: wideAsDouble(weighted), period: period,
                perCurrencyUnit: 1e9)
        }
        return means
    }

    /// The same in steps, four closes at a time.
    private func narrowMeans(_ plan: IndicatorPlan, lead: Int64?) -> WindowMeans {
        var means = WindowMeans()
        var sum = lead ?? 0
        var weighted = sum
        var length = lead == nil ? 0 : 1
        let lengthMax = closeCount + length
        var index = closeIndex(1)
        for place in 0..<plan.averageCount {
            let period = plan.averagePeriods[place]
            guard period <= lengthMax else { break }
            while length < period {
                let run = min(period - length, index + 1)
                var close = narrowCloses + index
                for _ in 0..<(run >> 2) {
                    let first = sum &+ Int64(close[0])
                    let second = first &+ Int64(close[-1])
                    let third = second &+ Int64(close[-2])
                    sum = third &+ Int64(close[-3])
                    weighted &+= (first &+ second) &+ (third &+ sum)
                    close -= 4
                }
                for _ in 0..<(run & 3) {
                    sum &+= Int64(close[0])
                    weighted &+= sum
                    close -= 1
                }
                length += run
                index -= run
                if index < 0 { index = closeCount - 1 }
            }
            means.append(
                sum: Double(sum), weighted: Double(weighted), period: period, perCurrencyUnit: 1e4)
        }
        return means
    }

    /// Population standard deviation of the last `period` closes, and how far the newest lies above
    /// their mean; `nil` while there are too few.
    ///
    /// Made from exact differences to the newest close, so that equal closes give 0 and nothing
    /// else, and the price's own size costs no digits.
    func deviation(_ period: Int, lead: Int64?) -> CloseDeviation? {
        guard closeCount + (lead == nil ? 0 : 1) >= period else { return nil }
        if isWide {
            return deviation(wideCloses, period, lead: lead.map { Int128($0) }, step: 1)
        }
        guard let lead, !CandleRing.fits(lead) else {
            return deviation(
                narrowCloses, period, lead: lead.map { $0 / CandleRing.step }, step: Int64(1))
        }
        return deviation(
            narrowCloses, period, lead: Int128(lead), step: Int128(CandleRing.step))
    }

    @inline(__always)
    private func deviation<Element: FixedWidthInteger, Sum: WindowSum>(
        _ closes: UnsafePointer<Element>, _ period: Int, lead: Sum?, step: Sum
    ) -> CloseDeviation {
        var left = lead == nil ? period : period - 1
        var index = closeIndex(1)
        let newest = lead ?? Sum(truncatingIfNeeded: closes[index]) &* step
        var sum: Sum = 0
        var squares = 0.0
        while left > 0 {
            let run = min(left, index + 1)
            for _ in 0..<run {
                let difference = Sum(truncatingIfNeeded: closes[index]) &* step &- newest
                let nearest = difference.nearest
                sum &+= difference
                squares += nearest * nearest
                index -= 1
            }
            left -= run
            if index < 0 { index = closeCount - 1 }
        }
        let length = Double(period)
        let offset = sum.nearest / length
        return CloseDeviation(
            standard: max(0, squares / length - offset * offset).squareRoot()
                / Sum.perCurrencyUnit,
            mean: (newest &* Sum(truncatingIfNeeded: period) &+ sum).nearest
                / (length * Sum.perCurrencyUnit),
            newest: -offset / Sum.perCurrencyUnit)
    }

    /// Highest and lowest price, in price units, of the last `count` candles and one more.
    func extremes(_ count: Int, and candle: Candle) -> (high: Int64, low: Int64) {
        guard count > 0 else { return (candle.high, candle.low) }
        let found =
            isWide ? extremes(wideHighs, wideLows, count) : extremes(narrowHighs, narrowLows, count)
        return (max(found.high, candle.high), min(found.low, candle.low))
    }

    @inline(__always)
    private func extremes<Element: FixedWidthInteger>(
        _ highs: UnsafePointer<Element>, _ lows: UnsafePointer<Element>, _ count: Int
    ) -> (high: Int64, low: Int64) {
        // A window of the whole ring has no order to keep.
        var index = count == candlesKept ? candlesKept - 1 : candleIndex(1)
        var high = highs[index]
        var low = lows[index]
        if count == candlesKept {
            for place in 0..<index {
                high = max(high, highs[place])
                low = min(low, lows[place])
            }
        } else {
            for _ in 1..<count {
                index = index == 0 ? candlesKept - 1 : index - 1
                high = max(high, highs[index])
                low = min(low, lows[index])
            }
        }
        let step = isWide ? 1 : CandleRing.step
        return (Int64(high) &* step, Int64(low) &* step)
    }
}

/// What closes are added up in: steps of a narrow ring, or price units.
private protocol WindowSum: FixedWidthInteger, SignedInteger {
    var nearest: Double { get }
    /// How many of it make a currency unit.
    static var perCurrencyUnit: Double { get }
}

extension Int64: WindowSum {
    fileprivate var nearest: Double { Double(self) }
    fileprivate static var perCurrencyUnit: Double { 1e4 }
}

extension Int128: WindowSum {
    fileprivate var nearest: Double { wideAsDouble(self) }
    fileprivate static var perCurrencyUnit: Double { 1e9 }
}

/// Means of the plan's periods, in currency units; the first `count` of them are filled.
struct WindowMeans: BitwiseCopyable {
    private(set) var simple = InlineArray<8, Double>(repeating: 0)
    private(set) var weighted = InlineArray<8, Double>(repeating: 0)
    private(set) var count = 0

    @inline(__always)
    mutating func append(sum: Double, weighted: Double, period: Int, perCurrencyUnit: Double) {
        let length = Double(period) * perCurrencyUnit
        simple[count] = sum / length
        // 1 + 2 + ... + period.
        self.weighted[count] = weighted / (length * Double(period + 1) / 2)
        count += 1
    }
}

/// How the closes of a window lie about their mean, in currency units.
struct CloseDeviation: BitwiseCopyable {
    var standard: Double
    var mean: Double
    /// The newest close less the mean.
    var newest: Double
}
