import MarketModel

/// A company on disk.
struct ListingPayload: Codable {
    var symbol: String
    var name: String
    var segment: String?
    var sector: String?

    init(_ listing: Listing) {
        symbol = listing.symbol.description
        name = listing.name
        segment = listing.segment?.rawValue
        sector = listing.sector
    }

    /// `nil` for a ticker or a segment that there is not.
    var notice: Notice? {
        guard let symbol = Symbol(symbol) else { return nil }
        let known = segment.flatMap { CapitalizationSegment(rawValue: $0) }
        guard (segment == nil) == (known == nil) else { return nil }
        return .listing(Listing(symbol: symbol, name: name, segment: known, sector: sector))
    }
}

/// A quarter's earnings on disk; money per share in units of `Price`.
struct EarningsPayload: Codable {
    var symbol: String
    var year: Int
    var quarter: Int
    var period: Int64?
    var reported: Int64?
    var hour: String?
    var estimate: Int64?
    var actual: Int64?

    init(_ report: EarningsReport) {
        symbol = report.symbol.description
        year = report.fiscalYear
        quarter = report.quarter
        period = report.periodEnd?.daysSince1970
        reported = report.reportedOn?.daysSince1970
        hour = report.hour?.rawValue
        estimate = report.estimate?.units
        actual = report.actual?.units
    }

    /// `nil` for what is no quarter of any company.
    var notice: Notice? {
        guard let symbol = Symbol(symbol), (1...4).contains(quarter) else { return nil }
        return .earnings(
            EarningsReport(
                symbol: symbol, fiscalYear: year, quarter: quarter,
                periodEnd: period.map { CivilDate(daysSince1970: $0) },
                reportedOn: reported.map { CivilDate(daysSince1970: $0) },
                hour: hour.flatMap { EarningsReport.Hour(rawValue: $0) },
                estimate: estimate.map { Price(units: $0) },
                actual: actual.map { Price(units: $0) }))
    }
}
