import Dispatch
import Engine
import MarketModel
import Synchronization

/// What becomes of feed and store while nobody looks at a screen: a line for each change that a
/// person has to know of.
struct StatusLines {
    private var feed: String?
    private var store: String?

    /// The lines that are due now. A reason that stays, try after try, is told once.
    mutating func lines(_ status: PipelineStatus) -> [String] {
        [feedLine(status.feed), storeLine(status.store)].compactMap { $0 }
    }

    private mutating func feedLine(_ state: FeedState) -> String? {
        switch state {
        case .disconnected(let reason, _):
            return StatusLines.change(&feed, to: "the feed is down: \(reason); it is tried again")
        case .refused(let reason, let remedy):
            return StatusLines.change(&feed, to: "the feed is refused: \(reason): \(remedy)")
        case .live:
            return StatusLines.change(&feed, to: nil).map { _ in "the feed is back" }
        case .starting, .connecting, .ended: return nil
        }
    }

    private mutating func storeLine(_ state: StoreState) -> String? {
        switch state {
        case .failing(let reason):
            return StatusLines.change(
                &store, to: "the store cannot be written: \(reason); what arrives waits")
        case .ok: return StatusLines.change(&store, to: nil).map { _ in "the store is back" }
        }
    }

    /// The new line, or what was told before it when there is nothing to tell any more.
    private static func change(_ told: inout String?, to line: String?) -> String? {
        guard told != line else { return nil }
        defer { told = line }
        return line ?? told
    }
}

/// Tells them on standard error, ten times a second at most.
final class StatusTeller {
    private let timer: any DispatchSourceTimer

    init(_ board: SnapshotBoard) {
        let lines = Mutex(StatusLines())
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "ticktop.teller"))
        timer.schedule(deadline: .now(), repeating: .milliseconds(100))
        timer.setEventHandler {
            for line in lines.withLock({ $0.lines(board.status) }) { complain(line) }
        }
        timer.activate()
    }

    func stop() { timer.cancel() }
}
