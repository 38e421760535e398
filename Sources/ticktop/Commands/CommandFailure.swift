/// Why a command that was asked for rightly has failed: one line, and exit code 1.
///
/// What was asked for wrongly is ArgumentParser's `ValidationError`, which adds the usage.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
