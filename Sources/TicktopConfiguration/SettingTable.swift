/// Every key there is: the one source of parsing, checking, `config defaults` and the environment's
/// names.
public enum SettingTable {
    public static let sections: [(name: String, comment: String)] = [
        ("feed", "Where the market comes from."),
        ("store", "What is kept, where, and for how long. 0 keeps it for good."),
        ("dead_letters", "What is refused, and when it is taken up again."),
        ("analytics", "How the figures are made."),
        ("indicators", "Periods of the indicators, in bars, and what counts as a signal."),
        ("rules", "When an anomaly is one."),
        ("news", "Headlines. The demo market brings its own."),
        ("forest", "The isolation forests, one per ticker, that judge every trade."),
        ("screen", "How it looks."),
        (
            "api",
            "The side port. Its token is TICKTOP_API_TOKEN or made by ticktop; "
                + "`ticktop token` shows it."
        ),
        ("kafka", "Kafka, for `ticktop ingest` and `--feed kafka`."),
    ]

    /// Tables whose keys are names of one's own, or another module's: lists of texts, checked by
    /// whoever takes them.
    public static let namedLists: [(name: String, comment: String)] = [
        (
            "groups",
            "Watchlists to walk through with w, each a name and its tickers: "
                + "tech = [\"AAPL\", \"NVDA\"]"
        ),
        (
            "keys",
            "What a key does. One named here is taken from the command that has it by default; "
                + "Ctrl-C always quits."
        ),
    ]

    public static let keys: [SettingKey] =
        feed + store + deadLetters + analytics + indicators + rules + news + forest + screen + api
        + kafka

    public static func key(_ path: String) -> SettingKey? { keys.first { $0.path == path } }

    private static let days = SettingKind.integer(0...36_500)
    private static let hours = SettingKind.integer(0...876_000)

    private static let feed = [
        SettingKey(
            "feed", "name", .choice(FeedSettings.Provider.allCases.map(\.rawValue)), .text("demo"),
            "The provider; demo needs no key and no network. kafka: what `ticktop ingest` sends."),
        SettingKey(
            "feed", "url", .text, .text(""),
            "Another address of the provider, such as a simulator's; empty for its own."),
        SettingKey(
            "feed", "tickers", .tickers, .list([]),
            "What to watch; empty for AAPL NVDA MSFT AMZN TSLA, on binance BTCUSDT ETHUSDT."),
        SettingKey(
            "feed", "seed", .integer(0...Int.max), .integer(1),
            "The demo market's: the same seed, the same market."),
        SettingKey(
            "feed", "events_per_second", .number(0.1...1_000_000), .number(260),
            "The demo market's, of all tickers together."),
    ]

    private static let store = [
        SettingKey(
            "store", "path", .text, .text(""),
            "The store's directory; empty for $XDG_DATA_HOME/ticktop/market.db."),
        SettingKey(
            "store", "bytes_max", .integer(1_048_576...Int.max), .integer(8_589_934_592),
            "Beyond this the oldest trades go before their time."),
        SettingKey(
            "store", "commit_interval_milliseconds", .integer(1...60_000), .integer(10),
            "The longest that something new waits to be made durable."),
        SettingKey(
            "store", "commit_events", .integer(1...65_536), .integer(4096),
            "Or this many events, whichever comes first."),
        SettingKey("store", "trades_ttl_hours", hours, .integer(48), "Trades."),
        SettingKey("store", "quotes_ttl_hours", hours, .integer(48), "Quotes."),
        SettingKey("store", "features_ttl_days", days, .integer(7), "Feature vectors."),
        SettingKey("store", "news_ttl_days", days, .integer(30), "News and its sentiment."),
        SettingKey("store", "episodes_ttl_days", days, .integer(365), "Anomalies."),
        SettingKey("store", "signals_ttl_days", days, .integer(90), "Signals of the indicators."),
        SettingKey("store", "dead_letters_ttl_days", days, .integer(30), "What was refused."),
        SettingKey("store", "bars_1s_ttl_days", days, .integer(2), "Bars of a second."),
        SettingKey("store", "bars_1m_ttl_days", days, .integer(90), "Bars of a minute."),
        SettingKey("store", "bars_5m_ttl_days", days, .integer(730), "Bars of 5 minutes."),
        SettingKey("store", "bars_15m_ttl_days", days, .integer(730), "Bars of 15 minutes."),
        SettingKey("store", "bars_1h_ttl_days", days, .integer(730), "Bars of an hour."),
        SettingKey("store", "bars_1d_ttl_days", days, .integer(0), "Bars of a day: kept for good."),
        SettingKey(
            "store", "keep_journal", .flag, .flag(false),
            "Keep journal segments that recovery no longer needs: everything can be replayed."),
    ]

