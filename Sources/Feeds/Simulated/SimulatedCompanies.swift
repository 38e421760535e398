import MarketModel

/// What the demo market and the simulated provider say of their companies: drawn from the seed, but
/// for a sector and a size that readers of the known tickers expect.
struct SimulatedCompanies {
    private static let stream: UInt64 = 0x434F_4D50
    /// SIC codes and capitalisations in millions of dollars.
    private static let known: [String: (sic: Int, millions: Double)] = [
        "AAPL": (3571, 3_400_000), "NVDA": (3674, 4_500_000), "MSFT": (7372, 3_600_000),
        "AMZN": (5961, 2_500_000), "TSLA": (3711, 1_400_000), "GOOGL": (7370, 3_500_000),
        "META": (7370, 1_600_000), "AMD": (3674, 360_000), "NFLX": (7841, 460_000),
    ]
    private static let sectors = [1311, 2834, 3674, 4911, 5411, 6022, 7372]

    let listings: [DemoListing]
    let noise: SimulatedNoise

    struct Company {
        var symbol: Symbol
        var name: String
        var sic: Int
        var millions: Double
    }

    func company(_ ticker: String) -> Company? {
        guard let listing = listings.first(where: { $0.symbol.description == ticker }) else {
            return nil
        }
        let stream = listing.stream ^ SimulatedCompanies.stream
        let codes = SimulatedCompanies.sectors
        let drawn = codes[Int(noise.unit(stream, 0, 0) * Double(codes.count))]
        let known = SimulatedCompanies.known[ticker]
        let size = SimulatedNoise.exponential(2 + 10 * noise.unit(stream, 1, 0))
        return Company(
            symbol: listing.symbol, name: listing.company, sic: known?.sic ?? drawn,
            millions: known?.millions ?? (100 * size).rounded())
    }

    /// As reference data that come without being asked for.
    var notices: [Notice] {
        listings.compactMap { company($0.symbol.description) }.map { company in
            .listing(
                Listing(
                    symbol: company.symbol, name: company.name,
                    segment: CapitalizationSegment(capitalization: company.millions * 1e6),
                    sector: IndustryDivision.name(ofSIC: company.sic)))
        }
    }

    /// The quarter of a day and the nine before it, newest first. Each is reported three weeks
    /// after it has ended, after the close.
    func reports(_ ticker: String, on today: CivilDate) -> [EarningsReport] {
        guard let company = company(ticker) else { return [] }
        let (year, month, _) = today.parts
        let number = year * 4 + (month - 1) / 3
        return (-9...0).reversed().compactMap { report(company, number + $0, on: today) }
    }

    /// Of the quarter so many after the first of the year 0.
    private func report(_ company: Company, _ number: Int, on today: CivilDate) -> EarningsReport? {
        let (year, quarter) = (number / 4, number % 4 + 1)
        let next = CivilDate(
            year: quarter == 4 ? year + 1 : year, month: quarter == 4 ? 1 : quarter * 3 + 1, day: 1)
        guard let next else { return nil }
        let end = next.adding(days: -1)
        var reported = end.adding(days: 21)
        while !TradingCalendar.isTradingDay(reported, market: .usEquities) {
            reported = reported.adding(days: 1)
        }
        let stream = company.symbol.head ^ SimulatedCompanies.stream
        let cents = Price.scale / 100
        let estimate = 80 + Int64(noise.unit(stream, 2, 0) * 150) + Int64(number % 4)
        let surprise = Int64(8 * noise.normal(stream, 3, Int64(number)))
        let isReported = reported < today
        return EarningsReport(
            symbol: company.symbol, fiscalYear: year, quarter: quarter, periodEnd: end,
            reportedOn: reported, hour: .afterClose, estimate: Price(units: estimate * cents),
            actual: isReported ? Price(units: (estimate + surprise) * cents) : nil)
    }
}
