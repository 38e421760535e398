import MarketModel

/// One second of a ticker's trades while it may still be amended.
struct SecondBar: BitwiseCopyable, Sendable {
    /// Whole seconds since 1970.
    let second: Int64
    private var volume: Int128 = 0
    private var notional: Int128 = 0
    private var tradeCount: Int64 = 0
    private var intraday = OrderedPrices()
    /// Of trades that are not extended; the same as `intraday` until an extended trade has set a
    /// price.
    private var regular = OrderedPrices()
    private var isMixed = false
    /// How often a bar of each level was amended here after it had become final.
    private(set) var amendments = InlineArray<6, Int32>(repeating: 0)
    /// One bit a level: amended since the bar was last sent.
    private(set) var unsentLevels: UInt8 = 0

    init(second: Int64) { self.second = second }

    @inline(__always)
    mutating func take(_ trade: Trade, _ flags: TradeFlags) {
        if flags.contains(.updatesVolume) {
            volume &+= Int128(trade.size.units)
            notional &+= exactProduct(trade.price.units, trade.size.units)
            tradeCount &+= 1
        }
        let price = trade.price.units
        if flags.contains(.isExtended) || isMixed { takeMixed(trade, flags) }
        if flags.contains(.updatesIntradayHighLow) { intraday.takeHighLow(price) }
        if flags.contains(.updatesIntradayOpenClose) {
            intraday.takeOpenClose(price, TradeOrder(trade))
        }
    }

    /// Parts the day's prices, which extended trades leave alone, from the intraday ones.
    @inline(never)
    private mutating func takeMixed(_ trade: Trade, _ flags: TradeFlags) {
        if !isMixed {
            regular = intraday
            isMixed = true
        }
        guard !flags.contains(.isExtended) else { return }
        if flags.contains(.updatesHighLow) { regular.takeHighLow(trade.price.units) }
        if flags.contains(.updatesOpenClose) {
            regular.takeOpenClose(trade.price.units, TradeOrder(trade))
        }
    }

    /// A bar of the level, already final, has been made or changed by a trade of this second.
    mutating func markUnsent(level: Int, isAmendment: Bool) {
        unsentLevels |= 1 << UInt8(level)
        if isAmendment { amendments[level] += 1 }
    }

    mutating func markSent() { unsentLevels = 0 }

    var sum: BarSum {
        var sum = BarSum(start: second)
        sum.volume = volume
        sum.notional = notional
        sum.tradeCount = tradeCount
        sum.intraday = intraday.prices
        sum.regular = isMixed ? regular.prices : intraday.prices
        sum.amendments = amendments
        sum.unsentLevels = unsentLevels
        return sum
    }

    func encode(into writer: inout StateWriter) {
        writer.write(second)
        writer.write(volume)
        writer.write(notional)
        writer.write(tradeCount)
        intraday.encode(into: &writer)
        writer.write(isMixed)
        if isMixed { regular.encode(into: &writer) }
        for level in 0..<6 { writer.write(amendments[level]) }
        writer.write(unsentLevels)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        second = try reader.read()
        volume = try reader.read()
        notional = try reader.read()
        tradeCount = try reader.read()
        intraday = try OrderedPrices(from: &reader)
        isMixed = try reader.readBool()
        if isMixed { regular = try OrderedPrices(from: &reader) }
        for level in 0..<6 { amendments[level] = try reader.read() }
        unsentLevels = try reader.read()
    }
}
