import Analytics
import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

/// How often the forests cry wolf, and how often the wolf is seen: on the demo market, which says
/// when something happens. `make prove` prints the same figures for scikit-learn.
@Suite("Alarms of the isolation forest", .serialized)
struct ForestAlarmTests {
    private static let warmUpSeconds = Proof.pick(sample: 420, full: 900)
    /// The sample has fewer trades, so that it takes seconds.
    private static let eventsPerSecondFew = 80.0

    /// One ticker's hour.
    private struct Tally {
        var judged = 0
        var flagged = 0
        var episodes = 0
        var flaggedPercent: Double { 100 * Double(flagged) / Double(max(1, judged)) }
    }

    private func market(burstEvery: Duration?, seed: UInt64) throws -> DemoMarketRun {
        var options = DemoMarketOptions()
        if !Proof.isFull { options.eventsPerSecond = ForestAlarmTests.eventsPerSecondFew }
        options.seed = seed
        options.burstEvery = burstEvery
        let run = DemoMarketRun(options, start: TestMorning.open)
        try run.run(seconds: ForestAlarmTests.warmUpSeconds)
        return run
    }

    @Test func `a market without bursts is seldom called strange`() throws {
        let run = try market(burstEvery: nil, seed: Proof.seed)
        let warmUp = run.takeJudgements()
        let stretch = Proof.pick(sample: 480, full: 3600)
        var tallies: [Tally] = []
        var kept: [DemoMarketRun.Judgement] = Proof.isFull ? warmUp : []
        for hour in 0..<Proof.pick(sample: 1, full: 2) {
            let from = run.now
            try run.run(seconds: stretch)
            let judgements = run.takeJudgements()
            if Proof.isFull, hour == 0 { kept += judgements }
            for symbol in run.options.symbols {
                var tally = Tally()
                for judgement in judgements where judgement.symbol == symbol {
                    tally.judged += judgement.verdict.isScored ? 1 : 0
                    tally.flagged += judgement.verdict.isFlagged ? 1 : 0
                }
                tally.episodes = run.episodes.count {
                    $0.kind == .isolationForest && $0.symbol == symbol && $0.firstAt >= from
                }
                tallies.append(tally)
            }
        }
        let shares = tallies.map(\.flaggedPercent)
        let hours = Double(tallies.count * stretch) / 3600
        let rate = Double(tallies.reduce(0) { $0 + $1.episodes }) / hours
        print(
            "forests without bursts: flagged \(shares.min() ?? 0) to \(shares.max() ?? 0) % a",
            "ticker and hour; \(rate) episodes, at most \(tallies.map(\.episodes).max() ?? 0)")
        let bounds = Proof.pick(sample: 0...8, full: 0.3...3)
        for (number, symbol) in run.options.symbols.enumerated() {
            let hours = stride(from: number, to: shares.count, by: run.options.symbols.count)
            let mean = hours.reduce(0) { $0 + shares[$1] } / Double(Array(hours).count)
            #expect(bounds.contains(mean), "\(symbol), seed \(Proof.seed)")
        }
        #expect(rate <= Proof.pick(sample: 9, full: 3), "seed \(Proof.seed)")
        #expect(tallies.allSatisfy { $0.judged > 500 })
        if Proof.isFull { try printReference(kept, bursts: [], symbol: run.options.symbols[0]) }
    }

    @Test func `most bursts are found, and soon`() throws {
        let run = try market(
            burstEvery: .seconds(Proof.pick(sample: 120, full: 200)), seed: Proof.seed &+ 1)
        _ = run.takeJudgements()
        let from = run.now
        let wanted = Proof.pick(sample: 4, full: 200)
        var hits: [Symbol: [Timestamp]] = [:]
        var kept: [DemoMarketRun.Judgement] = []
        while visible(run.bursts, from: from, until: run.now).count < wanted {
            try run.run(seconds: 120)
            let judgements = run.takeJudgements()
            for judgement in judgements where judgement.verdict.isHit {
                hits[judgement.symbol, default: []].append(judgement.at)
            }
            if Proof.isFull, run.now.duration(since: from) < .seconds(4 * 3600) {
                kept += judgements
            }
        }
        let bursts = visible(run.bursts, from: from, until: run.now)
        var delays: [Double] = []
        for burst in bursts {
            let hit = (hits[burst.symbol] ?? []).first { burst.start <= $0 && $0 <= burst.end }
            guard let hit else { continue }
            delays.append(Double(hit.nanosecondsSince(burst.start)) / 1e9)
        }
        delays.sort()
        try #require(!delays.isEmpty, "no burst found, seed \(Proof.seed)")
        let share = Double(delays.count) / Double(bursts.count)
        print(
            "forests found \(delays.count) of \(bursts.count) bursts; delay median",
            "\(delays[delays.count / 2]) s, nine of ten within \(delays[delays.count * 9 / 10]) s")
        #expect(share >= Proof.pick(sample: 0.5, full: 0.8), "seed \(Proof.seed)")
        #expect(delays[delays.count / 2] < 10)
        if Proof.isFull {
            let symbol = run.options.symbols[1]
            try printReference(kept, bursts: bursts.filter { $0.symbol == symbol }, symbol: symbol)
        }
    }

    /// Bursts that are over and that a trade can show: a crossed market is in the quotes alone.
    private func visible(_ bursts: [DemoBurst], from: Timestamp, until: Timestamp) -> [DemoBurst] {
        bursts.filter { $0.kind != .crossed && $0.start >= from && $0.end < until }
    }

    /// Prints what scikit-learn makes of one ticker under the same rules.
    private func printReference(
        _ judgements: [DemoMarketRun.Judgement], bursts: [DemoBurst], symbol: Symbol
    ) throws {
        var lines = bursts.map { "burst,\($0.start.nanoseconds),\($0.end.nanoseconds)" }
        for judgement in judgements where judgement.symbol == symbol {
            let numbers = (0..<ForestFeatures.count).map { "\(judgement.features.values[$0])" }
            lines.append("trade,\(judgement.at.nanoseconds)," + numbers.joined(separator: ","))
        }
        let settings = ForestSettings()
        let output = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/forest_alarms.py",
            ["\(settings.scoreMax)", "\(settings.hitScoreMax)", "\(settings.aloneScoreMax)"],
            input: Data(lines.joined(separator: "\n").utf8))
        print("\(symbol): " + String(decoding: output, as: UTF8.self))
    }
}
