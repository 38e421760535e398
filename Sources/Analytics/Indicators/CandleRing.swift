import MarketModel

/// The last closes of an interval, and of the last few of them whole candles: what every window of
/// its indicators looks back over.
///
/// One run of memory that grows with the bars up to what the longest window needs, then none.
/// Prices that are whole multiples of 0.0001 take four bytes; the first that is not
/// (or is above 214 748.3647) widens the ring to eight for good.
struct CandleRing: ~Copyable {
    /// Price units in one step of a narrow ring.
    static let step: Int64 = 100_000
    static let stepsPerCurrencyUnit = 1e4
    private static let capacityFirst = 16

    private(set) var isWide = false
    private var storage: UnsafeMutableRawPointer
    /// Closes there is room for, and how many are held.
    private var capacity: Int
    private(set) var closeCount = 0
    private var closeNext = 0
    private(set) var candleCount = 0
    private var candleNext = 0
    private let closesKept: Int
    let candlesKept: Int

    init(_ plan: IndicatorPlan) {
        closesKept = plan.closesKept
        candlesKept = plan.candlesKept
        capacity = min(CandleRing.capacityFirst, closesKept)
        storage = CandleRing.allocate(capacity + 3 * candlesKept, isWide: false)
    }

    deinit { storage.deallocate() }

    private static func allocate(_ prices: Int, isWide: Bool) -> UnsafeMutableRawPointer {
        .allocate(byteCount: prices * (isWide ? 8 : 4), alignment: 8)
    }

    var byteCount: Int { (capacity + 3 * candlesKept) * (isWide ? 8 : 4) }

    /// False for a candle that no narrow ring can hold.
    @inline(__always)
    private func putNarrow(_ candle: Candle) -> Bool {
        let units = SIMD4(candle.close, candle.open, candle.high, candle.low)
        var steps = SIMD4<Int64>.zero
        for price in 0..<4 { steps[price] = units[price] / CandleRing.step }
        let held = SIMD4<Int32>(truncatingIfNeeded: steps)
        guard steps &* CandleRing.step == units, SIMD4<Int64>(truncatingIfNeeded: held) == steps
        else { return false }
        narrow[closeNext] = held[0]
        let place = capacity + candleNext
        narrow[place] = held[1]
        narrow[place + candlesKept] = held[2]
        narrow[place + 2 * candlesKept] = held[3]
        return true
    }

    private func putWide(_ candle: Candle) {
        wide[closeNext] = candle.close
        let place = capacity + candleNext
        wide[place] = candle.open
        wide[place + candlesKept] = candle.high
        wide[place + 2 * candlesKept] = candle.low
    }

    mutating func push(_ candle: Candle) {
        if closeCount == capacity, capacity < closesKept {
            rebuild(capacity: min(capacity * 2, closesKept), isWide: isWide)
        }
        if !isWide, !putNarrow(candle) { rebuild(capacity: capacity, isWide: true) }
        if isWide { putWide(candle) }
        closeNext += 1
        if closeNext == capacity { closeNext = 0 }
        closeCount = min(closeCount + 1, capacity)
        candleNext += 1
        if candleNext == candlesKept { candleNext = 0 }
        candleCount = min(candleCount + 1, candlesKept)
    }

    func copy(_ plan: IndicatorPlan) -> CandleRing {
        var copy = CandleRing(plan)
        copy.rebuild(capacity: capacity, isWide: isWide)
        copy.storage.copyMemory(from: storage, byteCount: byteCount)
        copy.closeCount = closeCount
        copy.closeNext = closeNext
        copy.candleCount = candleCount
        copy.candleNext = candleNext
        return copy
    }

    @inline(__always)
    static func fits(_ units: Int64) -> Bool {
        let steps = units / step
        return steps * step == units && Int64(Int32(truncatingIfNeeded: steps)) == steps
    }

    /// In price units; 1 is the newest. There must be that many.
    @inline(__always)
    func close(back: Int) -> Int64 { get(closeIndex(back)) }

    /// 1 is the newest. There must be that many.
    @inline(__always)
    func candle(back: Int) -> Candle {
        let place = capacity + candleIndex(back)
        return Candle(
            open: get(place), high: get(place + candlesKept), low: get(place + 2 * candlesKept),
            close: close(back: back))
    }

    /// In steps; the ring must be narrow.
    @inline(__always)
    func steps(back: Int) -> Int64 { Int64(narrow[closeIndex(back)]) }

