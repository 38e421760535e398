import ArgumentParser
import Dispatch
import Engine
import Foundation
import MarketModel

/// `ticktop serve`: engine, store and API without a screen.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The engine, its store and its API, without a screen.",
        discussion:
            """
            Runs until Ctrl-C or SIGTERM, stores what has arrived and ends with one JSON line. \
            Follows changes of its configuration, and SIGHUP where it has no terminal.
            """
    )

    @OptionGroup var engine: EngineArguments

    func run() throws {
        let surroundings = try Surroundings(file: engine.config, overrides: engine.overrides)
        let ended = DispatchSemaphore(value: 0)
        let fatal = FatalNote()
        fatal.onNote = { ended.signal() }
        let instance = try RunningEngine(surroundings, onFatal: { fatal.note($0) })
        let reloading = Reloading(surroundings, engine: instance.reconfigure)
        var onReload: (@Sendable () -> Void)?
        // Nobody would end it once the terminal that it was started from is gone.
        if isatty(STDIN_FILENO) == 0 { onReload = { reloading.look(isAsked: true) } }
        let signals = Signals(onReload: onReload) { _ in ended.signal() }
        try instance.start(true)
        let status = instance.board.status
        complain("\(status.label.rawValue) \(status.feedName), store \(status.storePath)")
        if !status.recoveryNote.isEmpty { complain(status.recoveryNote) }
        if !status.apiAddress.isEmpty { complain("listening on \(status.apiAddress)") }
        let supervisor = Supervisor()
        if supervisor.isThere { ServeCommand.tellReady(supervisor, instance.board) }
        reloading.start()
        let teller = StatusTeller(instance.board)
        withExtendedLifetime(signals) { ended.wait() }
        teller.stop()
        reloading.stop()
        supervisor.tell("STOPPING=1")
        let known = instance.board.status.warnings
        try instance.stop()
        for warning in instance.board.status.warnings where !known.contains(warning) {
            complain(warning)
        }
        print(instance.closingLine())
        if let reason = fatal.reason { throw CommandFailure(reason) }
    }

    /// Ready is who has a snapshot to answer from.
    private static func tellReady(_ supervisor: Supervisor, _ board: SnapshotBoard) {
        Thread.detachNewThread {
            while board.snapshot.takenAt == .distantPast {
                SystemClock.sleepThread(.milliseconds(20))
            }
            supervisor.tell("READY=1\nSTATUS=\(board.status.feedName), \(board.status.apiAddress)")
        }
    }
}
