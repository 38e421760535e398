import AllocationCount
import Analytics
import MarketModel

/// The isolation forest alone: vectors judged and learned from one after another, as the engine
/// does with every trade, but nothing else.
enum ForestBenchmark {
    struct Findings: Encodable {
        /// The whole score of a vector.
        var nanoseconds_per_score: Double
        /// Whether a vector is flagged: what every trade is asked.
        var nanoseconds_per_judgement: Double
        /// The same two where each vector is of another of `manyCount` tickers, drawn at random:
        /// their trees are in no cache.
        var nanoseconds_per_score_of_many: Double
        var nanoseconds_per_judgement_of_many: Double
        /// One training: sampling, 100 trees of 256 rows, and the scores of all 1000.
        var nanoseconds_per_training: Double
        /// Of judging and learning, trainings included, in steady state.
        var allocations_per_event: Double
        /// Of all scores, so that none can be left out: read by nobody.
        var scoreSum: Double
    }

    private static let vectorCount = 1 << 14
    private static let rounds = 5
    /// As many as the engine keeps at most.
    private static let manyCount = 500

    static func measure() -> Findings {
        let vectors = vectors()
        var settings = ForestSettings()
        settings.secondsBetween = 0
        let bench = ForestWorkbench()
        var forest = TickerForest(symbol: "AAPL")
        var second: Int64 = 0
        // Warm: trained, and its sample at full size.
        settings.trainEvery = 1000
        for vector in vectors {
            second += 1
            forest.learn(
                vector, at: Timestamp(nanoseconds: second * 1_000_000), settings: settings,
                on: bench)
        }
        var findings = Findings(
            nanoseconds_per_score: .infinity, nanoseconds_per_judgement: .infinity,
            nanoseconds_per_score_of_many: .infinity, nanoseconds_per_judgement_of_many: .infinity,
            nanoseconds_per_training: .infinity, allocations_per_event: 0, scoreSum: 0)
        for _ in 0..<rounds {
            score(vectors, forest, &findings)
            judge(vectors, &forest, &findings)
            train(vectors, &forest, &second, bench, &findings)
        }
        judgeMany(vectors, bench, &findings)
        return findings
    }

    private static func score(
        _ vectors: [ForestFeatures], _ forest: borrowing TickerForest, _ findings: inout Findings
    ) {
        let began = SystemClock.monotonicNanoseconds
        for vector in vectors { findings.scoreSum += forest.score(vector) }
        findings.nanoseconds_per_score = min(
            findings.nanoseconds_per_score, spent(since: began, over: vectors.count))
    }

    private static func judge(
        _ vectors: [ForestFeatures], _ forest: inout TickerForest, _ findings: inout Findings
    ) {
        let began = SystemClock.monotonicNanoseconds
        for vector in vectors {
            if forest.judge(vector, at: .distantPast).isFlagged { findings.scoreSum += 1 }
        }
        findings.nanoseconds_per_judgement = min(
            findings.nanoseconds_per_judgement, spent(since: began, over: vectors.count))
    }

    private static func train(
        _ vectors: [ForestFeatures], _ forest: inout TickerForest, _ second: inout Int64,
        _ bench: borrowing ForestWorkbench, _ findings: inout Findings
    ) {
        var settings = ForestSettings()
        settings.secondsBetween = 0
        settings.trainEvery = 1
        let allocationsBefore = allocation_count()
        let count = 100
        let began = SystemClock.monotonicNanoseconds
        for vector in vectors.prefix(count) {
            second += 1
            forest.learn(
                vector, at: Timestamp(nanoseconds: second * 1_000_000), settings: settings,
                on: bench)
        }
        findings.nanoseconds_per_training = min(
            findings.nanoseconds_per_training, spent(since: began, over: count))
        findings.allocations_per_event = max(
            findings.allocations_per_event,
            Double(allocation_count() - allocationsBefore) / Double(count))
    }

    /// A forest for each of many tickers, grown from rows of its own.
    private static func judgeMany(
        _ vectors: [ForestFeatures], _ bench: borrowing ForestWorkbench, _ findings: inout Findings
    ) {
        let memory = MarketMemory()
        let forests = UnsafeMutablePointer<TickerForest>.allocate(capacity: manyCount)
        defer {
            forests.deinitialize(count: manyCount)
            forests.deallocate()
        }
        for number in 0..<manyCount {
            (forests + number).initialize(
                to: TickerForest(symbol: Symbol("T\(number)") ?? "T", memory: memory))
            for row in 0..<ForestSettings.rowsCount {
                forests[number].learn(
                    vectors[(number * 31 + row) % vectors.count],
                    at: Timestamp(nanoseconds: Int64(row) * 1_000_000),
                    settings: ForestSettings(), on: bench)
            }
        }
        var random: UInt64 = 2
        let order = vectors.map { _ in
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % manyCount
        }
        for _ in 0..<rounds {
            let began = SystemClock.monotonicNanoseconds
            for (vector, number) in zip(vectors, order) {
                findings.scoreSum += forests[number].score(vector)
            }
            let between = SystemClock.monotonicNanoseconds
            for (vector, number) in zip(vectors, order)
            where forests[number].judge(vector, at: .distantPast).isFlagged {
                findings.scoreSum += 1
            }
            findings.nanoseconds_per_judgement_of_many = min(
                findings.nanoseconds_per_judgement_of_many,
                spent(since: between, over: vectors.count))
            findings.nanoseconds_per_score_of_many = min(
                findings.nanoseconds_per_score_of_many,
                Double(between - began) / Double(vectors.count))
        }
    }

    private static func spent(since began: Int64, over count: Int) -> Double {
        Double(SystemClock.monotonicNanoseconds - began) / Double(count)
    }

    /// Six independent figures, each close to normal, from a fixed seed.
    private static func vectors() -> [ForestFeatures] {
        var state: UInt64 = 1
        func unit() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(Int64(state >> 11)) * 0x1p-53
        }
        func normal() -> Double { unit() + unit() + unit() + unit() + unit() + unit() - 3 }
        return (0..<vectorCount).map { _ in
            ForestFeatures(
                price: 200 + normal(), size: 300 + 100 * normal(), volumeZScore: normal(),
                priceMomentum: normal(), vwapDeviation: normal(),
                tradeFrequency: 1400 + 100 * normal())
        }
    }
}
