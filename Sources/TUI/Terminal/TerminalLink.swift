/// What is on its way to the terminal: frames wait rather than queue up on a slow link.
///
/// Behind every frame stands a question that terminals answer at once, so an answer says that all
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

    /// So many frames may be on their way: on a long but fast link they follow each other closely.
    private static let framesMax = 4
    /// And so many cells of them: about 4 kB.
    private static let cellsMax = 600
    /// An answer that takes longer is not waited for.
    private static let patience: Int64 = 10_000_000_000

    /// A frame has been written, and `ask` writes the question behind it; no further one while a
    /// terminal has never answered.
    mutating func sent(cells: Int, at now: Int64, _ ask: () -> Void) {
        // It may be another terminal by now, such as one that tmux was attached to meanwhile.
        if isOverdue(at: now) { self = TerminalLink() }
        guard hasAnswered || frames.isEmpty else { return }
        frames.append(Frame(sentAt: now, cells: cells))
        ask()
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
    var isWaiting: Bool { !frames.isEmpty }
}
