import Foundation
import GRDB
import MarketModel

/// Episodes, news, gaps and counts.
extension StoredHistory {
    public func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ value: any DatabaseValueConvertible) {
            conditions.append(condition)
            arguments += [value]
        }
        if let symbol = query.symbol { require("e.symbol = ?", symbol.description) }
        if let since = query.since { require("e.last_at >= ?", since.nanoseconds) }
        if let isOpen = query.isOpen { require("e.is_open = ?", isOpen) }
        if let severity = query.severity { require("e.severity = ?", severity.rawValue) }
        if let kind = query.kind { require("e.kind = ?", kind.rawValue) }
        if let isAcknowledged = query.isAcknowledged {
            require("coalesce(a.severity >= e.severity, 0) = ?", isAcknowledged)
        }
        arguments += [query.limit]
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = """
            \(EpisodeReading.selection) \(filter) ORDER BY e.last_at DESC, e.id DESC LIMIT ?
            """
        return try read { [arguments] db in
            try Row.fetchAll(db, sql: sql, arguments: arguments).map { try EpisodeReading($0) }
        }
    }

    public func articles(
        _ symbol: Symbol?, since: Timestamp?, limit: Int
    ) throws -> [ScoredArticle] {
        try newest(
            of: "news", by: "published_at", then: "article_id DESC", symbol, since: since,
            limit: limit
        ) { try ScoredArticle($0) }
    }

    /// The newest rows of a small table, which names tickers by their text: of one, or of all.
    ///
    /// `time` is the column they are dated by, `tie` the order of those of one moment.
    func newest<Value>(
        of table: String, by time: String, then tie: String, _ symbol: Symbol?, since: Timestamp?,
        limit: Int, as value: @Sendable (Row) throws -> Value
    ) throws -> [Value] {
        try read { db in
            let filter = symbol == nil ? "" : "AND symbol = ?"
            var arguments: StatementArguments = [since?.nanoseconds ?? .min]
            if let symbol { arguments += [symbol.description] }
            arguments += [limit]
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM \(table) WHERE \(time) >= ? \(filter)
                    ORDER BY \(time) DESC, \(tie) LIMIT ?
                    """, arguments: arguments
            ).map(value)
        }
    }

    /// Newest first.
    public func gaps(limit: Int) throws -> [FeedGap] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM gaps
                    ORDER BY epoch DESC, byte_offset DESC, event_index DESC, first_missing DESC
                    LIMIT ?
                    """, arguments: [limit]
            ).map { try FeedGap($0) }
        }
    }

    /// The running totals as of the last commit.
    public func sourceCounts() throws -> [(source: FeedSource, counts: SourceCounts)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM source_counts ORDER BY source").map { row in
                (source: try FeedSource(row: row), counts: SourceCounts(row: row))
            }
        }
    }

    /// Types of messages that are not received, with how many there were.
    public func ignoredTypes() throws -> [(type: String, count: Int64)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM ignored_types ORDER BY type")
                .map { ($0["type"], $0["count"]) }
        }
    }

    /// How far the store has got.
    public func committed() throws -> CommitMark { try read(CommitMark.read) }
}

extension EpisodeReading {
    static let selection = """
        SELECT e.*, a.by AS ack_by, a.at AS ack_at, a.note AS ack_note, a.severity AS ack_severity
        FROM episodes e LEFT JOIN acknowledgements a ON a.episode_id = e.id
        """

    static func fetch(_ db: Database, id: String) throws -> EpisodeReading? {
        try Row.fetchOne(db, sql: "\(selection) WHERE e.id = ?", arguments: [id])
            .map { try EpisodeReading($0) }
    }

    init(_ row: Row) throws {
        let episode = try Episode(row)
        var acknowledgement: Acknowledgement?
        if let by: String = row["ack_by"] {
            guard let severity = Severity(rawValue: row["ack_severity"]) else {
                throw StorageError.malformedRow(table: "acknowledgements", column: "severity")
            }
            acknowledgement = Acknowledgement(
                episodeID: episode.id, by: by, at: Timestamp(row: row, "ack_at"),
                note: row["ack_note"], severity: severity)
        }
        self.init(episode: episode, acknowledgement: acknowledgement)
    }
}

extension Episode {
    fileprivate init(_ row: Row) throws {
        guard let kind = AnomalyKind(rawValue: row["kind"]) else {
            throw StorageError.malformedRow(table: "episodes", column: "kind")
        }
        guard let severity = Severity(rawValue: row["severity"]) else {
            throw StorageError.malformedRow(table: "episodes", column: "severity")
        }
        let symbol: String? = row["symbol"]
        let features: String? = row["features"]
        self.init(
            id: row["id"], kind: kind, symbol: symbol.flatMap { Symbol($0) }, severity: severity,
            firstAt: Timestamp(row: row, "first_at"), lastAt: Timestamp(row: row, "last_at"),
            hits: row["hits"], worstScore: row["worst_score"] ?? .nan,
            features: try features.flatMap { try StoredVector.read($0) },
            explanation: row["explanation"], isOpen: row["is_open"], position: LogPosition(row))
    }
}

extension ScoredArticle {
    fileprivate init(_ row: Row) throws {
        self.init(
            article: NewsArticle(
                articleID: row["article_id"], symbol: try Symbol(row: row, "symbol"),
                headline: row["headline"], summary: row["summary"], publisher: row["publisher"],
                url: row["url"], publishedAt: Timestamp(row: row, "published_at")),
            source: try FeedSource(row: row), receivedAt: Timestamp(row: row, "received_at"),
            position: LogPosition(row), sentiment: Sentiment(row, prefix: ""))
        summarySentiment = Sentiment(row, prefix: "summary_")
        let strength: String? = row["correlation_strength"]
        guard let strength else { return }
        guard let strength = CorrelationStrength(rawValue: strength) else {
            throw StorageError.malformedRow(table: "news", column: "correlation_strength")
        }
        correlation = NewsCorrelation(strength: strength, volumeZScore: row["volume_zscore"])
    }
}

extension Sentiment {
    /// From the four columns whose names begin so; `nil` when there is no score.
    fileprivate init?(_ row: Row, prefix: String) {
        guard let compound: Double = row["\(prefix)compound"] else { return nil }
        self.init(
            compound: compound, positive: row["\(prefix)positive"],
            neutral: row["\(prefix)neutral"], negative: row["\(prefix)negative"])
    }
}

extension FeedGap {
    fileprivate init(_ row: Row) throws {
        guard let kind = FeedGap.Kind(rawValue: row["kind"]) else {
            throw StorageError.malformedRow(table: "gaps", column: "kind")
        }
        self.init(
            kind: kind, source: try FeedSource(row: row), symbol: Symbol(row["symbol"] as String),
            from: Timestamp(row: row, "from_at"), to: Timestamp(row: row, "to_at"),
            firstMissing: row["first_missing"], lastMissing: row["last_missing"],
            position: LogPosition(row))
    }
}
