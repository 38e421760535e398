import MarketModel

/// Of a closed second of the last minute: its last eligible price and its number of trades.
struct ClosedSecond: BitwiseCopyable, Sendable {
    static let empty = ClosedSecond()

    var price: Int64 = 0
    var sequence: SequenceNumber = 0
    /// Of the last eligible trade, within the second; -1 without one.
    var nanosecond: Int32 = -1
    var tradeCount: UInt32 = 0

    var hasPrice: Bool { nanosecond >= 0 }
}
