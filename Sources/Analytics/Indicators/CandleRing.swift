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
    private let closesMax: Int32
    private var storage: UnsafeMutableRawPointer
    /// Closes there is room for, and how many are held.
    private var capacity: Int
    private(set) var closeCount = 0
    private var closeNext = 0
    private(set) var candleCount = 0
    private var candleNext = 0
    let candlesKept: Int
    let memory: MarketMemory

    init(_ plan: IndicatorPlan, _ memory: MarketMemory) {
        self.init(
            closesKept: plan.closesKept, candlesKept: plan.candlesKept,
            capacity: min(CandleRing.capacityFirst, plan.closesKept), isWide: false, memory)
    }

    private init(
        closesKept: Int, candlesKept: Int, capacity: Int, isWide: Bool, _ memory: MarketMemory
    ) {
        closesMax = Int32(closesKept)
        self.candlesKept = candlesKept
        self.capacity = capacity
        self.isWide = isWide
        self.memory = memory
        storage = memory.take((capacity + 3 * candlesKept) * (isWide ? 8 : 4))
    }

    deinit { memory.giveBack(storage, byteCount) }

    private var closesKept: Int { Int(closesMax) }

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

    func copy() -> CandleRing {
        var copy = CandleRing(
            closesKept: closesKept, candlesKept: candlesKept, capacity: capacity, isWide: isWide,
            memory)
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
        var rebuilt = CandleRing(
            closesKept: closesKept, candlesKept: candlesKept, capacity: newCapacity,
            isWide: newIsWide, memory)
        for index in 0..<closeCount { rebuilt.set(index, close(back: closeCount - index)) }
        for index in 0..<candleCount {
            let candle = candle(back: candleCount - index)
            rebuilt.set(newCapacity + index, candle.open)
            rebuilt.set(newCapacity + index + candlesKept, candle.high)
            rebuilt.set(newCapacity + index + 2 * candlesKept, candle.low)
        }
        rebuilt.closeCount = closeCount
        rebuilt.closeNext = closeCount == newCapacity ? 0 : closeCount
        rebuilt.candleCount = candleCount
        rebuilt.candleNext = candleCount == candlesKept ? 0 : candleCount
        self = rebuilt
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

    init(
        from reader: inout StateReader, _ plan: IndicatorPlan, _ memory: MarketMemory
    ) throws(StateCodecError) {
        self.init(plan, memory)
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
