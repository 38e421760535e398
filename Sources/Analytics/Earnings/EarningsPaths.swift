import MarketModel

/// How the price went after a company's reports (analytics.md, section 8).
public enum EarningsPaths {
    /// Sessions that a path follows.
    public static let sessionsMax = 10

    /// `days` are final daily bars, oldest first. A report that came after the close counts from
    /// that day's close, any other from the close of the session before; without that close there
    /// is no path, and a path ends at the first session that has none. `sessions` (1 to 10) is the
    /// span of the return that surprises are compared with.
    public static func study(_ reports: [EarningsReport], days: [Bar], sessions: Int)
        -> EarningsStudy
    {
        precondition((1...sessionsMax).contains(sessions), "a path has ten sessions")
        var closes: [CivilDate: Double] = [:]
        for day in days {
            guard let close = day.close, close > .zero else { continue }
            closes[NewYorkTime.date(at: day.start)] = close.asDouble
        }
        var paths: [EarningsStudy.Path] = []
        var pairs: [(surprise: Double, change: Double)] = []
        for report in reports {
            guard let path = path(of: report, closes) else { continue }
            paths.append(path)
            guard path.values.count > sessions, let surprise = report.surprisePercent else {
                continue
            }
            pairs.append((surprise, path.values[sessions] - 100))
        }
        return EarningsStudy(
            paths: paths, correlation: correlation(pairs), pairCount: pairs.count)
    }

    private static func path(of report: EarningsReport, _ closes: [CivilDate: Double])
        -> EarningsStudy.Path?
    {
        guard let reportedOn = report.reportedOn, report.actual != nil else { return nil }
        let isAfterClose = report.hour == .afterClose
        var date = session(isAfterClose ? reportedOn : reportedOn.adding(days: -1), step: -1)
        guard let base = closes[date] else { return nil }
        var values = [100.0]
        while values.count <= sessionsMax {
            date = session(date.adding(days: 1), step: 1)
            guard let close = closes[date] else { break }
            values.append(100 * close / base)
        }
        return EarningsStudy.Path(reportedOn: reportedOn, values: values)
    }

    /// The date itself, or the next in the step's direction on which the exchange is open.
    private static func session(_ date: CivilDate, step: Int64) -> CivilDate {
        var date = date
        while !TradingCalendar.isTradingDay(date, market: .usEquities) {
            date = date.adding(days: step)
        }
        return date
    }

    /// Pearson's; `nil` with fewer than three pairs or without any spread on one side.
    private static func correlation(_ pairs: [(surprise: Double, change: Double)]) -> Double? {
        guard pairs.count >= 3 else { return nil }
        let number = Double(pairs.count)
        let surpriseMean = pairs.reduce(0) { $0 + $1.surprise } / number
        let changeMean = pairs.reduce(0) { $0 + $1.change } / number
        var (shared, ofSurprise, ofChange) = (0.0, 0.0, 0.0)
        for pair in pairs {
            let (x, y) = (pair.surprise - surpriseMean, pair.change - changeMean)
            shared += x * y
            ofSurprise += x * x
            ofChange += y * y
        }
        guard ofSurprise > 0, ofChange > 0 else { return nil }
        return shared / (ofSurprise * ofChange).squareRoot()
    }
}
