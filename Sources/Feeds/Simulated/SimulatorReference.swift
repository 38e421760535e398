import MarketModel

/// The simulated provider's reference data: Massive's ticker details, Finnhub's profile, earnings
/// and earnings calendar.
struct SimulatorReference {
    let companies: SimulatedCompanies
    let clock: any MarketClock

    init(_ options: ProviderSimulatorOptions, clock: any MarketClock) {
        let noise = SimulatedNoise(seed: options.seed)
        companies = SimulatedCompanies(
            listings: DemoListing.listings(options.symbols, noise: noise), noise: noise)
        self.clock = clock
    }

    /// `/v3/reference/tickers/{ticker}`
    func details(_ ticker: String) -> SimulatorNews.Answer {
        guard let company = companies.company(ticker) else {
            return SimulatorNews.Answer(
                status: .notFound, body: #"{"status":"NOT_FOUND","request_id":"simulated"}"#)
        }
        return SimulatorNews.Answer(
            body: #"{"request_id":"simulated","status":"OK","results":{"ticker":"\#(ticker)","#
                + #""name":\#(DemoNews.quoted(company.name)),"market":"stocks","locale":"us","#
                + #""type":"CS","active":true,"currency_name":"usd","#
                + #""market_cap":\#(company.millions * 1e6),"sic_code":"\#(company.sic)"}}"#)
    }

    /// `/stock/profile2`: an empty object for a company that it does not know.
    func profile(_ symbol: String) -> SimulatorNews.Answer {
        guard let company = companies.company(symbol) else {
            return SimulatorNews.Answer(body: "{}")
        }
        let industry = IndustryDivision.name(ofSIC: company.sic) ?? "N/A"
        return SimulatorNews.Answer(
            body: #"{"country":"US","currency":"USD","exchange":"SIMULATED","#
                + #""finnhubIndustry":"\#(industry)","ipo":"2001-01-02","#
                + #""marketCapitalization":\#(company.millions),"#
                + #""name":\#(DemoNews.quoted(company.name)),"ticker":"\#(symbol)"}"#)
    }

    /// `/stock/earnings`: what has been reported.
    func earnings(_ query: [String: String]) -> SimulatorNews.Answer {
        let limit = Int(query["limit"] ?? "") ?? 4
        let rows = reports(query["symbol"]).filter { $0.actual != nil }.prefix(limit).map {
            #"{"actual":\#(number($0.actual)),"estimate":\#(number($0.estimate)),"#
                + #""period":"\#(date($0.periodEnd))","quarter":\#($0.quarter),"#
                + #""surprise":\#(number($0.surprise)),"#
                + #""surprisePercent":\#($0.surprisePercent ?? 0),"symbol":"\#($0.symbol)","#
                + #""year":\#($0.fiscalYear)}"#
        }
        return SimulatorNews.Answer(body: "[\(rows.joined(separator: ","))]")
    }

    /// `/calendar/earnings`: when they report.
    func calendar(_ query: [String: String]) -> SimulatorNews.Answer {
        let (from, to) = (query["from"] ?? "", query["to"] ?? "")
        let rows = reports(query["symbol"])
            .filter { (from...max(from, to)).contains(date($0.reportedOn)) }.map {
                #"{"date":"\#(date($0.reportedOn))","epsActual":\#(number($0.actual)),"#
                    + #""epsEstimate":\#(number($0.estimate)),"hour":"amc","#
                    + #""quarter":\#($0.quarter),"revenueActual":null,"revenueEstimate":null,"#
                    + #""symbol":"\#($0.symbol)","year":\#($0.fiscalYear)}"#
            }
        return SimulatorNews.Answer(
            body: #"{"earningsCalendar":[\#(rows.joined(separator: ","))]}"#)
    }

    private func reports(_ symbol: String?) -> [EarningsReport] {
        companies.reports(symbol ?? "", on: MarketModel.NewYorkTime.date(at: clock.now))
    }

    private func number(_ price: Price?) -> String { price.map(\.description) ?? "null" }
    private func date(_ date: CivilDate?) -> String { date.map(\.description) ?? "" }
}
