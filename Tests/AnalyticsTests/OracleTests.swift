import Analytics
import Foundation
import MarketModel
import TestSupport
import Testing

/// Windows and bars against `Reference/windows_oracle.py`, which recomputes everything from the raw
/// trades.
@Suite struct `Figures and bars against a recomputation` {
    struct Course: CustomTestStringConvertible, Sendable {
        var name: String
        var market: Market
        var start: String
        var count: Int
        var price: Price = "231.44"
        var latenessSeconds = 2.0
        /// Seconds of silence before the trade of that number.
        var jumps: [Int: Int64] = [:]

        var testDescription: String { name }
    }

    static let courses = [
        Course(
            name: "from pre-market into the regular session", market: .usEquities,
            start: "2026-01-02T14:10:00Z", count: 5000),
        Course(
            name: "from Friday evening over a weekend", market: .usEquities,
            start: "2026-03-07T00:50:00Z", count: 4000, latenessSeconds: 0.75,
            jumps: [1500: 55 * 3600, 2500: 40]),
        Course(
            name: "over midnight in UTC", market: .continuous, start: "2026-01-02T23:40:00Z",
            count: 6000, price: "0.00001234", latenessSeconds: 5),
        Course(
            name: "without any lateness", market: .continuous, start: "2026-06-30T23:59:00Z",
            count: 3000, price: "99123.45", latenessSeconds: 0, jumps: [2000: 86_400]),
    ]

    @Test(arguments: courses)
    func `every figure and every bar agrees`(course: Course) throws {
        let start = try #require(Timestamp(rfc3339: course.start))
        var settings = AnalyticsSettings()
        settings.latenessSeconds = course.latenessSeconds
        let stream = TradeStream(
            seed: UInt64(course.count), from: start, count: course.count, market: course.market,
            lateness: settings.latenessNanoseconds, price: course.price, jumps: course.jumps)
        let (input, answers) = try transcript(of: stream, settings: settings)
        let output = try ReferenceProgram.run(
            "Tests/AnalyticsTests/Reference/windows_oracle.py", input: Data(input.utf8))
        let wanted = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(wanted.count == answers.count)
        var failures = 0
        for (number, (answer, wanted)) in zip(answers, wanted).enumerated()
        where !agrees(answer, wanted) && failures < 5 {
            failures += 1
            Issue.record("answer \(number)\n  ours    \(answer)\n  wanted  \(wanted)")
        }
    }

    /// What the oracle is to read, and what ours says to each of its questions.
    private func transcript(of stream: TradeStream, settings: AnalyticsSettings) throws -> (
        input: String, answers: [String]
    ) {
        let bench = TickerBench(market: stream.market, settings: settings)
        let market = stream.market == .usEquities ? "us" : "continuous"
        var lines = ["market \(market)", "lateness \(settings.latenessNanoseconds)"]
        var answers: [String] = []
        for (number, step) in stream.steps.enumerated() {
            lines.append(line(step))
            let secondBefore = bench.time.secondsFloor
            bench.take(step)
            if number % 23 == 0 {
                lines.append("F")
                answers.append(figuresLine(bench))
                // What a restart would continue with must answer the same, all the way.
                if number % 46 == 0 { try bench.restart(settings: settings) }
            }
            if case .time = step, bench.time.secondsFloor > secondBefore {
                lines.append("M")
                answers.append(minutesLine(bench))
            }
        }
        lines.append("B")
        bench.flush()
        for (_, bar) in bench.barsByKey.sorted(by: { $0.key < $1.key }) {
            answers.append(line(bar))
        }
        return (lines.joined(separator: "\n") + "\n", answers)
    }

    private func line(_ step: TradeStream.Step) -> String {
        switch step {
        case .time(let moment): return "C \(moment.nanoseconds)"
        case .trade(let trade):
            let ids = trade.conditions.ids.map(String.init).joined(separator: ",")
            return "T \(trade.executedAt.nanoseconds) \(trade.sequence) \(trade.price.units) "
                + "\(trade.size.units) \(ids.isEmpty ? "-" : ids)"
        }
    }

    private func figuresLine(_ bench: TickerBench) -> String {
        let figures = bench.windows.figures(quote: nil)
        let windows = [
            text(figures.price?.units), text(figures.vwapOneMinute?.units),
            text(figures.vwapFiveMinutes?.units), text(figures.vwapSession?.units),
            text(figures.rollingAverageFiveMinutes?.units), text(figures.volumeZScore),
            text(figures.priceMomentum), text(figures.tradeFrequency),
            text(figures.vwapDeviation), text(figures.vwapDeviationPercent),
            text(figures.velocityFiveSeconds), text(figures.change?.units),
            text(figures.changePercent), figures.changeBasis?.rawValue ?? "none",
        ]
        let session = [
            text(figures.sessionVolume.units), text(bench.windows.sessionHigh?.units),
            text(bench.windows.sessionLow?.units), text(bench.windows.sessionTradeCount),
            text(bench.windows.volumeOneMinute.units),
        ]
        return (["F"] + windows + session).joined(separator: " ")
    }

    private func minutesLine(_ bench: TickerBench) -> String {
        let closes = bench.bars.minuteCloses(20, at: bench.time)
        let volumes = bench.bars.minuteVolumes(20, at: bench.time)
        return "M \(closes.meanUnits) \(closes.count) \(volumes.meanUnits) \(volumes.count)"
    }

    private func line(_ bar: Bar) -> String {
        let prices = [bar.open, bar.high, bar.low, bar.close].map { text($0?.units) }
        return "B \(bar.interval.rawValue) \(bar.start.secondsFloor) "
            + prices.joined(separator: " ")
            + " \(bar.volume.units) \(bar.notional.units) \(bar.tradeCount) \(bar.revision) "
            + (bar.isFinal ? "1" : "0")
    }

    private func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }

    /// Whole numbers and words are equal; numbers with a point agree to 1e-12, relative, or nearly
    /// vanish.
    private func agrees(_ ours: String, _ wanted: Substring) -> Bool {
        let (left, right) = (ours.split(separator: " "), wanted.split(separator: " "))
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { ours, wanted in
            if ours == wanted { return true }
            guard wanted.contains(where: { $0 == "." || $0 == "e" }), let ours = Double(ours),
                let wanted = Double(wanted)
            else { return false }
            return abs(ours - wanted) <= max(1e-12 * abs(wanted), 1e-13)
        }
    }
}