    private static let analytics = [
        SettingKey(
            "analytics", "lateness_seconds", .number(0...60), .number(2),
            "How far behind its ticker's newest trade a trade may be and still count."),
        SettingKey(
            "analytics", "volume_zscore_mode", .choice(["slots", "trade"]), .text("slots"),
            "slots: ten seconds against the 200 before; trade: a trade against the last 20."),
        SettingKey(
            "analytics", "bar_intervals", .names(["1s", "1m", "5m", "15m", "1h", "1d"]),
            .list(["1s", "1m", "5m", "15m", "1h", "1d"]),
            "Bars that are kept; indicators are made on these alone."),
        SettingKey(
            "analytics", "feature_rows", .flag, .flag(true),
            "Keep each ticker's feature vector once a second."),
        SettingKey(
            "analytics", "symbols_max", .integer(1...20_000), .integer(20_000),
            "Distinct tickers; one more is a dead letter."),
    ]

    private static let rules = [
        SettingKey("rules", "price_spike", .flag, .flag(true), "Price against the mean close."),
        SettingKey(
            "rules", "price_spike_percent", .number(0.01...1000), .number(5),
            "From the mean of the last 20 one-minute closes."),
        SettingKey("rules", "volume_spike", .flag, .flag(true), "Volume against the mean minute."),
        SettingKey(
            "rules", "volume_spike_ratio", .number(1...10_000), .number(3),
            "Times the mean of the last 20 minutes."),
        SettingKey("rules", "velocity", .flag, .flag(true), "A fast move."),
        SettingKey(
            "rules", "velocity_percent", .number(0.01...1000), .number(0.5), "Within 5 s."),
        SettingKey("rules", "crossed_market", .flag, .flag(true), "Bid above ask."),
        SettingKey(
            "rules", "crossed_market_seconds", .number(0...3600), .number(1), "For longer than."),
        SettingKey("rules", "sequence_gap", .flag, .flag(true), "The feed lost trades."),
        SettingKey(
            "rules", "news_correlation", .flag, .flag(true), "A strong headline with much volume."),
        SettingKey("rules", "rsi_extreme", .flag, .flag(true), "RSI of closed one-minute bars."),
        SettingKey("rules", "rsi_extreme_upper", .number(50...100), .number(70), "Above."),
        SettingKey("rules", "rsi_extreme_lower", .number(0...50), .number(30), "Below."),
        SettingKey("rules", "stale_feed", .flag, .flag(true), "Silence in an open session."),
        SettingKey(
            "rules", "stale_feed_seconds", .number(1...86_400), .number(10), "For longer than."),
        SettingKey("rules", "latency", .flag, .flag(true), "ticktop itself is slow."),
        SettingKey(
            "rules", "latency_milliseconds", .number(1...60_000), .number(100),
            "Receive to applied, p99 over 10 s."),
    ]

    private static let forest = [
        SettingKey("forest", "enabled", .flag, .flag(true), "Whether there are any."),
        SettingKey("forest", "trees", .integer(1...1000), .integer(100), "Trees of a forest."),
        SettingKey(
            "forest", "samples", .integer(2...256), .integer(256),
            "Trades that each tree is grown from, of the 1000 of a training."),
        SettingKey(
            "forest", "contamination", .number(0...0.5), .number(0.01),
            "The share of the training's trades that counts as unusual."),
        SettingKey(
            "forest", "score_max", .number(-1...0), .number(-0.5),
            "A flagged trade's score is below this, too; -1 is the strangest."),
        SettingKey(
            "forest", "calibrated", .flag, .flag(true),
            "Whether the share of flagged trades is held at the contamination."),
        SettingKey(
            "forest", "hit_deviations", .number(0...1000), .number(6),
            "Deviations of its farthest feature that make a flagged trade count."),
        SettingKey(
            "forest", "set_aside_seconds", .number(0...900), .number(120),
            "For so long the trades of an anomaly are no example of the usual."),
        SettingKey(
            "forest", "train_every", .integer(1...1_000_000), .integer(500),
            "Trades between two trainings."),
        SettingKey(
            "forest", "seconds_between", .number(0...86_400), .number(5),
            "Seconds of the market between two trainings, at least."),
        SettingKey(
            "forest", "tickers_max", .integer(0...20_000), .integer(500),
            "Forests kept, a quarter of a megabyte each; the least active ticker goes first."),
    ]

