/// The panes, by the number that is printed in their titles and focuses them.
public enum PaneID: Int, CaseIterable, Sendable {
    case quotes = 1
    case chart, aggregates, features, anomalies, news, market, pipeline

    var title: String {
        switch self {
        case .quotes: "QUOTES"
        case .chart: "CHART"
        case .aggregates: "AGGREGATES"
        case .features: "FEATURES"
        case .anomalies: "ANOMALIES"
        case .news: "NEWS + SENTIMENT"
        case .market: "MARKET"
        case .pipeline: "PIPELINE"
        }
    }

    /// What the palette and the configuration call it.
    public var name: String { String(describing: self) }

    /// What a tab says of it.
    var tab: String {
        switch self {
        case .quotes: "quotes"
        case .chart: "chart"
        case .aggregates: "agg"
        case .features: "feat"
        case .anomalies: "anom"
        case .news: "news"
        case .market: "mkt"
        case .pipeline: "pipe"
        }
    }
}
