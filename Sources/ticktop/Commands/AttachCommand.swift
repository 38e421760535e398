import ArgumentParser
import Foundation
import MarketModel
import Remote
import TUI

/// `ticktop attach URL`: the screen of an engine that runs elsewhere.
struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "The dashboard of an engine that runs elsewhere.",
        discussion: """
            Shows what `ticktop` or `ticktop serve` at the address shows, over its side port; \
            acknowledgements are made there. Both ends must be of the same version. When the \
            connection is lost, the screen says so, keeps what it has and goes on by itself.

            The side port's token is needed (`ticktop token` there shows it): from --token-file, \
            from TICKTOP_API_TOKEN, or, for a ticktop on this machine, from its own token file.

              ticktop attach http://127.0.0.1:8000
              TICKTOP_API_TOKEN=... ticktop attach http://trading-box:8000
              ticktop attach https://market.example.com --token-file ~/.config/ticktop/token
            """)

    @Argument(help: "The side port's address: http://host:port or https://host.")
    var url: String

    @Option(help: "A file with the token alone, which only you can read (mode 0600).")
    var tokenFile: String?

    @Option(help: "A file of the certificates to trust for https, instead of the system's.")
    var caFile: String?

    @Option(help: "The configuration file.")
    var config: String?

    @OptionGroup var screen: ScreenArguments

    func run() throws {
        let address = try RemoteAddress(url)
        try guardTerminal()
        let surroundings = try Surroundings(file: config, overrides: screen.overrides)
        let token = try AttachToken(file: tokenFile, surroundings, for: address)
        var options = try DashboardOptions(surroundings, tickers: [])
        options.watch(surroundings)
        let remote = RemoteBoard(
            address, token: token.secret, certificates: caFile, clock: SystemClock(),
            seed: UInt64(bitPattern: SystemClock.monotonicNanoseconds))
        let history = RemoteHistory(
            address, token: token.secret, certificates: caFile, isConnected: { remote.isLive })
        let outcome = Result {
            try remote.start()
            return try show(remote, history, options)
        }
        try remote.stop()
        try history.close()
        if case .signal(let number) = try outcome.get() { throw ExitCode(128 + number) }
    }

    private func show(
        _ remote: RemoteBoard, _ history: RemoteHistory, _ options: DashboardOptions
    ) throws -> DashboardEnding {
        let board = remote.board
        let dashboard = Dashboard(
            board: board, history: { history }, clock: remote.clock, options: options.screen,
            session: { moment in
                MarketSession(
                    at: moment, market: board.snapshot.tickers.first?.market ?? .continuous)
            })
        return try dashboard.run(terminalType: options.terminalType)
    }
}
