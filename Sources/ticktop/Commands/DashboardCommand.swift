import ArgumentParser
import Foundation
import MarketModel
import TUI
import TicktopConfiguration

/// `ticktop [TICKER...]`: the screen with its engine inside.
struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "The dashboard with its engine inside (the default command).")

    @OptionGroup var engine: EngineArguments
    @OptionGroup var screen: ScreenArguments

    /// Anything that is no command is taken for tickers, and so is a command with a slip in it.
    func validate() throws {
        guard let word = engine.tickers.first, word == word.lowercased() else { return }
        let commands = TicktopCommand.configuration.subcommands.compactMap {
            $0.configuration.commandName
        }
        guard let meant = Suggestion.nearest(to: word, among: commands) else { return }
        throw ValidationError(
            "there is no command `\(word)`; did you mean `ticktop \(meant)`? A ticker is "
                + "written as its exchange does: \(word.uppercased())")
    }

    func run() throws {
        try guardTerminal()
        let surroundings = try Surroundings(
            file: engine.config, overrides: engine.overrides + screen.overrides)
        var options = try DashboardOptions(
            surroundings, tickers: surroundings.settings.feed.tickers)
        let fatal = FatalNote()
        let engine = OpeningEngine(surroundings, onFatal: { fatal.note($0) })
        options.screen.controls = engine.controls
        options.watch(surroundings, engine: engine.reconfigure)
        let dashboard = Dashboard(
            board: engine.board, history: engine.history, clock: SystemClock(),
            options: options.screen,
            session: { moment in MarketSession(at: moment, market: engine.market) })
        fatal.onNote = { dashboard.stop() }
        let ending = Result {
            try dashboard.run(
                terminalType: options.terminalType,
                meanwhile: { engine.open(onFailure: { dashboard.stop() }) })
        }
        try engine.wait()?.stop()
        if let reason = fatal.reason { throw CommandFailure(reason) }
        if case .signal(let number) = try ending.get() { throw ExitCode(128 + number) }
    }
}

/// Refuses to draw into a pipe.
func guardTerminal() throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
        throw ValidationError(
            "the dashboard needs a terminal. Without one, use `ticktop serve` or "
                + "`ticktop replay FILE --no-screen`")
    }
}
