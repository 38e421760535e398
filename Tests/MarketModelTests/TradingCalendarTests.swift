import Foundation
import MarketModel
import TestSupport
import Testing

@Suite struct `Trading calendar` {
    private func moment(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text), "\(text)")
    }

    private func day(_ text: String) throws -> TradingDay {
        TradingCalendar.day(containing: try moment(text), market: .usEquities)
    }

    @Test func `every day from 2004 to 2027 agrees with exchange_calendars`() throws {
        let output = try ReferenceProgram.run("Tests/MarketModelTests/Reference/xnys_days.py")
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 8766)
        for line in lines {
            let fields = line.split(separator: " ")
            let noon = try moment("\(fields[0])T17:00:00Z")
            let date = CivilDate(daysSince1970: noon.secondsFloor / 86_400)
            let today = TradingCalendar.day(containing: noon, market: .usEquities)
            guard fields.count == 3 else {
                #expect(fields[1] == "-")
                #expect(!TradingCalendar.isTradingDay(date, market: .usEquities), "\(date)")
                #expect(today.date < date, "\(date)")
                continue
            }
            #expect(TradingCalendar.isTradingDay(date, market: .usEquities), "\(date)")
            #expect(today.date == date)
            #expect(today.opensAt.secondsFloor == Int64(fields[1]), "open of \(date)")
            #expect(today.closesAt.secondsFloor == Int64(fields[2]), "close of \(date)")
        }
    }

    @Test func `an ordinary winter day runs from 04 to 20 in New York`() throws {
        let today = try day("2026-01-02T15:00:00Z")
        #expect(today.date.description == "2026-01-02")
        #expect(today.startsAt.description == "2026-01-02T09:00:00.000Z")
        #expect(today.opensAt == TestMorning.open)
        #expect(today.closesAt.description == "2026-01-02T21:00:00.000Z")
        #expect(today.endsAt.description == "2026-01-03T01:00:00.000Z")
        #expect(today.nextStartsAt.description == "2026-01-05T09:00:00.000Z")
    }

    @Test func `daylight saving moves the open by an hour of UTC`() throws {
        #expect(try day("2026-03-06T16:00:00Z").opensAt.description == "2026-03-06T14:30:00.000Z")
        #expect(try day("2026-03-09T16:00:00Z").opensAt.description == "2026-03-09T13:30:00.000Z")
        #expect(
            try day("2026-03-06T16:00:00Z").nextStartsAt.description == "2026-03-09T08:00:00.000Z")
        #expect(try day("2006-04-03T16:00:00Z").opensAt.description == "2006-04-03T13:30:00.000Z")
    }

    @Test(
        arguments: [
            ("2026-03-08T06:59:59Z", -18_000), ("2026-03-08T07:00:00Z", -14_400),
            ("2026-11-01T05:59:59Z", -14_400), ("2026-11-01T06:00:00Z", -18_000),
            ("2006-04-02T06:59:59Z", -18_000), ("2006-04-02T07:00:00Z", -14_400),
            ("2006-10-29T05:59:59Z", -14_400), ("2006-10-29T06:00:00Z", -18_000),
            ("2026-01-01T03:00:00Z", -18_000),
        ] as [(String, Int64)])
    func `New York changes its clocks at two in the morning`(text: String, offset: Int64) throws {
        #expect(NewYorkTime.offsetSeconds(at: try moment(text)) == offset)
    }

    @Test(arguments: [
        ("2026-01-02T08:59:59Z", SessionPhase.closed), ("2026-01-02T09:00:00Z", .preMarket),
        ("2026-01-02T14:29:59Z", .preMarket), ("2026-01-02T14:30:00Z", .regular),
        ("2026-01-02T20:59:59Z", .regular), ("2026-01-02T21:00:00Z", .afterHours),
        ("2026-01-03T00:59:59Z", .afterHours), ("2026-01-03T01:00:00Z", .closed),
        ("2026-01-03T15:00:00Z", .closed),  // Saturday
        ("2026-11-27T17:59:59Z", .regular), ("2026-11-27T18:00:00Z", .afterHours),
        ("2026-11-27T21:59:59Z", .afterHours), ("2026-11-27T22:00:00Z", .closed),
        ("2026-07-03T15:00:00Z", .closed),  // the Fourth is a Saturday
    ])
    func `the phase follows the clock in New York`(text: String, phase: SessionPhase) throws {
        #expect(TradingCalendar.phase(at: try moment(text), market: .usEquities) == phase)
    }

    @Test func `nights and weekends belong to the day before them`() throws {
        #expect(try day("2026-01-03T08:59:59Z").date.description == "2026-01-02")
        #expect(try day("2026-01-05T08:59:59Z").date.description == "2026-01-02")
        #expect(try day("2026-01-05T09:00:00Z").date.description == "2026-01-05")
    }

    @Test func `the countdown goes to the next regular open and close`() throws {
        let friday = try moment("2026-01-02T22:00:00Z")
        #expect(
            TradingCalendar.nextOpen(after: friday, market: .usEquities).description
                == "2026-01-05T14:30:00.000Z")
        #expect(
            TradingCalendar.nextClose(after: friday, market: .usEquities).description
                == "2026-01-05T21:00:00.000Z")
        #expect(
            TradingCalendar.nextOpen(
                after: try moment("2026-01-02T10:00:00Z"), market: .usEquities)
                == TestMorning.open)
    }

    @Test func `a continuous market's day is the day of UTC`() throws {
        let today = TradingCalendar.day(
            containing: try moment("2026-01-03T15:00:00Z"), market: .continuous)
        #expect(today.startsAt.description == "2026-01-03T00:00:00.000Z")
        #expect(today.opensAt == today.startsAt)
        #expect(today.nextStartsAt.description == "2026-01-04T00:00:00.000Z")
        #expect(today.phase(at: try moment("2026-01-03T23:59:59Z")) == .regular)
    }

    @Test func `the session counts from the extended open until the regular one`() throws {
        let today = try day("2026-01-02T15:00:00Z")
        let before = TestMorning.open.advanced(byNanoseconds: -1)
        #expect(today.sessionStart(at: before) == today.startsAt)
        #expect(today.sessionStart(at: TestMorning.open) == today.opensAt)
        #expect(today.sessionStart(at: today.endsAt) == today.opensAt)
    }

    @Test(arguments: [Timestamp.distantPast, Timestamp(nanoseconds: .max)])
    func `the ends of time have a day too`(moment: Timestamp) {
        let today = TradingCalendar.day(containing: moment, market: .usEquities)
        #expect(today.startsAt <= today.nextStartsAt)
    }
}
