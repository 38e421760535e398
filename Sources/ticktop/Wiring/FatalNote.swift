import Synchronization

/// The first reason for which going on would lose something, and whom to tell.
final class FatalNote: Sendable {
    private struct Content {
        var reason: String?
        var onNote: (@Sendable () -> Void)?
    }

    private let content = Mutex(Content())

    var reason: String? { content.withLock { $0.reason } }

    /// Called at once when there is a reason already.
    var onNote: (@Sendable () -> Void)? {
        get { content.withLock { $0.onNote } }
        set {
            let mustCall = content.withLock { content in
                content.onNote = newValue
                return content.reason != nil
            }
            if mustCall { newValue?() }
        }
    }

    /// From any thread.
    func note(_ reason: String) {
        let tell = content.withLock { content in
            if content.reason == nil { content.reason = reason }
            return content.onNote
        }
        tell?()
    }
}
