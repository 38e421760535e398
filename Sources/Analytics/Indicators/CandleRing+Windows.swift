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

    /// Simple and weighted means of each period of the plan; `nil` where there are too few closes.
    ///
    /// One pass: the weighted sum over n closes is the sum of the plain sums over 1 to n of them.
    func averages(
        _ plan: IndicatorPlan, lead: Int64?,
        _ body: (Int, _ simple: Double, _ weighted: Double) -> Void
    ) {
        if isWide || !(lead.map(CandleRing.fits) ?? true) {
            sums(plan, lead: lead, Int128.self, scale: isWide ? 1 : CandleRing.step) {
                body(
                    $0, wideAsDouble($1) / (Double($2) * 1e9),
                    wideAsDouble($3) / (CandleRing.weights($2) * 1e9))
            }
        } else {
            let steps = lead.map { $0 / CandleRing.step }
            sums(plan, lead: steps, Int64.self, scale: 1) {
                body(
                    $0, Double($1) / (Double($2) * 1e4), Double($3) / (CandleRing.weights($2) * 1e4)
                )
            }
        }
    }

    /// 1 + 2 + ... + period.
    private static func weights(_ period: Int) -> Double { Double(period * (period + 1) / 2) }

    @inline(__always)
    private func sums<Sum: FixedWidthInteger>(
        _ plan: IndicatorPlan, lead: Int64?, _: Sum.Type, scale: Int64,
        _ body: (_ place: Int, _ sum: Sum, _ period: Int, _ weighted: Sum) -> Void
    ) {
        var sum: Sum = 0
        var weighted: Sum = 0
        var length = 0
        var place = 0
        @inline(__always) func add(_ close: Sum) {
            sum &+= close
            weighted &+= sum
            length += 1
            if place < plan.averageCount, length == plan.averagePeriods[place] {
                body(place, sum, length, weighted)
                place += 1
            }
        }
        if let lead { add(Sum(lead)) }
        guard plan.averageCount > 0 else { return }
        let longest = plan.averagePeriods[plan.averageCount - 1] - length
        forEachClose(min(longest, closeCount)) { add(Sum($0) &* Sum(scale)) }
    }

    /// Population standard deviation of the last `period` closes, and how far the newest lies above
    /// their mean; `nil` while there are too few.
    ///
    /// Made from exact differences to the mean, so that equal closes give 0 and nothing else.
    func deviation(_ period: Int, lead: Int64?) -> CloseDeviation? {
        let fromRing = lead == nil ? period : period - 1
        guard closeCount >= fromRing else { return nil }
        if isWide || !(lead.map(CandleRing.fits) ?? true) {
            return deviation(
                period, fromRing, lead.map { Int128($0) },
                scale: isWide ? 1 : Int128(CandleRing.step),
                unitsPerPrice: 1e9, asDouble: wideAsDouble)
        }
        return deviation(
            period, fromRing, lead.map { $0 / CandleRing.step }, scale: Int64(1),
            unitsPerPrice: 1e4, asDouble: { Double($0) })
    }

    @inline(__always)
    private func deviation<Sum: FixedWidthInteger>(
        _ period: Int, _ fromRing: Int, _ lead: Sum?, scale: Sum, unitsPerPrice: Double,
        asDouble: (Sum) -> Double
    ) -> CloseDeviation {
        var sum = lead ?? 0
        forEachClose(fromRing) { sum &+= Sum($0) &* scale }
        let length = Sum(period)
        var squares = 0.0
        var newest = lead.map { asDouble($0 &* length &- sum) }
        if let newest { squares = newest * newest }
        forEachClose(fromRing) {
            // The differences to the mean, times the period: whole numbers.
            let difference = asDouble(Sum($0) &* scale &* length &- sum)
            squares += difference * difference
            newest = newest ?? difference
        }
        let count = Double(period) * unitsPerPrice
        return CloseDeviation(
            standard: (squares / Double(period)).squareRoot() / count, mean: asDouble(sum) / count,
            newest: (newest ?? 0) / count)
    }
}

/// How the closes of a window lie about their mean, in currency units.
struct CloseDeviation: BitwiseCopyable {
    var standard: Double
    var mean: Double
    /// The newest close less the mean.
    var newest: Double
}
