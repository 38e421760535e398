public typealias SequenceNumber = Int64

/// An execution.
public struct Trade: Equatable, BitwiseCopyable, Sendable {
    public var symbol: Symbol
    public var price: Price
    public var size: Size
    /// The exchange's (SIP) time.
    public var executedAt: Timestamp
    /// The feed's identity of the trade: per ticker and day (Massive `q`), or per ticker (Binance
    /// `t`).
    public var sequence: SequenceNumber
    public var conditions: TradeConditions
    /// The provider's trade id: its value when it is a decimal number below 2^63, else a 64-bit
    /// hash with the top bit set. A check beside the sequence, never an identity of its own.
    public var tradeID: UInt64
    public var exchange: Int16
    public var aggressor: Aggressor

    @inlinable public init(
        symbol: Symbol, price: Price, size: Size, executedAt: Timestamp, sequence: SequenceNumber,
        conditions: TradeConditions = .none, tradeID: UInt64 = 0, exchange: Int16 = 0,
        aggressor: Aggressor = .unknown
    ) {
        self.symbol = symbol
        self.price = price
        self.size = size
        self.executedAt = executedAt
        self.sequence = sequence
        self.conditions = conditions
        self.tradeID = tradeID
        self.exchange = exchange
        self.aggressor = aggressor
    }
}

/// The side that crossed the spread, where the feed says so.
public enum Aggressor: UInt8, BitwiseCopyable, Sendable {
    case unknown = 0
    case buyer = 1
    case seller = 2
}

/// Up to eight sale conditions of one trade, packed. Ids are Massive's (0 to 253).
///
/// An id beyond that range, or a ninth condition, is held as `unknownID`, which no condition table
/// knows.
public struct TradeConditions: Equatable, BitwiseCopyable, Sendable {
    public static let none = TradeConditions(packed: 0)
    public static let unknownID: UInt8 = 254
    public static let countMax = 8

    /// One byte a condition, lowest first: its id + 1; 0 ends the list.
    public var packed: UInt64

    @inlinable public init(packed: UInt64) { self.packed = packed }

    public init(_ ids: [Int]) {
        packed = 0
        for id in ids { append(id) }
    }

    @inlinable public var isEmpty: Bool { packed == 0 }

    @inlinable public var count: Int { (64 - packed.leadingZeroBitCount + 7) / 8 }

    @inlinable public mutating func append(_ id: Int) {
        let byte = (0...253).contains(id) ? UInt64(id + 1) : UInt64(TradeConditions.unknownID) + 1
        let index = count
        if index < TradeConditions.countMax {
            packed |= byte << UInt64(8 * index)
        } else {
            packed |= (UInt64(TradeConditions.unknownID) + 1) << 56
        }
    }

    @inlinable public func contains(_ id: UInt8) -> Bool {
        var rest = packed
        while rest != 0 {
            if rest & 0xFF == UInt64(id) + 1 { return true }
            rest >>= 8
        }
        return false
    }

    public var ids: [Int] { (0..<count).map { Int(packed >> UInt64(8 * $0) & 0xFF) - 1 } }
}
