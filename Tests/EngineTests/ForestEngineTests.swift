import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

/// A log of trades in a market that does nothing, and then something.
private struct ForestScript {
    var log = LogScript()
    private var random: SeededRandom
    private var cents: Int64 = 20_000
    private(set) var sequence: Int64 = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// `perSecond` trades in each of these seconds.
    mutating func trade(
        _ symbol: Symbol = "AAPL", seconds: Range<Int>, perSecond: Int, size: Int64 = 100,
        drift: Int64 = 0
    ) {
        for second in seconds {
            log.clock(second: Double(second))
            for number in 0..<perSecond {
                cents += Int64(random.next() % 5) - 2 + drift
                sequence += 1
                log.trade(
                    symbol, at: Price(units: cents * 10_000_000),
                    size: Size(units: (size + Int64(random.next() % 50)) * Size.scale),
                    second: Double(second) + (Double(number) + 0.5) / Double(perSecond),
                    sequence: sequence)
            }
        }
    }
}

extension AnalyticsSettings {
    fileprivate static func forests(_ change: (inout ForestSettings) -> Void) -> AnalyticsSettings {
        var settings = AnalyticsSettings()
        change(&settings.forest)
        return settings
    }
}

@Suite("Forests in the engine")
struct ForestEngineTests {
    /// A calm quarter of an hour, then a minute of large trades on a falling price.
    private static let burstFrom = 420
    private static func script() -> LogScript {
        var script = ForestScript(seed: 1)
        script.trade(seconds: 0..<burstFrom, perSecond: 5)
        script.trade(
            seconds: burstFrom..<burstFrom + 20, perSecond: 30, size: 900, drift: -1)
        return script.log
    }

    @Test func `a forest warms up, is trained, and shows how it stands`() throws {
        var state = EngineState()
        var effects = EffectBatch()
        let log = ForestEngineTests.script()
        var first: (vectors: Int64, version: Int64?)?
        for batch in log.batches(of: 1) {
            try state.apply(batch, into: &effects)
            let model = state.snapshot(takenAt: TestMorning.open).tickers.first?.model
            guard let model, !model.isWarmingUp else { continue }
            first = (model.vectorCount, model.version)
            #expect(model.treeCount == 100 && model.trainedAt != nil && model.lastScore == nil)
            break
        }
        #expect(first?.vectors == 1000 && first?.version == 1)
        let run = try Run(log)
        let ticker = run.snapshot.tickers[0]
        let model = try #require(ticker.model)
        #expect(model.vectorCount > 2000)
        #expect(model.scoredCount == model.vectorCount - 1000)
        #expect(try #require(model.lastScore) < -0.3)
        #expect(model.flaggedCount > 0 && model.hitCount > 0)
        #expect(ticker.features?.modelVersion == model.version)
    }

