import MarketModel

/// Open, high, low and close of a stretch of time, in price units.
struct BarPrices: Equatable, BitwiseCopyable, Sendable {
    static let none = BarPrices()

    /// Below `low` while no trade may set them.
    private(set) var high = Int64.min
    private(set) var low = Int64.max
    var open: Int64 = 0
    var close: Int64 = 0
    var hasOpenClose = false

    var hasHighLow: Bool { high >= low }

    @inline(__always)
    mutating func takeHighLow(_ price: Int64) {
        if price > high { high = price }
        if price < low { low = price }
    }

    /// Adds a later stretch of time.
    mutating func append(_ later: BarPrices) {
        high = max(high, later.high)
        low = min(low, later.low)
        guard later.hasOpenClose else { return }
        if !hasOpenClose { open = later.open }
        close = later.close
        hasOpenClose = true
    }

    init() {}

    func encode(into writer: inout StateWriter) {
        writer.write(high)
        writer.write(low)
        writer.write(open)
        writer.write(close)
        writer.write(hasOpenClose)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        high = try reader.read()
        low = try reader.read()
        open = try reader.read()
        close = try reader.read()
        hasOpenClose = try reader.readBool()
    }
}

/// Prices of one second while trades may still arrive out of order.
struct OrderedPrices: BitwiseCopyable, Sendable {
    private(set) var prices = BarPrices.none
    private var openOrder = TradeOrder.none
    private var closeOrder = TradeOrder.none

    init() {}

    @inline(__always)
    mutating func takeHighLow(_ price: Int64) { prices.takeHighLow(price) }

    @inline(__always)
    mutating func takeOpenClose(_ price: Int64, _ order: TradeOrder) {
        if !prices.hasOpenClose || order < openOrder {
            prices.open = price
            openOrder = order
        }
        if !prices.hasOpenClose || order >= closeOrder {
            prices.close = price
            closeOrder = order
        }
        prices.hasOpenClose = true
    }

    func encode(into writer: inout StateWriter) {
        prices.encode(into: &writer)
        writer.write(openOrder.executed)
        writer.write(openOrder.sequence)
        writer.write(closeOrder.executed)
        writer.write(closeOrder.sequence)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        prices = try BarPrices(from: &reader)
        openOrder = TradeOrder(executed: try reader.read(), sequence: try reader.read())
        closeOrder = TradeOrder(executed: try reader.read(), sequence: try reader.read())
    }
}
