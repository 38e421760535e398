/// A ticker's figures of analytics.md section 2, as of one moment of engine time. `nil` is empty or
/// warming up.
public struct RollingFigures: Equatable, BitwiseCopyable, Sendable {
    /// The eligible price with the largest (event time, sequence, log position).
    public var price: Price?
    public var vwapOneMinute: Price?
    public var vwapFiveMinutes: Price?
    public var vwapSession: Price?
    /// Unweighted mean of the eligible prices of five minutes.
    public var rollingAverageFiveMinutes: Price?
    /// Within [-10, 10].
    public var volumeZScore: Double?
    /// Percent over 60 s.
    public var priceMomentum: Double?
    /// Trades a minute.
    public var tradeFrequency: Double = 0
    public var spread: Price?
    public var spreadBasisPoints: Double?
    /// Price minus the five-minute VWAP, in currency units and in percent.
    public var vwapDeviation: Double?
    public var vwapDeviationPercent: Double?
    /// Percent over the last five one-second slots; negative when the high came first.
    public var velocityFiveSeconds: Double?
    public var change: Price?
    public var changePercent: Double?
    public var changeBasis: ChangeBasis?
    public var sessionVolume: Volume = .zero
    /// The window's end, floor(T) + 1 s; its start depends on the figure.
    public var engineTime: Timestamp?

    @inlinable public init() {}
}

/// What `change` is measured against. The raw value is shown.
public enum ChangeBasis: String, BitwiseCopyable, Sendable {
    case previousClose = "previous_close"
    case sessionOpen = "session_open"
    case firstSeen = "first_seen"
}

/// What a model sees of a ticker, and what goes with it.
public struct FeatureVector: Equatable, BitwiseCopyable, Sendable {
    public var symbol: Symbol
    /// Event time of the trade it describes.
    public var updatedAt: Timestamp
    public var position: LogPosition
    public var price: Price?
    /// Of the trade, not of a window.
    public var size: Size
    public var volumeZScore: Double?
    public var priceMomentum: Double?
    public var vwapDeviation: Double?
    public var tradeFrequency: Double
    public var vwapOneMinute: Price?
    public var vwapFiveMinutes: Price?
    public var spread: Price?
    /// Trainings of the model that judged it; `nil` without one.
    public var modelVersion: Int64?

    public init(
        symbol: Symbol, updatedAt: Timestamp, position: LogPosition, size: Size,
        figures: RollingFigures
    ) {
        self.symbol = symbol
        self.updatedAt = updatedAt
        self.position = position
        self.size = size
        price = figures.price
        volumeZScore = figures.volumeZScore
        priceMomentum = figures.priceMomentum
        vwapDeviation = figures.vwapDeviation
        tradeFrequency = figures.tradeFrequency
        vwapOneMinute = figures.vwapOneMinute
        vwapFiveMinutes = figures.vwapFiveMinutes
        spread = figures.spread
    }

    /// All six that the model sees are there.
    public var isComplete: Bool {
        price != nil && volumeZScore != nil && priceMomentum != nil && vwapDeviation != nil
    }
}