    @Test func `what is out of the ordinary becomes one episode that says what moved it`() throws {
        let run = try Run(ForestEngineTests.script())
        let found = run.snapshot.episodes.filter { $0.kind == .isolationForest }
        let burst = TestMorning.open.advanced(
            by: .seconds(ForestEngineTests.burstFrom))
        let episode = try #require(found.first { $0.lastAt >= burst })
        #expect(episode.firstAt.duration(since: burst) < .seconds(10))
        #expect(episode.severity >= .medium && episode.hits > 1)
        #expect(episode.worstScore < -0.64 && episode.worstScore > -1)
        #expect(episode.severity == (episode.worstScore < -0.7 ? .high : .medium))
        #expect(episode.explanation.hasPrefix("score -0."))
        #expect(episode.explanation.contains("deviations"))
        #expect(
            ["trade size", "volume z-score", "distance from VWAP", "momentum", "trades a minute"]
                .contains { episode.explanation.contains($0) }, "\(episode.explanation)")
        #expect(episode.features?.modelVersion != nil)
    }

    @Test func `the same log gives the same forests whatever the batches and restarts`() throws {
        let log = ForestEngineTests.script()
        let whole = try Run(log)
        #expect(whole.effects.episodes.contains { $0.kind == .isolationForest })
        for (size, restartEvery) in [(1, nil), (7, 60), (500, 1)] as [(Int, Int?)] {
            let cut = try Run(log, batchSize: size, restartEvery: restartEvery)
            #expect(cut.hash == whole.hash, "batches of \(size)")
            #expect(cut.effects.episodes == whole.effects.episodes, "batches of \(size)")
            #expect(cut.snapshot.tickers[0].model == whole.snapshot.tickers[0].model)
        }
    }

    @Test func `trades of an anomaly are judged but not learned from, for a while`() throws {
        var script = ForestScript(seed: 5)
        script.trade(seconds: 0..<420, perSecond: 5)
        let calm = try Run(script.log).snapshot.tickers[0].model
        script.trade(seconds: 420..<440, perSecond: 30, size: 900, drift: -1)
        let storm = try Run(script.log).snapshot.tickers[0].model
        // Of 600 trades enough for a training are left only when nothing is set aside.
        #expect(storm?.hitCount ?? 0 > 50)
        #expect(storm?.scoredCount == (calm?.scoredCount ?? 0) + 600)
        let learning = try Run(script.log, settings: .forests { $0.setAsideSeconds = 0 })
        #expect(storm?.version == calm?.version)
        #expect(learning.snapshot.tickers[0].model?.version ?? 0 > calm?.version ?? 0)
    }

    @Test func `a forest that has seen too little of its market learns from all of it`() throws {
        var script = ForestScript(seed: 6)
        script.trade(seconds: 0..<95, perSecond: 40)
        script.trade(seconds: 95..<130, perSecond: 40, size: 900, drift: -1)
        let run = try Run(script.log, batchSize: 50, restartEvery: 9)
        let model = try #require(run.snapshot.tickers[0].model)
        #expect(model.hitCount > 0)
        // 500 trades are 12.5 s.
        #expect(model.version ?? 0 >= 3)
        #expect(try Run(script.log).hash == run.hash)
    }

    @Test func `forests that are off cost nothing and say nothing`() throws {
        let run = try Run(
            ForestEngineTests.script(), settings: .forests { $0.isOn = false })
        #expect(run.snapshot.tickers[0].model == nil)
        #expect(run.snapshot.tickers[0].features?.modelVersion == nil)
        #expect(!run.snapshot.episodes.contains { $0.kind == .isolationForest })
    }

    @Test func `the least active ticker goes without when there are too many`() throws {
        var script = ForestScript(seed: 3)
        // Seconds of one ticker between those of another would be out of order: a slice for each.
        for slice in 0..<40 {
            let seconds = slice * 10..<slice * 10 + 10
            for (symbol, rate) in [("AAPL", 8), ("QUIET", 1), ("TSLA", 6)] as [(Symbol, Int)] {
                script.trade(symbol, seconds: seconds, perSecond: rate)
            }
        }
        let run = try Run(script.log, settings: .forests { $0.tickersMax = 2 })
        let models = run.snapshot.tickers.map { ($0.symbol, $0.model?.vectorCount ?? 0) }
        #expect(models.map(\.0) == ["AAPL", "QUIET", "TSLA"] as [Symbol])
        #expect(models[0].1 > 2000 && models[1].1 == 0 && models[2].1 > 1000, "\(models)")
        let restarted = try Run(
            script.log, batchSize: 97, settings: .forests { $0.tickersMax = 2 }, restartEvery: 11)
        #expect(restarted.hash == run.hash)
        #expect(restarted.snapshot.tickers.map(\.model) == run.snapshot.tickers.map(\.model))
    }

    @Test func `trades that may not set the price are not judged`() throws {
        var log = LogScript()
        for second in 0..<400 {
            log.clock(second: Double(second))
            for number in 0..<6 {
                log.trade(
                    at: Price(units: 10_000_000_000 + Int64(number) * 10_000_000),
                    second: Double(second) + Double(number) / 6 + 0.01,
                    sequence: SequenceNumber(second * 6 + number + 1),
                    conditions: number % 2 == 0 ? [37] : [])
            }
        }
        let run = try Run(log)
        let model = try #require(run.snapshot.tickers[0].model)
        // Three a second, from the second on that completes the vector (momentum takes 60 s).
        #expect(model.vectorCount == 3 * 340, "\(model.vectorCount)")
    }
}
