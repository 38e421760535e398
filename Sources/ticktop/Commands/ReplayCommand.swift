import ArgumentParser
import Dispatch
import Engine
import Feeds
import Foundation
import MarketModel
import TUI

/// `ticktop replay FILE...`: a recording or a file of frames through the same engine.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run a recording, or a file of provider frames (one a line), through the engine.",
        discussion: """
            On the screen Space pauses, . steps, { and } change the speed, and :goto 14:32, \
            :goto -5m or :goto anomaly goes there, forward or back. Without --store the store \
            is temporary and no port is opened, so a replay runs beside \
            a live instance. With --no-screen it runs at full speed unless --speed says otherwise, \
            and ends with one JSON line: received, applied, duplicate, late, dead_lettered, shed, \
            seconds, events_per_second, state_hash.
            """)

    @Argument(help: "Recordings (a journal's directory or segment) or files of frames, in order.")
    var files: [String]

    @Option(help: "How fast: 1 is as it happened, 60 a minute a second, max without any wait.")
    var speed: String?

    @Flag(name: .customLong("no-screen"), help: "Only print the closing line.")
    var noScreen = false

    @Option(
        help: "Keep what is computed in this store. The same files again go on where they were.")
    var store: String?

    @Option(help: "Open the side port as well. 0 picks a free one.")
    var port: Int?

    @Option(help: "The configuration file.")
    var config: String?

    @Option(help: .init("Events handed to the engine at a time.", visibility: .hidden))
    var batchEvents = 4096

    @OptionGroup var screen: ScreenArguments

    func validate() throws {
        if let speed, ReplayPacer.Speed(speed) == nil {
            throw ValidationError("--speed takes a positive number such as 1 or 60, or max")
        }
        guard !files.isEmpty else { throw ValidationError("name at least one file to replay") }
        guard batchEvents > 0 else { throw ValidationError("--batch-events takes 1 or more") }
    }

    func run() throws {
        if !noScreen { try guardTerminal() }
        let surroundings = try Surroundings(file: config, overrides: screen.overrides)
        let pace = speed.flatMap { ReplayPacer.Speed($0) } ?? (noScreen ? .max : .times(1))
        let fatal = FatalNote()
        let replay = try Replay(
            files: files, speed: pace, store: store, port: port, batchEvents: batchEvents,
            surroundings: surroundings, onFatal: { fatal.note($0) })
        defer { replay.removeTemporaryStore() }
        if noScreen {
            try runWithoutScreen(replay, fatal)
        } else {
            try runOnScreen(replay, fatal, surroundings)
        }
        if let reason = fatal.reason { throw CommandFailure(reason) }
    }

    private func runWithoutScreen(_ replay: Replay, _ fatal: FatalNote) throws {
        let signals = Signals { _ in replay.stop() }
        fatal.onNote = { replay.stop() }
        try replay.start()
        try withExtendedLifetime(signals) { try replay.finish(showsProgress: isatty(2) == 1) }
        for warning in replay.board.status.warnings { complain(warning) }
        print(replay.closingLine)
        if replay.wasStopped { throw ExitCode(130) }
    }

    private func runOnScreen(_ replay: Replay, _ fatal: FatalNote, _ surroundings: Surroundings)
        throws
    {
        var options = try DashboardOptions(surroundings, tickers: [])
        options.screen.controls.replay = { replay.control.take($0) }
        options.watch(surroundings)
        let dashboard = Dashboard(
            board: replay.board, history: { replay.history }, clock: SystemClock(),
            options: options.screen,
            session: { moment in
                MarketSession(
                    at: moment, market: replay.board.snapshot.tickers.first?.market ?? .continuous)
            })
        fatal.onNote = { dashboard.stop() }
        try replay.start()
        let ending = Result { try dashboard.run(terminalType: options.terminalType) }
        replay.stop()
        try replay.finish(showsProgress: false)
        if case .signal(let number) = try ending.get() { throw ExitCode(128 + number) }
    }
}
