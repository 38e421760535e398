import MarketModel

/// Market events given up before the log, by source and kind.
public struct ShedCounts: Equatable, Sendable {
    public struct Events: Equatable, Sendable {
        public var trades: Int64 = 0
        public var quotes: Int64 = 0
        /// Bars, bands, and frames or elements that could not be told.
        public var other: Int64 = 0

        public init() {}

        public var total: Int64 { trades + quotes + other }
    }

    /// Sources in the order in which they first lost something.
    public private(set) var bySource: [(source: FeedSource, events: Events)] = []
    private var receivedAtLast = Timestamp.distantPast

    public init() {}

    public var isEmpty: Bool { bySource.isEmpty }

    public subscript(source: FeedSource) -> Events {
        bySource.first { $0.source == source }?.events ?? Events()
    }

    public static func == (left: ShedCounts, right: ShedCounts) -> Bool {
        left.bySource.elementsEqual(right.bySource) { $0 == $1 }
    }

    mutating func add(_ events: Events, source: FeedSource, receivedAt: Timestamp) {
        guard events.total > 0 else { return }
        receivedAtLast = max(receivedAtLast, receivedAt)
        let index = bySource.firstIndex { $0.source == source } ?? bySource.count
        if index == bySource.count { bySource.append((source, Events())) }
        bySource[index].events.trades += events.trades
        bySource[index].events.quotes += events.quotes
        bySource[index].events.other += events.other
    }

    /// One shed record for each source, and nothing left to report.
    mutating func takeRecords() -> [LogRecord] {
        guard !isEmpty else { return [] }
        defer { self = ShedCounts() }
        return bySource.map { source, events in
            LogRecord(
                notice: .shed(
                    source, trades: events.trades, quotes: events.quotes, other: events.other),
                source: .ticktop, receivedAt: receivedAtLast)
        }
    }
}
