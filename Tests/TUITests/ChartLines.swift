import MarketModel

/// What the engine's indicators are at each of a run of closes, worked out in the plainest way;
/// `nil` where there is none yet. The program itself hands the screen `Analytics`' own.
///
/// Periods and start-up as TA-Lib's: a mean of `n` begins with the n-th close, an exponential one
/// at the mean of its first `n`. Bars without a close are passed over.
enum ChartLines {
    static let meanPeriod = 20
    static let rsiPeriod = 14

    struct Bands: Equatable {
        var upper: [Double?]
        var lower: [Double?]
    }

    struct Convergence: Equatable {
        var macd: [Double?]
        var signal: [Double?]
    }

    static func ema(_ closes: [Double?], period: Int = meanPeriod) -> [Double?] {
        var line: [Double?] = Array(repeating: nil, count: closes.count)
        var sum = 0.0
        var count = 0
        var mean = 0.0
        for (index, close) in closes.enumerated() {
            guard let close else { continue }
            count += 1
            if count <= period {
                sum += close
                mean = sum / Double(period)
            } else {
                mean += (close - mean) * 2 / Double(period + 1)
            }
            if count >= period { line[index] = mean }
        }
        return line
    }

    /// Two population standard deviations around the mean of 20.
    static func bollinger(_ closes: [Double?]) -> Bands {
        var bands = Bands(
            upper: Array(repeating: nil, count: closes.count),
            lower: Array(repeating: nil, count: closes.count))
        var window: [Double] = []
        for (index, close) in closes.enumerated() {
            guard let close else { continue }
            window.append(close)
            if window.count > meanPeriod { window.removeFirst() }
            guard window.count == meanPeriod else { continue }
            let mean = window.reduce(0, +) / Double(meanPeriod)
            let variance = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(meanPeriod)
            let width = 2 * variance.squareRoot()
            bands.upper[index] = mean + width
            bands.lower[index] = mean - width
        }
        return bands
    }

    /// Wilder's; 0 while no close has moved, as TA-Lib has it.
    static func rsi(_ closes: [Double?]) -> [Double?] {
        var line: [Double?] = Array(repeating: nil, count: closes.count)
        let period = Double(rsiPeriod)
        var last: Double?
        var moves = 0
        var (gain, loss) = (0.0, 0.0)
        for (index, close) in closes.enumerated() {
            guard let close else { continue }
            defer { last = close }
            guard let before = last else { continue }
            let up = max(0, close - before)
            let down = max(0, before - close)
            moves += 1
            if moves <= rsiPeriod {
                gain += up / period
                loss += down / period
            } else {
                gain = (gain * (period - 1) + up) / period
                loss = (loss * (period - 1) + down) / period
            }
            if moves >= rsiPeriod { line[index] = gain + loss > 0 ? 100 * gain / (gain + loss) : 0 }
        }
        return line
    }

    /// 12 against 26, and its exponential mean of 9.
    static func macd(_ closes: [Double?]) -> Convergence {
        let fast = ema(closes, period: 12)
        let slow = ema(closes, period: 26)
        let macd = zip(fast, slow).map { fast, slow in
            fast.flatMap { fast in slow.map { fast - $0 } }
        }
        return Convergence(macd: macd, signal: ema(macd, period: 9))
    }

    /// As the screen asks for them.
    static func points(_ bars: [Bar]) -> [IndicatorPoint] {
        let closes = bars.map { $0.close?.asDouble }
        let (ema, bands, rsi, macd) = (ema(closes), bollinger(closes), rsi(closes), macd(closes))
        return bars.indices.map { index in
            var values = IndicatorValues()
            var means = IndicatorValues.MovingAverages(period: meanPeriod)
            means.exponential = ema[index]
            values.append(means)
            values.bollingerUpper = bands.upper[index]
            values.bollingerLower = bands.lower[index]
            values.rsi = rsi[index]
            values.macd = macd.macd[index]
            values.macdSignal = macd.signal[index]
            return IndicatorPoint(
                start: bars[index].start, isFinal: bars[index].isFinal, values: values)
        }
    }
}
