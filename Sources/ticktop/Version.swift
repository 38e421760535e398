/// What this build calls itself. A state file of another build is discarded, and the log replayed.
enum Version {
    static let text = "0.1.0"
}
