import Engine
import MarketModel

/// What the screen is told.
enum ScreenEvent: Sendable {
    case key(Key)
    /// The newest of the board.
    case market(MarketSnapshot, PipelineStatus)
    case answer(HistoryAnswer)
    /// Time has passed.
    case tick
}

/// What the screen wants done by others.
enum ScreenCommand: Equatable, Sendable {
    case quit
    case suspend
    case redraw
    case ask(HistoryRequest)
    /// The whole screen, or one pane of it.
    case export(ExportFormat, PaneID?)
    /// To the clipboard of the terminal.
    case copy(String)
    case mouse(Bool)
    case ring
    case save(ScreenChoices)
    case replay(ReplayOrder)
    /// On or off.
    case record(Bool)
    case reconnect
}

/// A question to the store. The answer comes when it comes; painting never waits for it.
enum HistoryRequest: Hashable, Sendable {
    /// The newest bars, or those before `before`.
    case bars(Symbol, BarInterval, before: Timestamp?)
    case trends([Symbol])
    case episodes
    case articles
    case tape(Symbol)
    case features(Symbol)
    /// Whether the configuration or the theme files have changed; `isAsked` by a person, who hears
    /// of it in any case.
    case configuration(isAsked: Bool)
    case acknowledge(episodeID: String, note: String)
    case unacknowledge(episodeID: String)

    static let barsMax = 1000
    static let trendLength = 40
    static let episodesMax = 300
    /// Beyond this the counter of unacknowledged episodes stops.
    static let unacknowledgedMax = 2000
    static let articlesMax = 100
    static let tapeLength = 100
    static let featuresLength = 60
}

enum HistoryAnswer: Sendable {
    case bars(Symbol, BarInterval, before: Timestamp?, [Bar])
    /// Closes of one-minute bars, oldest first.
    case trends([Symbol: [Price]])
    case episodes([EpisodeReading])
    case articles([ScoredArticle])
    case tape(Symbol, [StoredTrade])
    /// Newest first.
    case features(Symbol, [FeatureVector])
    case acknowledged(episodeID: String, EpisodeReading?)
    case exported(path: String)
    /// What came of switching a recording on or off.
    case recording(String)
    case configuration(ConfigurationNews)
    case failed(what: String, reason: String)
}

/// What `e` writes.
enum ExportFormat: String, CaseIterable, Sendable {
    case json, csv, parquet, txt, ansi, html

    /// The key that chooses it in the menu.
    var key: Character {
        switch self {
        case .json: "j"
        case .csv: "c"
        case .parquet: "p"
        case .txt: "t"
        case .ansi: "a"
        case .html: "h"
        }
    }

    var meaning: String {
        switch self {
        case .json: "the tickers' figures, anomalies, news, counts"
        case .csv: "one line a ticker"
        case .parquet: "the same, for pandas and polars"
        case .txt: "the screen as text"
        case .ansi: "the screen as terminal text with its colours"
        case .html: "the screen in its colours"
        }
    }
}

/// What reading the configuration and the theme files again brought.
public enum ConfigurationNews: Sendable {
    case unchanged
    /// Theme files alone have changed.
    case themes([Theme])
    /// What the screen would be started with now, and what to say of it.
    case options(ScreenOptions, note: String)
    /// What is wrong with which file; everything stays as it was.
    case trouble(String)
}
