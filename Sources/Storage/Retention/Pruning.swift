import GRDB
import MarketModel

/// Takes what is past its time, one small step after another.
///
/// Rows in the order of their seconds (trades, quotes, features) are looked at in every round;
/// tables that grow slowly only in every sixtieth.
struct Pruning {
    private let settings: RetentionSettings
    private let fast: [PruningRule]
    private let slow: [PruningRule]
    private let seriesRules: [SeriesPruning]
    private var round: Int64 = 0
    /// Which rule of the round is next; `nil` between rounds.
    private var next: Int?
    private var symbolCursor: Int64 = 0

    init(_ settings: RetentionSettings) {
        self.settings = settings
        fast = [
            settings.trades.map(PruningRule.trades), settings.quotes.map(PruningRule.quotes),
            settings.features.map(PruningRule.features),
        ].compactMap { $0 }
        slow = [
            settings.news.map { .byTime("news", "published_at", $0) },
            settings.deadLetters.map { .byTime("dead_letters", "received_at", $0) },
            settings.episodes.map { .byTime("episodes", "last_at", $0) },
            settings.signals.map { .byTime("signals", "at", $0) },
        ].compactMap { $0 }
        seriesRules = SeriesPruning.rules(settings)
    }

    var isBetweenRounds: Bool { next == nil }

    mutating func beginRound() {
        guard next == nil else { return }
        next = 0
        symbolCursor = 0
    }

    /// Deletes about `rowsMax` rows at most, in one transaction.
    mutating func step(_ db: Database, engineTime: Timestamp, rowsMax: Int) throws {
        guard let index = next else { return }
        let isSlowRound = round % 60 == 0
        let rules = isSlowRound ? fast + slow : fast
        if index < rules.count {
            let deleted = try rules[index].prune(db, engineTime: engineTime, rowsMax: rowsMax)
            if deleted < rowsMax { next = index + 1 }
        } else if isSlowRound, index - rules.count < seriesRules.count {
            let end = try seriesRules[index - rules.count].prune(
                db, engineTime: engineTime, after: symbolCursor, rowsMax: rowsMax)
            symbolCursor = end ?? 0
            if end == nil { next = index + 1 }
        } else {
            if isSlowRound { try pruneOrphans(db, engineTime: engineTime) }
            next = nil
            round += 1
        }
    }

    /// Takes the oldest of what grows fastest, whatever its age: trades, then quotes, then
    /// features.
    ///
    /// Returns how many rows went.
    func stepOverCap(_ db: Database, rowsMax: Int) throws -> Int {
        for rule in [PruningRule.trades(.zero), .quotes(.zero), .features(.zero)] {
            let deleted = try rule.pruneOldest(db, rowsMax: rowsMax)
            if deleted > 0 { return deleted }
        }
        return 0
    }

    /// Small tables that go with the episodes.
    private func pruneOrphans(_ db: Database, engineTime: Timestamp) throws {
        guard let age = settings.episodes else { return }
        let cutoff = engineTime.advanced(by: .zero - age).nanoseconds
        try db.execute(sql: "DELETE FROM gaps WHERE to_at < ?", arguments: [cutoff])
        for table in ["acknowledgements", "acknowledgement_history"] {
            try db.execute(
                sql: """
                    DELETE FROM \(table) WHERE at < ?
                    AND episode_id NOT IN (SELECT id FROM episodes)
                    """, arguments: [cutoff])
        }
    }
}

/// Prunes a table that lies in the order of its tickers: a stretch of tickers at a time.
struct SeriesPruning: Sendable {
    let table: String
    /// Further condition on the rows, such as the bar interval.
    let condition: String
    let column: String
    let nanosecondsPerUnit: Int64
    let age: Duration

    private static let tickersPerStep: Int64 = 256

    static func rules(_ settings: RetentionSettings) -> [SeriesPruning] {
        let bars = BarInterval.allCases.compactMap { interval in
            settings.bars[interval].map { age in
                SeriesPruning(
                    table: "bars", condition: "AND seconds = \(interval.rawValue)", column: "start",
                    nanosecondsPerUnit: 1, age: age)
            }
        }
        guard let trades = settings.trades, let features = settings.features else { return bars }
        return bars + [
            SeriesPruning(
                table: "active_minutes", condition: "", column: "minute",
                nanosecondsPerUnit: 60_000_000_000, age: max(trades, features))
        ]
    }

    /// Looks at the next tickers after the one with id `cursor`; returns where to go on, `nil` at
    /// the end.
    func prune(
        _ db: Database, engineTime: Timestamp, after cursor: Int64, rowsMax: Int
    ) throws -> Int64? {
        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM symbols") ?? 0
        let end = min(cursor + SeriesPruning.tickersPerStep, last)
        let cutoff = engineTime.advanced(by: .zero - age).nanoseconds
            .flooredQuotient(nanosecondsPerUnit)
        let statement = try db.cachedStatement(
            sql: """
                DELETE FROM \(table) WHERE symbol_id = ?1 \(condition) AND \(column) < ?2
                AND \(column) <= coalesce((SELECT \(column) FROM \(table)
                    WHERE symbol_id = ?1 \(condition) ORDER BY \(column) LIMIT 1 OFFSET ?3), ?2)
                """)
        var id = cursor
        var deleted = 0
        while id < end, deleted < rowsMax {
            try statement.execute(arguments: [id + 1, cutoff, rowsMax])
            let count = db.changesCount
            deleted += count
            // As many as were allowed: the same ticker may have more.
            if count < rowsMax { id += 1 }
        }
        return id < last ? id : nil
    }
}
