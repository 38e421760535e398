import Foundation
import MarketModel

/// What providers' REST says of companies and their earnings, in our nouns.
enum ReferenceAnswers {
    /// Massive's `/v3/reference/tickers/{ticker}`.
    static func massiveListing(_ body: [UInt8], _ symbol: Symbol) throws -> Listing {
        struct Answer: Decodable {
            struct Results: Decodable {
                var name: String?
                var market_cap: Double?
                var sic_code: String?
            }
            var results: Results
        }
        let company = try JSONDecoder().decode(Answer.self, from: Data(body)).results
        return Listing(
            symbol: symbol, name: company.name ?? "",
            segment: company.market_cap.map { CapitalizationSegment(capitalization: $0) },
            sector: company.sic_code.flatMap { Int($0) }.flatMap {
                IndustryDivision.name(ofSIC: $0)
            })
    }

    /// Finnhub's `/stock/profile2`, whose capitalisation is in millions; `nil` for a company that
    /// it does not know.
    static func finnhubListing(_ body: [UInt8], _ symbol: Symbol) throws -> Listing? {
        struct Profile: Decodable {
            var name: String?
            var currency: String?
            var finnhubIndustry: String?
            var marketCapitalization: Double?
        }
        let profile = try JSONDecoder().decode(Profile.self, from: Data(body))
        guard let name = profile.name else { return nil }
        let millions = profile.currency == "USD" ? profile.marketCapitalization : nil
        let industry = profile.finnhubIndustry ?? ""
        return Listing(
            symbol: symbol, name: name,
            segment: millions.map { CapitalizationSegment(capitalization: $0 * 1e6) },
            sector: industry.isEmpty || industry == "N/A" ? nil : industry)
    }

    /// Finnhub's `/stock/earnings` (what was earned) with its `/calendar/earnings` (when that was
    /// reported), joined by quarter; the newest quarter first.
    static func finnhubEarnings(
        _ surprises: [UInt8], calendar: [UInt8], _ symbol: Symbol
    ) throws -> [EarningsReport] {
        var reports: [Quarter: EarningsReport] = [:]
        func report(_ year: Int?, _ quarter: Int?, _ change: (inout EarningsReport) -> Void) {
            guard let year, let quarter, (1...4).contains(quarter) else { return }
            let key = Quarter(year: year, quarter: quarter)
            var report =
                reports[key]
                ?? EarningsReport(symbol: symbol, fiscalYear: year, quarter: quarter)
            change(&report)
            reports[key] = report
        }
        for row in try JSONDecoder().decode(Calendar.self, from: Data(calendar)).earningsCalendar {
            report(row.year, row.quarter) {
                $0.reportedOn = date(row.date)
                $0.hour = row.hour.flatMap { EarningsReport.Hour(rawValue: $0) }
                $0.estimate = price(row.epsEstimate)
                $0.actual = price(row.epsActual)
            }
        }
        for row in try JSONDecoder().decode([Surprise].self, from: Data(surprises)) {
            report(row.year, row.quarter) {
                $0.periodEnd = date(row.period)
                $0.estimate = price(row.estimate) ?? $0.estimate
                $0.actual = price(row.actual) ?? $0.actual
            }
        }
        return reports.sorted { $0.key > $1.key }.map(\.value)
    }

    private struct Quarter: Hashable, Comparable {
        var year: Int
        var quarter: Int

        static func < (left: Quarter, right: Quarter) -> Bool {
            (left.year, left.quarter) < (right.year, right.quarter)
        }
    }

    private struct Calendar: Decodable {
        struct Row: Decodable {
            var date: String?
            var hour: String?
            var year: Int?
            var quarter: Int?
            var epsEstimate: Decimal?
            var epsActual: Decimal?
        }
        var earningsCalendar: [Row]
    }

    private struct Surprise: Decodable {
        var period: String?
        var year: Int?
        var quarter: Int?
        var actual: Decimal?
        var estimate: Decimal?
    }

    /// To the nearest unit of a price; `nil` beyond the range.
    private static func price(_ value: Decimal?) -> Price? {
        guard var scaled = value.map({ $0 * Decimal(Price.scale) }) else { return nil }
        var rounded = Decimal()
        NSDecimalRound(&rounded, &scaled, 0, .plain)
        return Int64(rounded.description).map { Price(units: $0) }
    }

    private static func date(_ text: String?) -> CivilDate? {
        CivilDate(text ?? "")
    }
}
