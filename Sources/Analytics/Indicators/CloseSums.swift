import MarketModel

/// Sums over the last closes of each of the plan's periods and of the Bollinger band, carried from
/// bar to bar in the steps of a narrow ring: whole numbers, so nothing drifts.
///
/// A price that no narrow ring can hold ends them for good; from then on the windows are walked
/// (`CandleRing.means`, `CandleRing.deviation`).
struct CloseSums: BitwiseCopyable {
    private(set) var areKept = true
    private var plain = InlineArray<8, Int64>(repeating: 0)
    /// The newest close counts as often as there are closes in the window, the oldest once.
    private var weighted = InlineArray<8, Int64>(repeating: 0)
    private var bandPlain: Int64 = 0
    private var bandSquares: Int128 = 0
    private var newest: Int64 = 0

    init() {}

    /// Counts a close in, the one with `index` from 0; `ring` holds those before it.
    @inline(__always)
    mutating func take(
        _ candle: Candle, index: Int64, over ring: borrowing CandleRing, _ plan: IndicatorPlan
    ) {
        guard areKept else { return }
        guard !ring.isWide, CandleRing.fits(candle.close) else {
            areKept = false
            return
        }
        newest = candle.close / CandleRing.step
        for place in 0..<plan.averageCount {
            let period = plan.averagePeriods[place]
            if index >= period {
                weighted[place] &+= Int64(period) &* newest &- plain[place]
                plain[place] &+= newest &- ring.steps(back: period)
            } else {
                weighted[place] &+= (index &+ 1) &* newest
                plain[place] &+= newest
            }
        }
        bandPlain &+= newest
        bandSquares &+= CloseSums.square(newest)
        if index >= plan.bollingerPeriod {
            let oldest = ring.steps(back: plan.bollingerPeriod)
            bandPlain &-= oldest
            bandSquares &-= CloseSums.square(oldest)
        }
    }

    /// 31 bits squared.
    @inline(__always)
    private static func square(_ steps: Int64) -> Int128 { Int128(steps &* steps) }

    /// Simple mean of one of the plan's periods, in currency units. There must be that many closes.
    @inline(__always)
    func simple(_ place: Int, _ plan: IndicatorPlan) -> Double {
        Double(plain[place]) / plan.simpleDivisors[place]
    }

    /// Weighted mean, as `simple`.
    @inline(__always)
    func weighted(_ place: Int, _ plan: IndicatorPlan) -> Double {
        Double(weighted[place]) / plan.weightedDivisors[place]
    }

    /// How the closes of the Bollinger band lie about their mean; `nil` while there are too few.
    @inline(__always)
    func band(_ plan: IndicatorPlan, count: Int64) -> CloseDeviation? {
        let period = plan.bollingerPeriod
        guard count >= period else { return nil }
        let length = Double(period) * CandleRing.stepsPerCurrencyUnit
        let squares = bandSquares &* Int128(period) &- Int128(bandPlain) &* Int128(bandPlain)
        return CloseDeviation(
            standard: wideAsDouble(squares).squareRoot() / length,
            mean: Double(bandPlain) / length,
            newest: Double(newest &* Int64(period) &- bandPlain) / length)
    }

    /// The same sums over what a ring holds: they are in no copy of the state.
    init(of ring: borrowing CandleRing, count: Int64, _ plan: IndicatorPlan) {
        areKept = !ring.isWide
        guard areKept, ring.closeCount > 0 else { return }
        newest = ring.steps(back: 1)
        for place in 0..<plan.averageCount {
            let length = Int(min(count, Int64(plan.averagePeriods[place])))
            for back in 1...length {
                plain[place] += ring.steps(back: back)
                weighted[place] += Int64(length + 1 - back) * ring.steps(back: back)
            }
        }
        for back in 1...Int(min(count, Int64(plan.bollingerPeriod))) {
            bandPlain += ring.steps(back: back)
            bandSquares += CloseSums.square(ring.steps(back: back))
        }
    }
}
