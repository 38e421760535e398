import Engine

/// What the screen can ask of whatever feeds it; `nil` where there is no such thing.
public struct FeedControls: Sendable {
    public var replay: (@Sendable (ReplayOrder) -> Void)?
    /// Switches a recording on or off and says what came of it. May block on a disk; called off the
    /// terminal's thread.
    public var record: (@Sendable (_ on: Bool) throws -> String)?
    /// Connects to the provider anew, at once.
    public var reconnect: (@Sendable () -> Void)?

    public init() {}
}
