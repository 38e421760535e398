import MarketModel

/// The arrangements of panes that ship, in the order in which `p` walks through them.
public enum LayoutPreset: String, CaseIterable, Codable, Sendable {
    /// A bit of everything.
    case desk
    /// One chart as large as it goes.
    case chart
    /// Anomalies, and what stands behind them.
    case triage
    /// Who moves most.
    case overview
}

/// Whose clock the times on the screen are read from.
public enum ClockZone: String, CaseIterable, Codable, Sendable {
    case exchange, local, utc
}

/// How the chart draws a bar.
enum ChartStyle: String, CaseIterable, Codable, Sendable { case candles, line }

/// A line or a band that the chart may show besides its bars.
enum ChartIndicator: String, CaseIterable, Codable, Sendable {
    case vwap, ema, bollinger, rsi, macd

    /// The key that switches it in the menu.
    var key: Character {
        switch self {
        case .vwap: "v"
        case .ema: "e"
        case .bollinger: "b"
        case .rsi: "r"
        case .macd: "m"
        }
    }

    /// Made of the closes of many bars, unlike the session's VWAP.
    var isComputed: Bool { self != .vwap }

    var meaning: String {
        switch self {
        case .vwap: "the session's volume-weighted average price"
        case .ema: "exponential mean of 20 closes"
        case .bollinger: "two standard deviations around the mean of 20 closes"
        case .rsi: "relative strength of 14 closes, below the price"
        case .macd: "12 against 26 closes, and its signal of 9, below the price"
        }
    }
}

/// Which anomalies the list shows.
struct EpisodeFilter: Equatable, Codable, Sendable {
    enum State: String, CaseIterable, Codable, Sendable { case all, unacknowledged, open }

    var state = State.all
    /// The least severity, by its name.
    var severity = "low"
    /// `nil` for every kind.
    var kind: String?

    var isEmpty: Bool { self == EpisodeFilter() }

    var severityLeast: Severity { Severity(name: severity) ?? .low }

    /// `least` is `severityLeast`, worked out once for a whole list.
    func admits(_ reading: EpisodeReading, least: Severity) -> Bool {
        switch state {
        case .all: break
        case .unacknowledged: if reading.isAcknowledged { return false }
        case .open: if !reading.episode.isOpen { return false }
        }
        return reading.episode.severity >= least
            && (kind == nil || reading.episode.kind.rawValue == kind)
    }

    /// What it leaves, in a word or two; empty when it leaves all.
    var name: String {
        let parts = [
            state == .all ? nil : state == .unacknowledged ? "unacked" : state.rawValue,
            severity == "low" ? nil : "≥\(severity)",
            kind?.replacing("_", with: " "),
        ]
        return parts.compactMap { $0 }.joined(separator: " ")
    }
}

/// How far a person moved the borders of a layout, in hundredths of the screen.
struct LayoutShift: Equatable, Codable, Sendable {
    var columns = 0
    var rows = 0

    static let max = 30

    mutating func move(columns: Int, rows: Int) {
        self.columns = min(Swift.max(self.columns + columns, -LayoutShift.max), LayoutShift.max)
        self.rows = min(Swift.max(self.rows + rows, -LayoutShift.max), LayoutShift.max)
    }
}

/// What a person chose on the screen, kept for the next start in a file of its own, never in the
/// configuration.
public struct ScreenChoices: Equatable, Codable, Sendable {
    var layout = LayoutPreset.desk
    var shifts: [String: LayoutShift] = [:]
    var sortColumn = SortOrder.Column.configured.rawValue
    var isSortReversed = false
    /// By name; `nil` for the configured theme.
    var theme: String?
    /// The configured theme that it was chosen over: once that is another, it holds again.
    var themeConfigured: String?
    var group: String?
    var interval = BarInterval.minute.name
    var chartStyle = ChartStyle.candles
    var indicators: Set<ChartIndicator> = [.vwap]
    /// Columns a bar takes: 1, 2, 4; `nil` fits the width.
    var barStep: Int?
    var episodeFilter = EpisodeFilter()
    /// `nil` for what the configuration says.
    var clock: ClockZone?
    var bell: Bool?
    var focus = PaneID.quotes.rawValue
    /// Commands of the palette, the newest last.
    var history: [String] = []

    static let historyMax = 100

    public init() {}

    /// The configured theme again.
    public mutating func forgetTheme() { theme = nil }
}
