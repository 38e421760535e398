import MarketModel

/// Recognises candlestick patterns as TA-Lib's CDL functions do, with its standard settings.
///
/// A tie between a body and a tenth of an average is common in prices of two decimals, and which
/// side it falls on depends on how the average was added up. So the totals here are added up in
/// TA-Lib's order, from its first bar: each kind of total that its functions keep is kept once.
struct CandleTotals: BitwiseCopyable {
    /// How many earlier candles are looked back on.
    static let candlesKept = 11
    /// How far into the first body of a star its third must close.
    private static let penetration = 0.3

    /// Ranges of the ten candles before this one.
    private var dojiRange = 0.0
    /// The same, begun one candle later.
    private var shadowRange = 0.0
    /// Ranges of the five candles before the previous one.
    private var nearRange = 0.0
    /// Bodies of the ten candles before this one, and as that stood at the previous candle.
    private var shortBody = 0.0
    private var shortBodyBefore = 0.0
    /// The same, begun one candle later.
    private var thirdBody = 0.0
    /// Bodies of the ten candles before the previous one, and as that stood at the previous candle.
    private var longBody = 0.0
    private var longBodyBefore = 0.0

    init() {}

    /// The patterns that end with the next candle, the one with `index` from 0; counts it in.
    mutating func take(
        _ now: CandleFigures, index: Int64, over ring: borrowing CandleRing
    ) -> CandlePatterns {
        begin(index, over: ring)
        var patterns = CandlePatterns()
        guard index >= 2 else { return patterns }
        let before = ring.figures(back: 1)
        patterns.engulfing = CandleTotals.engulfing(before, now)
        guard index >= 10 else { return patterns }
        let oldest = ring.figures(back: 10)
        if now.body <= 0.1 * (dojiRange / 10) { patterns.doji = 100 }
        dojiRange += now.range - oldest.range
        guard index >= 11 else { return patterns }
        patterns.hammer = hammer(before, now)
        patterns.shootingStar = shootingStar(before, now)
        patterns.harami = harami(before, now)
        if index >= 12 {
            let first = ring.figures(back: 2)
            patterns.morningStar = morningStar(first, before, now)
            patterns.eveningStar = eveningStar(first, before, now)
            thirdBody += now.body - oldest.body
        }
        shortBodyBefore = shortBody
        longBodyBefore = longBody
        shortBody += now.body - oldest.body
        longBody += before.body - ring.figures(back: 11).body
        shadowRange += now.range - oldest.range
        nearRange += before.range - ring.figures(back: 6).range
        return patterns
    }

    /// The sums that begin at this candle.
    private mutating func begin(_ index: Int64, over ring: borrowing CandleRing) {
        switch index {
        case 10: dojiRange = CandleTotals.ranges(ring, from: 10)
        case 11:
            shadowRange = CandleTotals.ranges(ring, from: 10)
            nearRange = CandleTotals.ranges(ring, from: 6, through: 2)
            shortBody = CandleTotals.bodies(ring, from: 10)
            longBody = CandleTotals.bodies(ring, from: 11, through: 2)
        case 12: thirdBody = CandleTotals.bodies(ring, from: 10)
        default: break
        }
    }

    private static func ranges(
        _ ring: borrowing CandleRing, from oldest: Int, through newest: Int = 1
    ) -> Double {
        var sum = 0.0
        for back in stride(from: oldest, through: newest, by: -1) {
            sum += ring.figures(back: back).range
        }
        return sum
    }

    private static func bodies(
        _ ring: borrowing CandleRing, from oldest: Int, through newest: Int = 1
    ) -> Double {
        var sum = 0.0
        for back in stride(from: oldest, through: newest, by: -1) {
            sum += ring.figures(back: back).body
        }
        return sum
    }

    private static func engulfing(_ before: CandleFigures, _ now: CandleFigures) -> Int8 {
        guard before.isRising != now.isRising else { return 0 }
        let engulfs =
            now.isRising
            ? (now.close >= before.open && now.open < before.close)
                || (now.close > before.open && now.open <= before.close)
            : (now.open >= before.close && now.close < before.open)
                || (now.open > before.close && now.close <= before.open)
        guard engulfs else { return 0 }
        let strength: Int8 = now.open != before.close && now.close != before.open ? 100 : 80
        return now.isRising ? strength : -strength
    }

    private func hammer(_ before: CandleFigures, _ now: CandleFigures) -> Int8 {
        let isHammer =
            now.body < shortBody / 10 && now.bodyBottom - now.low > now.body
            && now.high - now.bodyTop < 0.1 * (shadowRange / 10)
            && now.bodyBottom <= before.low + 0.2 * (nearRange / 5)
        return isHammer ? 100 : 0
    }

    private func shootingStar(_ before: CandleFigures, _ now: CandleFigures) -> Int8 {
        let isStar =
            now.body < shortBody / 10 && now.high - now.bodyTop > now.body
            && now.bodyBottom - now.low < 0.1 * (shadowRange / 10)
            && now.bodyBottom > before.bodyTop
        return isStar ? -100 : 0
    }

    private func harami(_ before: CandleFigures, _ now: CandleFigures) -> Int8 {
        guard before.body > longBody / 10, now.body <= shortBody / 10 else { return 0 }
        let strength: Int8
        if now.bodyTop < before.bodyTop, now.bodyBottom > before.bodyBottom {
            strength = 100
        } else if now.bodyTop <= before.bodyTop, now.bodyBottom >= before.bodyBottom {
            strength = 80
        } else {
            return 0
        }
        return before.isRising ? -strength : strength
    }

    private func morningStar(
        _ first: CandleFigures, _ star: CandleFigures, _ now: CandleFigures
    ) -> Int8 {
        let isStar =
            !first.isRising && now.isRising && star.bodyTop < first.bodyBottom
            && now.close > first.close + first.body * CandleTotals.penetration
            && haveStarBodies(first, star, now)
        return isStar ? 100 : 0
    }

    private func eveningStar(
        _ first: CandleFigures, _ star: CandleFigures, _ now: CandleFigures
    ) -> Int8 {
        let isStar =
            first.isRising && !now.isRising && star.bodyBottom > first.bodyTop
            && now.close < first.close - first.body * CandleTotals.penetration
            && haveStarBodies(first, star, now)
        return isStar ? -100 : 0
    }

    /// Long, short, and longer than short.
    private func haveStarBodies(
        _ first: CandleFigures, _ star: CandleFigures, _ now: CandleFigures
    ) -> Bool {
        first.body > longBodyBefore / 10 && star.body <= shortBodyBefore / 10
            && now.body > thirdBody / 10
    }
}

extension CandleTotals {
    func encode(into writer: inout StateWriter) {
        for total in [
            dojiRange, shadowRange, nearRange, shortBody, shortBodyBefore, thirdBody, longBody,
            longBodyBefore,
        ] { writer.write(total) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        dojiRange = try reader.readDouble()
        shadowRange = try reader.readDouble()
        nearRange = try reader.readDouble()
        shortBody = try reader.readDouble()
        shortBodyBefore = try reader.readDouble()
        thirdBody = try reader.readDouble()
        longBody = try reader.readDouble()
        longBodyBefore = try reader.readDouble()
    }
}
