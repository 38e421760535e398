/// The length of a bar. Names as in the API and the configuration: `1s`, `1m`, `5m`, `15m`, `1h`,
/// `1d`.
public enum BarInterval: Int64, CaseIterable, Comparable, BitwiseCopyable, Sendable {
    case second = 1
    case minute = 60
    case fiveMinutes = 300
    case fifteenMinutes = 900
    case hour = 3600
    /// The trading session's day, not a fixed number of seconds.
    case day = 86_400

    public var name: String {
        switch self {
        case .second: "1s"
        case .minute: "1m"
        case .fiveMinutes: "5m"
        case .fifteenMinutes: "15m"
        case .hour: "1h"
        case .day: "1d"
        }
    }

    /// Accepts the name, and the long form some clients send (`1min`, `5min`, `15min`).
    public init?(name: some StringProtocol) {
        let short = name.hasSuffix("min") ? String(name.dropLast(2)) : String(name)
        guard let interval = BarInterval.allCases.first(where: { $0.name == short }) else {
            return nil
        }
        self = interval
    }

    public static func < (left: BarInterval, right: BarInterval) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Open, high, low, close, volume over an interval.
public struct Bar: Equatable, Sendable {
    public var symbol: Symbol
    public var interval: BarInterval
    /// Inclusive. For a day: the session's open in UTC.
    public var start: Timestamp
    /// `nil`, all four together or open and close alone, when none of the bar's trades may set that
    /// price.
    public var open: Price?
    public var high: Price?
    public var low: Price?
    public var close: Price?
    public var volume: Volume
    public var notional: Notional
    public var tradeCount: Int64
    /// Rises by one each time a trade within lateness amends a bar that was already sent out.
    public var revision: Int32
    /// Final once engine time has passed the end plus lateness; provisional before.
    public var isFinal: Bool
    /// The provider's history, not made from trades of this log.
    public var isReference: Bool

    public init(
        symbol: Symbol, interval: BarInterval, start: Timestamp, open: Price? = nil,
        high: Price? = nil, low: Price? = nil, close: Price? = nil, volume: Volume = .zero,
        notional: Notional = .zero, tradeCount: Int64 = 0, revision: Int32 = 0,
        isFinal: Bool = false, isReference: Bool = false
    ) {
        self.symbol = symbol
        self.interval = interval
        self.start = start
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.notional = notional
        self.tradeCount = tradeCount
        self.revision = revision
        self.isFinal = isFinal
        self.isReference = isReference
    }

    /// `nil` without volume.
    public var vwap: Price? { notional.averagePrice(of: volume) }
}
