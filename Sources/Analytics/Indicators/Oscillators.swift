import MarketModel

/// Wilder's averages of gains and losses, and of the true range, as TA-Lib begins them: the plain
/// mean of the first values, each then kept at (period - 1) parts of the old to one of the new.
struct WilderAverages: BitwiseCopyable {
    private(set) var gain = 0.0
    private(set) var loss = 0.0
    private(set) var trueRange = 0.0

    init() {}

    /// `index` counts the candles from 0; nothing to compare with at the first.
    mutating func take(
        _ now: CandleFigures, after closeBefore: Double, index: Int64, _ plan: IndicatorPlan
    ) {
        let difference = now.close - closeBefore
        let up = difference < 0 ? 0 : difference
        let down = difference < 0 ? -difference : 0
        WilderAverages.take(up, into: &gain, index, plan.rsiPeriod)
        WilderAverages.take(down, into: &loss, index, plan.rsiPeriod)
        let range = max(
            now.high - now.low, max(abs(closeBefore - now.high), abs(closeBefore - now.low)))
        WilderAverages.take(range, into: &trueRange, index, plan.atrPeriod)
    }

    @inline(__always)
    private static func take(
        _ value: Double, into average: inout Double, _ index: Int64, _ period: Int
    ) {
        let length = Double(period)
        if index > period {
            average = (average * (length - 1) + value) / length
        } else {
            average += value
            if index == period { average /= length }
        }
    }

    /// 0 without any gain or loss, as in TA-Lib.
    var rsi: Double {
        let sum = gain + loss
        return sum == 0 ? 0 : 100 * (gain / sum)
    }

    func encode(into writer: inout StateWriter) {
        writer.write(gain)
        writer.write(loss)
        writer.write(trueRange)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        gain = try reader.readDouble()
        loss = try reader.readDouble()
        trueRange = try reader.readDouble()
    }
}

/// The MACD line's two averages and its signal line. The fast average begins with the slow one.
struct MACDLines: BitwiseCopyable {
    private var fast = 0.0
    private var slow = 0.0
    /// A sum until there are as many MACD values as its period.
    private(set) var signal = 0.0

    var line: Double { fast - slow }

    init() {}

    mutating func take(
        _ close: Double, index: Int64, over ring: borrowing CandleRing, _ plan: IndicatorPlan
    ) {
        let first = Int64(plan.macdSlowPeriod - 1)
        guard index >= first else { return }
        if index == first {
            fast = ring.meanClose(plan.macdFastPeriod, with: close)
            slow = ring.meanClose(plan.macdSlowPeriod, with: close)
        } else {
            fast += (close - fast) * plan.macdFastWeight
            slow += (close - slow) * plan.macdSlowWeight
        }
        let period = Int64(plan.macdSignalPeriod)
        if index - first >= period {
            signal += (line - signal) * plan.macdSignalWeight
        } else {
            signal += line
            if index - first == period - 1 { signal /= Double(period) }
        }
    }

    func encode(into writer: inout StateWriter) {
        writer.write(fast)
        writer.write(slow)
        writer.write(signal)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        fast = try reader.readDouble()
        slow = try reader.readDouble()
        signal = try reader.readDouble()
    }
}

/// Fast %K smoothed into slow %K and that into %D, by simple averages.
struct StochasticLines: BitwiseCopyable {
    private var smoothK = SmoothedValues()
    private var smoothD = SmoothedValues()
    /// The last slow %K and %D; not a number before there is one.
    private(set) var slowK = Double.nan
    private(set) var slowD = Double.nan

    init() {}

    mutating func take(
        _ candle: Candle, index: Int64, over ring: borrowing CandleRing, _ plan: IndicatorPlan
    ) {
        guard index >= plan.stochasticPeriod - 1 else { return }
        let extremes = ring.extremes(plan.stochasticPeriod - 1, and: candle)
        let low = Candle.price(extremes.low)
        let percent = (Candle.price(extremes.high) - low) / 100
        let fast = percent == 0 ? 0 : (Candle.price(candle.close) - low) / percent
        let first = Int64(plan.stochasticPeriod - 1)
        slowK = smoothK.take(fast, index: index - first, period: plan.stochasticSlowK)
        let firstD = first + Int64(plan.stochasticSlowK - 1)
        guard index >= firstD else { return }
        slowD = smoothD.take(slowK, index: index - firstD, period: plan.stochasticSlowD)
    }

    func encode(into writer: inout StateWriter) {
        smoothK.encode(into: &writer)
        smoothD.encode(into: &writer)
        writer.write(slowK)
        writer.write(slowD)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        smoothK = try SmoothedValues(from: &reader)
        smoothD = try SmoothedValues(from: &reader)
        slowK = try reader.readDouble()
        slowD = try reader.readDouble()
    }
}

/// The last few percentages. Added up anew each time: a mean of zeros is 0.
private struct SmoothedValues: BitwiseCopyable {
    private var last = InlineArray<8, Double>(repeating: 0)

    init() {}

    /// Their mean with one more; not a number while there are fewer than `period`.
    @inline(__always)
    mutating func take(_ value: Double, index: Int64, period: Int) -> Double {
        // Halves of the numbers divide faster, and far more bars than these never come.
        let place = UInt32(truncatingIfNeeded: index) % UInt32(truncatingIfNeeded: period)
        last[Int(place)] = value
        guard index >= period - 1 else { return .nan }
        var sum = 0.0
        for place in 0..<period { sum += last[place] }
        return sum / Double(period)
    }

    func encode(into writer: inout StateWriter) {
        for place in 0..<8 { writer.write(last[place]) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        for place in 0..<8 { last[place] = try reader.readDouble() }
    }
}
