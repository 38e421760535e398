/// What a company earned in one fiscal quarter, and what was expected of it.
public struct EarningsReport: Equatable, Sendable {
    /// When in the day a report comes. The raw value is the provider's and is stored.
    public enum Hour: String, CaseIterable, BitwiseCopyable, Sendable {
        case beforeOpen = "bmo"
        case afterClose = "amc"
        case duringMarket = "dmh"
    }

    public var symbol: Symbol
    public var fiscalYear: Int
    /// 1 to 4
    public var quarter: Int
    /// The provider's date of the quarter.
    public var periodEnd: CivilDate?
    /// The day of the report in New York; `nil` when the provider does not say.
    public var reportedOn: CivilDate?
    public var hour: Hour?
    /// Per share; `nil` when nobody was asked.
    public var estimate: Price?
    /// Per share; `nil` before the report.
    public var actual: Price?

    public init(
        symbol: Symbol, fiscalYear: Int, quarter: Int, periodEnd: CivilDate? = nil,
        reportedOn: CivilDate? = nil, hour: Hour? = nil, estimate: Price? = nil,
        actual: Price? = nil
    ) {
        self.symbol = symbol
        self.fiscalYear = fiscalYear
        self.quarter = quarter
        self.periodEnd = periodEnd
        self.reportedOn = reportedOn
        self.hour = hour
        self.estimate = estimate
        self.actual = actual
    }

    /// Actual less estimate; `nil` while one of them is missing.
    public var surprise: Price? {
        guard let actual, let estimate else { return nil }
        let (units, isOver) = actual.units.subtractingReportingOverflow(estimate.units)
        return isOver ? nil : Price(units: units)
    }

    /// Of the estimate's size, in percent; `nil` also where nothing was expected.
    public var surprisePercent: Double? {
        guard let surprise, let estimate, estimate.units != 0 else { return nil }
        return 100 * surprise.asDouble / abs(estimate.asDouble)
    }
}

/// How prices went around a company's reports.
public struct EarningsStudy: Equatable, Sendable {
    /// The daily closes from the last one before a report on, as multiples of 100.
    public struct Path: Equatable, Sendable {
        public var reportedOn: CivilDate
        /// `values[0]` is 100; `values[n]` is the close n sessions later.
        public var values: [Double]

        public init(reportedOn: CivilDate, values: [Double]) {
            self.reportedOn = reportedOn
            self.values = values
        }
    }

    /// One for each report whose closes are known, in the order of the reports.
    public var paths: [Path]
    /// Pearson's, of surprise and return in percent; `nil` with fewer than three pairs, or when
    /// all of one side are alike.
    public var correlation: Double?
    /// Pairs that it was worked out from.
    public var pairCount: Int

    public init(paths: [Path], correlation: Double?, pairCount: Int) {
        self.paths = paths
        self.correlation = correlation
        self.pairCount = pairCount
    }
}
