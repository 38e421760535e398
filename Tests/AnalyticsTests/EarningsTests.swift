import Analytics
import MarketModel
import TestSupport
import Testing

@Suite struct `Prices after earnings` {
    private func date(_ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: 2026, month: month, day: day))
    }

    /// Of the New York sessions from 2026-01-02 on, each a dollar above the one before.
    private func days(_ count: Int, from first: Int = 100) throws -> [Bar] {
        var days: [Bar] = []
        var day = TradingCalendar.day(containing: TestMorning.open, market: .usEquities)
        while days.count < count {
            let close = Price(units: Int64(first + days.count) * Price.scale)
            days.append(
                Bar(
                    symbol: "AAPL", interval: .day, start: day.opensAt, open: close, high: close,
                    low: close, close: close, isFinal: true))
            day = TradingCalendar.day(containing: day.nextStartsAt, market: .usEquities)
        }
        return days
    }

    private func report(
        _ day: CivilDate?, _ hour: EarningsReport.Hour?, actual: Price? = "1.1",
        estimate: Price? = "1"
    ) -> EarningsReport {
        EarningsReport(
            symbol: "AAPL", fiscalYear: 2026, quarter: 1, reportedOn: day, hour: hour,
            estimate: estimate, actual: actual)
    }

    @Test func `begin at 100 at the last close before the report`() throws {
        // 02, 05, 06, 07 January close at 100, 101, 102, 103.
        let days = try days(20)
        let tuesday = try date(1, 6)
        let morning = EarningsPaths.study([report(tuesday, .beforeOpen)], days: days, sessions: 1)
        #expect(morning.paths.first?.values.prefix(2) == [100, 100 * 102 / 101.0])
        #expect(morning.paths.first?.values.count == 11)
        let evening = EarningsPaths.study([report(tuesday, .afterClose)], days: days, sessions: 1)
        #expect(evening.paths.first?.values.prefix(2) == [100, 100 * 103 / 102.0])
        // An evening without a session counts from the close before it.
        let sunday = EarningsPaths.study(
            [report(try date(1, 4), .afterClose)], days: days, sessions: 1)
        #expect(sunday.paths.first?.values.prefix(2) == [100, 101])
    }

    @Test func `end where a session is missing, and need the close they begin at`() throws {
        var days = try days(20)
        days.remove(at: 4)
        let tuesday = try date(1, 6)
        let cut = EarningsPaths.study([report(tuesday, .afterClose)], days: days, sessions: 1)
        #expect(cut.paths.first?.values.count == 2)
        for missing in [report(nil, nil), report(tuesday, nil, actual: nil)] {
            #expect(EarningsPaths.study([missing], days: days, sessions: 1).paths.isEmpty)
        }
        let before = EarningsPaths.study(
            [report(try date(1, 2), .beforeOpen)], days: days, sessions: 1)
        #expect(before.paths.isEmpty)
    }

    @Test func `go with surprises as far as Pearson says`() throws {
        let days = try days(60)
        // Each later report's return is smaller; surprises of 30, 20 and 10 %.
        let dates = [try date(1, 6), try date(2, 3), try date(3, 3)]
        let reports = zip(dates, ["1.3", "1.2", "1.1"] as [Price]).map {
            report($0, .afterClose, actual: $1)
        }
        let study = EarningsPaths.study(reports, days: days, sessions: 2)
        let returns = study.paths.map { $0.values[2] - 100 }
        let correlation = try #require(study.correlation)
        // By numpy.corrcoef([30, 20, 10], returns).
        #expect(returns.count == 3 && study.pairCount == 3)
        #expect(abs(correlation - 0.9959156956949945) < 1e-9, "\(correlation) of \(returns)")
        let two = EarningsPaths.study(Array(reports.prefix(2)), days: days, sessions: 2)
        #expect(two.correlation == nil && two.pairCount == 2)
    }

    @Test func `surprises are exact, and relative to the estimate's size`() {
        let loss = report(nil, nil, actual: "-0.15", estimate: "-0.2")
        #expect(loss.surprise == "0.05")
        #expect(abs((loss.surprisePercent ?? 0) - 25) < 1e-9)
        #expect(report(nil, nil, actual: "0.1", estimate: "0").surprisePercent == nil)
        #expect(report(nil, nil, estimate: nil).surprise == nil)
    }
}