    private static let screen = [
        SettingKey(
            "screen", "theme", .text, .text("default"),
            "A file of themes/, without .toml; default follows the terminal's colours."),
        SettingKey(
            "screen", "color", .choice(["auto", "truecolor", "256", "16", "none"]), .text("auto"),
            "How many colours; NO_COLOR and --color come before it."),
        SettingKey(
            "screen", "glyphs", .choice(["unicode", "ascii"]), .text("unicode"),
            "What the font and the link can carry."),
        SettingKey(
            "screen", "up_down", .choice(["green-red", "red-green", "blue-orange"]),
            .text("green-red"), "The colours of rising and falling."),
        SettingKey(
            "screen", "stale_after_seconds", .number(1...86_400), .number(10),
            "A row this old is stale while its session is open."),
        SettingKey("screen", "update_hz", .integer(1...60), .integer(10), "Frames a second."),
        SettingKey(
            "screen", "mouse", .flag, .flag(true), "Off leaves selecting text to the terminal."),
        SettingKey("screen", "bell", .flag, .flag(false), "Ring for a new anomaly."),
        SettingKey(
            "screen", "clock", .choice(["exchange", "local", "utc"]), .text("exchange"),
            "Whose time the screen shows."),
    ]

    private static let api = [
        SettingKey("api", "enabled", .flag, .flag(true), "Whether there is one."),
        SettingKey(
            "api", "address", .text, .text("127.0.0.1"),
            "Another than loopback needs TICKTOP_API_TOKEN."),
        SettingKey("api", "port", .integer(0...65_535), .integer(8000), "0 takes a free one."),
        SettingKey(
            "api", "requests_per_minute_max", .integer(0...1_000_000), .integer(100),
            "For each client; 0 for no limit."),
        SettingKey(
            "api", "connections_max", .integer(16...10_000), .integer(256),
            "At the same time; further ones wait."),
        SettingKey(
            "api", "allowed_hosts", .hosts, .list([]),
            "Host names the port answers to, beside loopback's."),
    ]
}

extension SettingTable {
    /// What `config defaults` prints: every key, commented out, with its default. `keys` are the
    /// lines of `[keys]`, which the screen knows.
    public static func defaultsText(keys keyLines: String) -> String {
        var text = defaultsText
        for list in namedLists {
            text += "\n# \(list.comment)\n[\(list.name)]\n"
            if list.name == "keys" { text += keyLines }
        }
        return text
    }

    /// Every key of a known name.
    static var defaultsText: String {
        var lines = [
            "# ticktop's configuration. Every key is here with its default: "
                + "take away the # to change one.",
            "# First found wins: --config, $TICKTOP_CONFIG, ./config.toml, "
                + "$XDG_CONFIG_HOME/ticktop/config.toml,",
            "# /etc/ticktop/config.toml. Each key is also an environment variable: "
                + "TICKTOP_SCREEN_UPDATE_HZ=30.",
        ]
        for section in sections {
            lines += ["", "# \(section.comment)", "[\(section.name)]"]
            for key in keys where key.section == section.name {
                lines.append("# \(key.comment)\(rangeNote(key.kind))")
                lines.append("#\(key.name) = \(key.standard.text)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rangeNote(_ kind: SettingKind) -> String {
        switch kind {
        case .flag, .text, .tickers, .hosts, .pairs: ""
        case .names(let names): " Of \(names.joined(separator: ", "))."
        case .periods: " Expected: \(kind.expectation)."
        case .integer(let range) where range.upperBound == .max: " From \(range.lowerBound)."
        case .integer, .number: " From \(kind.expectation.replacing("..", with: " to "))."
        case .choice: " One of \(kind.expectation)."
        }
    }
}