    /// 1 is the newest. There must be that many.
    @inline(__always)
    func figures(back: Int) -> CandleFigures {
        guard !isWide else { return candle(back: back).figures }
        let place = capacity + candleIndex(back)
        let steps = SIMD4(
            narrow[place], narrow[place + candlesKept], narrow[place + 2 * candlesKept],
            narrow[closeIndex(back)])
        // Both quotients are the binary number nearest to the price.
        let prices = SIMD4<Double>(steps) / CandleRing.stepsPerCurrencyUnit
        return CandleFigures(
            open: prices[0], high: prices[1], low: prices[2], close: prices[3])
    }

    // The prices as they are held: windows are walked backwards from `closeIndex(1)` and
    // `candleIndex(1)`, and go on at the end when they pass the start.
    var narrowCloses: UnsafePointer<Int32> { UnsafePointer(narrow) }
    var narrowHighs: UnsafePointer<Int32> { UnsafePointer(narrow + capacity + candlesKept) }
    var narrowLows: UnsafePointer<Int32> { UnsafePointer(narrow + capacity + 2 * candlesKept) }
    var wideCloses: UnsafePointer<Int64> { UnsafePointer(wide) }
    var wideHighs: UnsafePointer<Int64> { UnsafePointer(wide + capacity + candlesKept) }
    var wideLows: UnsafePointer<Int64> { UnsafePointer(wide + capacity + 2 * candlesKept) }

    private var narrow: UnsafeMutablePointer<Int32> { storage.assumingMemoryBound(to: Int32.self) }
    private var wide: UnsafeMutablePointer<Int64> { storage.assumingMemoryBound(to: Int64.self) }

    @inline(__always)
    func closeIndex(_ back: Int) -> Int {
        let index = closeNext - back
        return index < 0 ? index + capacity : index
    }

    @inline(__always)
    func candleIndex(_ back: Int) -> Int {
        let index = candleNext - back
        return index < 0 ? index + candlesKept : index
    }

    @inline(__always)
    private func get(_ index: Int) -> Int64 {
        isWide ? wide[index] : Int64(narrow[index]) &* CandleRing.step
    }

    @inline(__always)
    private func set(_ index: Int, _ units: Int64) {
        if isWide {
            wide[index] = units
        } else {
            narrow[index] = Int32(truncatingIfNeeded: units / CandleRing.step)
        }
    }

    /// Makes room, or wider places, and lays what is held out from the start, the oldest first.
    private mutating func rebuild(capacity newCapacity: Int, isWide newIsWide: Bool) {
        let closes = (0..<closeCount).map { close(back: closeCount - $0) }
        let candles = (0..<candleCount).map { candle(back: candleCount - $0) }
        storage.deallocate()
        storage = CandleRing.allocate(newCapacity + 3 * candlesKept, isWide: newIsWide)
        capacity = newCapacity
        isWide = newIsWide
        for (index, close) in closes.enumerated() { set(index, close) }
        for (index, candle) in candles.enumerated() {
            set(capacity + index, candle.open)
            set(capacity + index + candlesKept, candle.high)
            set(capacity + index + 2 * candlesKept, candle.low)
        }
        closeNext = closeCount == capacity ? 0 : closeCount
        candleNext = candleCount == candlesKept ? 0 : candleCount
    }
}

extension CandleRing {
    func encode(into writer: inout StateWriter) {
        writer.write(isWide)
        writer.write(Int32(closeCount))
        for index in 0..<closeCount { writer.write(close(back: closeCount - index)) }
        writer.write(Int32(candleCount))
        for index in 0..<candleCount {
            let candle = candle(back: candleCount - index)
            writer.write(candle.open)
            writer.write(candle.high)
            writer.write(candle.low)
        }
    }

    init(from reader: inout StateReader, _ plan: IndicatorPlan) throws(StateCodecError) {
        self.init(plan)
        let isWide = try reader.readBool()
        let closes = try CandleRing.readCount(&reader, max: closesKept)
        rebuild(capacity: max(capacity, closes), isWide: isWide)
        for index in 0..<closes { set(index, try reader.read()) }
        closeCount = closes
        closeNext = closes == capacity ? 0 : closes
        let candles = try CandleRing.readCount(&reader, max: min(candlesKept, closes))
        for index in 0..<candles {
            set(capacity + index, try reader.read())
            set(capacity + index + candlesKept, try reader.read())
            set(capacity + index + 2 * candlesKept, try reader.read())
        }
        candleCount = candles
        candleNext = candles == candlesKept ? 0 : candles
    }

    private static func readCount(
        _ reader: inout StateReader, max most: Int
    ) throws(StateCodecError) -> Int {
        let count: Int32 = try reader.read()
        guard count >= 0, Int(count) <= most else {
            throw StateCodecError.malformed(field: "indicator bars", byteOffset: reader.offset)
        }
        return Int(count)
    }
}
