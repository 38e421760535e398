/// What is on its way to the terminal: frames wait rather than queue up on a slow link.
///
/// Behind a frame stands a question that terminals answer at once, so an answer says that all
/// before it has arrived and been drawn, whatever lies between. A terminal that never answers is
/// written to without looking.
struct TerminalLink {
    private struct Frame {
        /// By the steady clock, in nanoseconds.
        var sentAt: Int64
        var cells: Int
    }

    /// Of the newest frame that has arrived.
    private(set) var lag: Duration?
    private var frames: [Frame] = []
    private var hasAnswered = false
    /// Cells written since the last question.
    private var unasked = 0

    /// So many frames may be on their way: on a long but fast link they follow each other closely.
    private static let framesMax = 4
    /// And so many cells of them: about 4 kB.
    private static let cellsMax = 600
    /// Fewer cells than these fit any link.
    private static let smallMax = 40
    /// Nor do fewer than these matter to one that has just answered at once.
    private static let quickMax = 400
    private static let quick = Duration.milliseconds(50)
    /// An answer that takes longer is not waited for.
    private static let patience: Int64 = 10_000_000_000

    /// A frame of so many cells is about to be written; `nil` for the question alone. True when the
    /// question stands behind it: not behind every small one, and no second time at a terminal
    /// that has never answered.
    mutating func sends(cells: Int?, at now: Int64) -> Bool {
        // It may be another terminal by now, such as one that tmux was attached to meanwhile.
        if isOverdue(at: now) { self = TerminalLink() }
        unasked += cells ?? 0
        let isQuick = frames.isEmpty && lag.map { $0 < TerminalLink.quick } ?? false
        let least = isQuick ? TerminalLink.quickMax : TerminalLink.smallMax
        guard hasAnswered || frames.isEmpty, cells == nil || unasked > least else { return false }
        frames.append(Frame(sentAt: now, cells: unasked))
        unasked = 0
        return true
    }

    /// The oldest frame on its way has been shown.
    mutating func answered(at now: Int64) {
        hasAnswered = true
        guard !frames.isEmpty else { return }
        lag = .nanoseconds(now - frames.removeFirst().sentAt)
    }

    private func isOverdue(at now: Int64) -> Bool {
        hasAnswered && frames.first.map { now - $0.sentAt > TerminalLink.patience } ?? false
    }

    /// Another frame would not have to queue up.
    func isReady(at now: Int64) -> Bool {
        guard hasAnswered, !isOverdue(at: now) else { return true }
        return frames.count < TerminalLink.framesMax
            && frames.reduce(0) { $0 + $1.cells } < TerminalLink.cellsMax
    }

    /// Something may still come that nobody else should read.
    func isWaiting(at now: Int64) -> Bool {
        frames.contains { now - $0.sentAt < (hasAnswered ? TerminalLink.patience : 1_000_000_000) }
    }
}
