import ArgumentParser

/// The options that the dashboard and `serve` share; each overrides its key of the configuration.
struct EngineOptions: ParsableArguments {
    @Argument(help: "Tickers to watch. Default: AAPL NVDA MSFT AMZN TSLA; for binance BTCUSDT ETHUSDT.")
    var tickers: [String] = []

    @Option(
        help: "Where events come from: demo, massive or binance. demo needs no key and no network.")
    var feed: String?

    @Option(help: "The feed's address, when it is not the provider's own (ws:// or wss://).")
    var url: String?

    @Option(help: "The store's path. Default: ticktop.sqlite in the data directory (`ticktop config paths`).")
    var store: String?

    @Option(help: "The side port for REST. 0 picks a free one.")
    var port: Int?

    @Option(help: "The configuration file. Default: the first that `ticktop config paths` finds.")
    var config: String?

    /// In the form in which the configuration takes overrides.
    var overrides: [(key: String, value: String)] {
        var list: [(key: String, value: String)] = []
        if let feed { list.append(("feed.name", feed)) }
        if let url { list.append(("feed.url", url)) }
        if !tickers.isEmpty { list.append(("feed.tickers", tickers.joined(separator: ","))) }
        if let store { list.append(("store.path", store)) }
        if let port { list.append(("api.port", String(port))) }
        return list
    }
}

/// What only a screen needs.
struct ScreenOptions: ParsableArguments {
    @Option(help: "The theme's name: default, dusk, paper, mono, or a file of yours in themes/.")
    var theme: String?

    @Option(help: "Colours: auto, truecolor, 256, 16 or none. NO_COLOR is honoured.")
    var color: String?

    @Flag(help: "Draw with plain ASCII only.")
    var ascii = false

    var overrides: [(key: String, value: String)] {
        var list: [(key: String, value: String)] = []
        if let theme { list.append(("screen.theme", theme)) }
        if let color { list.append(("screen.color", color)) }
        if ascii { list.append(("screen.glyphs", "ascii")) }
        return list
    }
}
