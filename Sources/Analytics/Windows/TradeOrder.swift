import MarketModel

/// A trade's place among its ticker's trades: event time, then sequence. Equal ones stand in log
/// order, which is the order in which they are applied.
struct TradeOrder: Comparable, BitwiseCopyable, Sendable {
    /// Before every trade: the mark of "none yet".
    static var none: TradeOrder {
        @inline(__always) get { TradeOrder(executed: .min, sequence: .min) }
    }

    /// Unix nanoseconds.
    var executed: Int64
    var sequence: SequenceNumber

    init(executed: Int64, sequence: SequenceNumber) {
        self.executed = executed
        self.sequence = sequence
    }

    @inline(__always)
    init(_ trade: Trade) {
        self.init(executed: trade.executedAt.nanoseconds, sequence: trade.sequence)
    }

    @inline(__always)
    static func < (left: TradeOrder, right: TradeOrder) -> Bool {
        left.executed < right.executed
            || (left.executed == right.executed && left.sequence < right.sequence)
    }
}

/// The highest and lowest eligible price of a stretch of time, and when each came first.
struct PriceExtremes: BitwiseCopyable, Sendable {
    static var empty: PriceExtremes { @inline(__always) get { PriceExtremes() } }

    /// Below every price while empty.
    private(set) var high = Int64.min
    private(set) var low = Int64.max
    private(set) var highOrder = TradeOrder.none
    private(set) var lowOrder = TradeOrder.none
    /// How many trades the ticker had seen: tells trades of equal order apart.
    private(set) var highOrdinal: Int64 = 0
    private(set) var lowOrdinal: Int64 = 0

    var isEmpty: Bool { high < low }

    /// The low came before the high.
    @inline(__always) var isRising: Bool {
        lowOrder < highOrder || (lowOrder == highOrder && lowOrdinal < highOrdinal)
    }

    /// Of equal extremes the earliest counts.
    @inline(__always)
    mutating func take(_ price: Int64, _ order: TradeOrder, ordinal: Int64) {
        if price > high || (price == high && order < highOrder) {
            (high, highOrder, highOrdinal) = (price, order, ordinal)
        }
        if price < low || (price == low && order < lowOrder) {
            (low, lowOrder, lowOrdinal) = (price, order, ordinal)
        }
    }

    /// Adds a later stretch of time.
    @inline(__always)
    mutating func append(_ later: PriceExtremes) {
        if later.high > high {
            high = later.high
            highOrder = later.highOrder
            highOrdinal = later.highOrdinal
        }
        if later.low < low {
            low = later.low
            lowOrder = later.lowOrder
            lowOrdinal = later.lowOrdinal
        }
    }

    /// Of several stretches of time those that the highest and the lowest price are of.
    @inline(__always)
    init(highOf highest: UnsafePointer<PriceExtremes>, lowOf lowest: UnsafePointer<PriceExtremes>) {
        high = highest.pointee.high
        highOrder = highest.pointee.highOrder
        highOrdinal = highest.pointee.highOrdinal
        low = lowest.pointee.low
        lowOrder = lowest.pointee.lowOrder
        lowOrdinal = lowest.pointee.lowOrdinal
    }

    func encode(into writer: inout StateWriter) {
        writer.write(high)
        writer.write(low)
        writer.write(highOrder.executed)
        writer.write(highOrder.sequence)
        writer.write(lowOrder.executed)
        writer.write(lowOrder.sequence)
        writer.write(highOrdinal)
        writer.write(lowOrdinal)
    }

    @inline(__always) init() {}

    init(from reader: inout StateReader) throws(StateCodecError) {
        high = try reader.read()
        low = try reader.read()
        highOrder = TradeOrder(executed: try reader.read(), sequence: try reader.read())
        lowOrder = TradeOrder(executed: try reader.read(), sequence: try reader.read())
        highOrdinal = try reader.read()
        lowOrdinal = try reader.read()
    }
}
