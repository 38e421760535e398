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
    case export(ExportFormat)
}

/// A question to the store. The answer comes when it comes; painting never waits for it.
enum HistoryRequest: Hashable, Sendable {
    /// The newest bars, or those before `before`.
    case bars(Symbol, BarInterval, before: Timestamp?)
    case trends([Symbol])
    case episodes
    case articles
    case tape(Symbol)
    case acknowledge(episodeID: String)
    case unacknowledge(episodeID: String)

    static let barsMax = 1000
    static let trendLength = 40
    static let episodesMax = 300
    /// Beyond this the counter of unacknowledged episodes stops.
    static let unacknowledgedMax = 2000
    static let articlesMax = 100
    static let tapeLength = 100
}

enum HistoryAnswer: Sendable {
    case bars(Symbol, BarInterval, before: Timestamp?, [Bar])
    /// Closes of one-minute bars, oldest first.
    case trends([Symbol: [Price]])
    case episodes([EpisodeReading])
    case articles([ScoredArticle])
    case tape(Symbol, [StoredTrade])
    case acknowledged(episodeID: String, EpisodeReading?)
    case exported(path: String)
    case failed(what: String, reason: String)
}

/// What `e` writes.
enum ExportFormat: String, CaseIterable, Sendable {
    case json, csv, txt, html

    /// The key that chooses it in the menu.
    var key: Character {
        switch self {
        case .json: "j"
        case .csv: "c"
        case .txt: "t"
        case .html: "h"
        }
    }

    var meaning: String {
        switch self {
        case .json: "every ticker with all figures, the episodes, the counts"
        case .csv: "one line a ticker"
        case .txt: "the screen as text"
        case .html: "the screen in its colours"
        }
    }
}
