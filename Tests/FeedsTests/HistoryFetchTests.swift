import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `History from a provider` {
    private func notices(_ records: [LogRecord]) -> [Notice] {
        let batch = EventBatch(decoding: records)
        #expect(batch.refusals.isEmpty)
        return batch.notices
    }

    @Test func `is previous closes and the session's bars so far`() async throws {
        let clock = ManualClock(TestMorning.open.advanced(by: .seconds(3630)))
        let simulator = try ProviderSimulator(ProviderSimulatorOptions(), clock: clock)
        let port = try simulator.start()
        var fetch = HistoryFetch(.massive, url: "http://127.0.0.1:\(port)/")
        fetch.key = ProviderKey("good")
        let answer = await fetch.fetch(["AAPL", "TSLA"], clock: clock)
        try await stop(simulator)
        #expect(answer.warnings.isEmpty)
        #expect(answer.records.allSatisfy { $0.kind == .reference && $0.source == .massive })
        let notices = notices(answer.records)
        let closes = notices.compactMap { notice -> (Symbol, CivilDate)? in
            if case .previousClose(let symbol, _, let date) = notice { (symbol, date) } else { nil }
        }
        #expect(closes.map(\.0) == ["AAPL", "AAPL", "TSLA", "TSLA"])
        let bars = notices.compactMap { notice -> ProviderBar? in
            if case .historicalBar(let bar, .minute) = notice { bar } else { nil }
        }
        let apple = bars.filter { $0.symbol == "AAPL" }
        // 04:00 to 10:30 in New York, the running minute left out.
        #expect(apple.count == 390)
        #expect(apple.first?.start == TestMorning.open.advanced(by: .seconds(-330 * 60)))
        #expect(bars.allSatisfy { $0.end <= clock.now })
    }

    @Test func `is the trading days of two years, up to yesterday`() async throws {
        let clock = ManualClock(TestMorning.open.advanced(by: .seconds(3630)))
        let simulator = try ProviderSimulator(ProviderSimulatorOptions(), clock: clock)
        let port = try simulator.start()
        var fetch = HistoryFetch(.massive, url: "http://127.0.0.1:\(port)")
        fetch.key = ProviderKey("good")
        let answer = await fetch.fetch(["AAPL"], clock: clock)
        try await stop(simulator)
        let notices = notices(answer.records)
        let days = notices.compactMap { notice -> ProviderBar? in
            if case .historicalBar(let bar, .day) = notice { bar } else { nil }
        }
        let dates = days.map { MarketModel.NewYorkTime.date(at: $0.start) }
        let today = MarketModel.NewYorkTime.date(at: clock.now)
        var expected: [CivilDate] = []
        for back in stride(from: Int64(760), to: 0, by: -1) {
            let date = today.adding(days: -back)
            if TradingCalendar.isTradingDay(date, market: .usEquities) { expected.append(date) }
        }
        #expect(dates == expected && dates.count > 500)
        let close = notices.compactMap { notice -> (Price, CivilDate)? in
            if case .previousClose(_, let price, let date) = notice { (price, date) } else { nil }
        }
        #expect(close.map(\.0) == days.suffix(2).map(\.close))
        #expect(close.map(\.1) == dates.suffix(2))
    }

    @Test func `is fetched of whole days that are over, for a store that lacks them`()
        async throws
    {
        let clock = ManualClock(TestMorning.open.advanced(by: .seconds(3630)))
        let simulator = try ProviderSimulator(ProviderSimulatorOptions(), clock: clock)
        let port = try simulator.start()
        var fetch = HistoryFetch(.massive, url: "http://127.0.0.1:\(port)")
        fetch.key = ProviderKey("good")
        let today = fetch.today(at: clock.now)
        let yesterday = today.adding(days: -1)
        let week = try await fetch.stretch(
            of: "AAPL", from: today.adding(days: -6), through: today, clock: clock)
        let one = try await fetch.stretch(
            of: "AAPL", from: yesterday, through: yesterday, clock: clock)
        fetch.key = ProviderKey("")
        await #expect(throws: HistoryFetch.Refused.self) {
            try await fetch.stretch(of: "AAPL", from: today, through: today, clock: clock)
        }
        try await stop(simulator)
        // The simulator knows the minutes of the last 24 hours.
        #expect(week.minutes == 1440)
        let trading = (1...6).count {
            TradingCalendar.isTradingDay(today.adding(days: -$0), market: .usEquities)
        }
        #expect(week.days == trading && week.records.count == week.days + week.minutes)
        let bars = notices(one.records).compactMap { notice -> ProviderBar? in
            if case .historicalBar(let bar, .minute) = notice { bar } else { nil }
        }
        #expect(bars.count == one.minutes && one.minutes > 0)
        let end = fetch.midnight(of: today)
        #expect(bars.allSatisfy { $0.start >= fetch.midnight(of: yesterday) && $0.end <= end })
    }

    @Test func `that cannot be had is a warning without the key`() async throws {
        let clock = ManualClock(TestMorning.open)
        let simulator = try ProviderSimulator(ProviderSimulatorOptions(), clock: clock)
        let port = try simulator.start()
        var fetch = HistoryFetch(.massive, url: "http://127.0.0.1:\(port)")
        let withoutKey = await fetch.fetch(["AAPL"], clock: clock)
        #expect(withoutKey.records.isEmpty && withoutKey.warnings.count == 1)
        fetch.key = ProviderKey("bad")
        let refused = await fetch.fetch(["AAPL"], clock: clock)
        #expect(refused.records.isEmpty)
        #expect(
            refused.warnings == ["no history of AAPL: the provider answered 401: Unknown API Key"])
        fetch.key = ProviderKey("good")
        let partly = await fetch.fetch(["NOPE", "AAPL"], clock: clock)
        #expect(partly.warnings.count == 1 && partly.warnings[0].contains("NOPE"))
        #expect(partly.records.count > 300)
        try await stop(simulator)
        fetch.retriesMax = 1
        fetch.retryAfter = .milliseconds(5)
        let unreachable = await fetch.fetch(["AAPL"], clock: clock)
        #expect(unreachable.warnings[0].contains("cannot reach 127.0.0.1"))
        #expect(unreachable.warnings[0].contains("good") == false)
    }

    @Test func `begins at four in the morning in New York, summer and winter`() throws {
        func start(_ text: String) throws -> String {
            let now = try #require(Timestamp(rfc3339: text))
            return String(describing: HistoryFetch.sessionStart(of: now, at: 4))
        }
        #expect(try start("2026-01-02T15:00:00Z") == "2026-01-02T09:00:00.000Z")
        #expect(try start("2026-07-02T15:00:00Z") == "2026-07-02T08:00:00.000Z")
        #expect(try start("2026-07-02T07:59:00Z") == "2026-07-01T08:00:00.000Z")
        #expect(try start("2026-03-08T12:00:00Z") == "2026-03-08T08:00:00.000Z")
        #expect(try start("2026-11-01T12:00:00Z") == "2026-11-01T09:00:00.000Z")
    }

    private func stop(_ simulator: ProviderSimulator) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        _ = try simulator.finish()
                        try simulator.shutDown()
                    })
            }
        }
    }
}
