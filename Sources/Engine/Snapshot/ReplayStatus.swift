import MarketModel

/// How a replay stands: operational, no part of the engine's state.
public struct ReplayStatus: Equatable, Sendable {
    /// How many seconds of the log pass in one; `nil` is as fast as it goes.
    public var speed: Double?
    public var isPaused = false
    /// What it runs to without waiting; `nil` when it goes its own pace.
    public var goal: Goal?
    /// Share of the files' bytes that has been read, 0 to 1.
    public var share = 0.0
    /// When the first record that was read had been received.
    public var beganAt: Timestamp?

    public enum Goal: Equatable, Sendable {
        case time(Timestamp)
        /// The next anomaly to begin.
        case anomaly
    }

    public init(speed: Double? = 1) { self.speed = speed }
}

/// What can be asked of a replay.
public enum ReplayOrder: Equatable, Sendable {
    /// Pauses, or goes on.
    case pause
    /// Pauses after the next record that holds events.
    case step
    /// Seconds of the log a second, greater than zero; `nil` is as fast as it goes.
    case speed(Double?)
    /// To what the log held at a time, forward or back.
    case goTo(Timestamp)
    /// Pauses where the next anomaly begins.
    case nextAnomaly
}

/// A recording that is being made of a live feed.
public struct RecordingStatus: Equatable, Sendable {
    public var path: String
    public var startedAt: Timestamp
    public var bytes: Int64 = 0

    public init(path: String, startedAt: Timestamp) {
        self.path = path
        self.startedAt = startedAt
    }
}
