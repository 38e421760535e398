import ArgumentParser
import Foundation
import MarketModel
import TicktopConfiguration

/// The options that the dashboard and `serve` share; each overrides its key of the configuration.
struct EngineArguments: ParsableArguments {
    @Argument(
        help: "Tickers to watch. Default: AAPL NVDA MSFT AMZN TSLA; for binance BTCUSDT ETHUSDT.")
    var tickers: [String] = []

    @Option(
        help: """
            Where events come from: demo, massive, binance, or kafka, where `ticktop ingest` puts \
            them. demo needs no key and no network.
            """)
    var feed: String?

    @Option(help: "The feed's address, when it is not the provider's own (ws:// or wss://).")
    var url: String?

    @Option(help: "Kafka's brokers, HOST:PORT, several parted by commas, for --feed kafka.")
    var brokers: String?

    @Option(help: "The store's directory. Default: see `ticktop config paths`.")
    var store: String?

    @Option(help: "The side port for REST. 0 picks a free one.")
    var port: Int?

    @Option(help: "The configuration file. Default: the first that `ticktop config paths` finds.")
    var config: String?

    var overrides: [ConfigurationSources.Override] {
        var list: [ConfigurationSources.Override] = []
        if let feed { list.append(.init("feed.name", feed, flag: "--feed")) }
        if let url { list.append(.init("feed.url", url, flag: "--url")) }
        if !tickers.isEmpty {
            list.append(.init("feed.tickers", tickers.joined(separator: ","), flag: "TICKER"))
        }
        if let brokers { list.append(.init("kafka.brokers", brokers, flag: "--brokers")) }
        if let store { list.append(.init("store.path", store, flag: "--store")) }
        if let port { list.append(.init("api.port", String(port), flag: "--port")) }
        return list
    }
}

/// What only a screen needs.
struct ScreenArguments: ParsableArguments {
    @Option(help: "The theme: default, dusk, paper, mono, or a file of yours in themes/.")
    var theme: String?

    @Option(help: "Colours: auto, truecolor, 256, 16 or none. NO_COLOR is honoured.")
    var color: String?

    @Flag(help: "Draw with plain ASCII only.")
    var ascii = false

    var overrides: [ConfigurationSources.Override] {
        var list: [ConfigurationSources.Override] = []
        if let theme { list.append(.init("screen.theme", theme, flag: "--theme")) }
        if let color { list.append(.init("screen.color", color, flag: "--color")) }
        if ascii { list.append(.init("screen.glyphs", "ascii", flag: "--ascii")) }
        return list
    }
}

/// What a command has read before it begins: configuration, secrets, directories.
struct Surroundings: Sendable {
    let sources: ConfigurationSources
    let configuration: EffectiveConfiguration
    let settings: Settings
    let secrets: Secrets

    init(file: String?, overrides: [ConfigurationSources.Override]) throws {
        let environment = ProcessInfo.processInfo.environment
        try self.init(
            ConfigurationSources(environment: environment, file: file, overrides: overrides),
            secrets: try Secrets.read(environment: environment))
        for warning in configuration.warnings { complain("warning: \(warning)") }
    }

    /// The same sources, read again; secrets stay as they are.
    init(again last: Surroundings) throws {
        try self.init(last.sources, secrets: last.secrets)
    }

    private init(_ sources: ConfigurationSources, secrets: Secrets) throws {
        self.sources = sources
        self.secrets = secrets
        configuration = try EffectiveConfiguration.load(
            sources, furtherProblems: DashboardOptions.problems)
        var settings = configuration.settings(sources.directories)
        if settings.feed.tickers.isEmpty { settings.feed.tickers = settings.feed.provider.tickers }
        self.settings = settings
    }
}

extension FeedSettings.Provider {
    /// What is watched when nobody says otherwise.
    var tickers: [Symbol] {
        switch self {
        case .demo, .massive: ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]
        case .binance: ["BTCUSDT", "ETHUSDT"]
        // Whatever there is.
        case .kafka: []
        }
    }
}

/// One line on standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("ticktop: \(text)\n".utf8))
}
