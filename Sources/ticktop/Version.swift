import Engine

/// What this build calls itself. A state file of another build is discarded, and the log replayed.
enum Version {
    static let text = "0.1.0"
    /// Changes whenever the state's meaning or layout does.
    static let state = text + "/\(EngineState.encodingVersion)"
}
