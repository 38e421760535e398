import API
import Dispatch
import Engine
import Feeds
import MarketModel
import Storage
import TicktopConfiguration

/// The desk for dead letters of a running instance, with the timer that makes it do what is due.
final class DeadLetterWiring: @unchecked Sendable {
    // Unchecked: `timer` is used to start and to stop the instance, one after the other.
    private var timer: (any DispatchSourceTimer)?
    private let work = DispatchQueue(label: "ticktop.dead-letters")
    private let desk: LetterDesk
    private let history: StoredHistory
    private let board: SnapshotBoard
    private static let interval = DispatchTimeInterval.seconds(1)
    /// How long an answer waits for the engine's decision; the letter says how far it is.
    private static let patience = Duration.seconds(2)

    /// `send` puts retry records into the log; `tell` tells others of letters, where there is
    /// somebody to be told.
    init(
        _ settings: Settings, history: StoredHistory, clock: any MarketClock,
        board: SnapshotBoard, send: @escaping @Sendable ([DeadLetter]) throws -> Void,
        tell: (@Sendable ([DeadLetter]) throws -> Void)? = nil
    ) {
        self.history = history
        self.board = board
        desk = LetterDesk(
            history: history, schedule: settings.retrySchedule, clock: clock, send: send,
            tell: tell)
    }

    /// What the side port offers.
    var actions: DeadLetterActions {
        let desk = self.desk
        let history = self.history
        return DeadLetterActions(
            find: { try history.deadLetter(at: $0) },
            retry: { id in
                try desk.retry(id).flatMap { _ in
                    try desk.outcome(of: id, within: DeadLetterWiring.patience)
                }
            },
            retryAll: { try desk.retryAll() },
            archive: { try desk.archive($0) })
    }

    func start() {
        let timer = DispatchSource.makeTimerSource(queue: work)
        let (desk, board) = (self.desk, self.board)
        timer.schedule(
            deadline: .now() + DeadLetterWiring.interval, repeating: DeadLetterWiring.interval)
        timer.setEventHandler {
            do {
                try desk.turn()
            } catch {
                board.update { $0.warn("dead letters: \(error)") }
            }
        }
        timer.activate()
        self.timer = timer
    }

    /// Blocks until the turn at hand is over.
    func stop() {
        timer?.cancel()
        timer = nil
        work.sync {}
    }
}
