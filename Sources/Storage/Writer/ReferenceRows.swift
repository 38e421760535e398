import GRDB
import MarketModel

/// Companies and their earnings: rare, and each row replaced by what is known later.
enum ReferenceRows {
    static let tables = [
        """
        CREATE TABLE listings (
            symbol TEXT PRIMARY KEY, name TEXT NOT NULL, segment TEXT, sector TEXT
        ) STRICT
        """,
        """
        CREATE TABLE earnings (
            symbol TEXT NOT NULL, fiscal_year INTEGER NOT NULL, quarter INTEGER NOT NULL,
            period_end INTEGER, reported_on INTEGER, hour TEXT, estimate INTEGER, actual INTEGER,
            PRIMARY KEY (symbol, fiscal_year, quarter)
        ) STRICT
        """,
    ]

    static func write(_ listing: Listing, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO listings (symbol, name, segment, sector) VALUES (?,?,?,?)"
        ).execute(arguments: [
            listing.symbol.description, listing.name, listing.segment?.rawValue, listing.sector,
        ])
    }

    static func write(_ report: EarningsReport, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO earnings (symbol, fiscal_year, quarter, period_end,
                    reported_on, hour, estimate, actual)
                VALUES (?,?,?,?,?,?,?,?)
                """
        ).execute(arguments: [
            report.symbol.description, report.fiscalYear, report.quarter,
            report.periodEnd?.daysSince1970, report.reportedOn?.daysSince1970,
            report.hour?.rawValue, report.estimate?.units, report.actual?.units,
        ])
    }

    static func listing(_ row: Row) throws -> Listing {
        let segment: String? = row["segment"]
        return Listing(
            symbol: try Symbol(row: row, "symbol"), name: row["name"],
            segment: segment.flatMap { CapitalizationSegment(rawValue: $0) }, sector: row["sector"])
    }

    static func report(_ row: Row) throws -> EarningsReport {
        func date(_ column: String) -> CivilDate? {
            let days: Int64? = row[column]
            return days.map { CivilDate(daysSince1970: $0) }
        }
        func price(_ column: String) -> Price? {
            let units: Int64? = row[column]
            return units.map { Price(units: $0) }
        }
        let hour: String? = row["hour"]
        return EarningsReport(
            symbol: try Symbol(row: row, "symbol"), fiscalYear: row["fiscal_year"],
            quarter: row["quarter"], periodEnd: date("period_end"),
            reportedOn: date("reported_on"),
            hour: hour.flatMap { EarningsReport.Hour(rawValue: $0) }, estimate: price("estimate"),
            actual: price("actual"))
    }
}

extension StoredHistory {
    public func listings() throws -> [Listing] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM listings ORDER BY symbol")
                .map { try ReferenceRows.listing($0) }
        }
    }

    public func earnings(_ symbol: Symbol) throws -> [EarningsReport] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM earnings WHERE symbol = ?
                    ORDER BY fiscal_year DESC, quarter DESC
                    """, arguments: [symbol.description]
            ).map { try ReferenceRows.report($0) }
        }
    }
}
