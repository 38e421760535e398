import ArgumentParser

/// The program. Without a subcommand it is the dashboard.
@main
struct TicktopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ticktop",
        abstract:
            "htop for the market: a trading dashboard in the terminal, with its engine inside.",
        discussion: """
            Without a feed of your own, ticktop shows a built-in demo market: no key, no broker, \
            no network.

              ticktop                              the demo market
              ticktop --feed binance               live crypto, needs no key
              ticktop --feed massive NVDA AMD      live US equities (MASSIVE_API_KEY)
              ticktop replay frames.ndjson         a file of provider frames, one a line
              ticktop serve                        the same engine and API without a screen
              ticktop attach http://host:8000      the dashboard of an engine that runs elsewhere

            In the dashboard, ? shows the keys and q quits.
            """,
        version: Version.text,
        subcommands: [
            DashboardCommand.self, ServeCommand.self, AttachCommand.self, IngestCommand.self,
            RecordCommand.self, ReplayCommand.self, SimulateCommand.self, BackfillCommand.self,
            ExportCommand.self, DeadLettersCommand.self, ConfigCommand.self, TokenCommand.self,
        ],
        defaultSubcommand: DashboardCommand.self)
}
