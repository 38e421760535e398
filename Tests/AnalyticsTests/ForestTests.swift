import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Analytics

/// Rows as a ticker might have them, some of them odd.
private struct RowMaker {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }

    /// Close to a standard normal.
    mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + unit() } }

    /// A trade size with a long tail, a price that walks, figures that hang together.
    mutating func ordinary() -> ForestFeatures {
        let move = normal()
        return ForestFeatures(
            price: 231.4 + 0.3 * move, size: (100 * (0.7 * normal()).exponential).rounded(),
            volumeZScore: normal(), priceMomentum: 0.1 * move + 0.05 * normal(),
            vwapDeviation: 0.2 * move + 0.1 * normal(), tradeFrequency: 1400 + 150 * normal())
    }

    mutating func odd() -> ForestFeatures {
        var row = ordinary().values
        for _ in 0..<(1 + Int(3 * unit())) {
            let feature = Int(6 * unit())
            let far: [Float] = [0.9, 700, 3, 0.3, 0.7, 450]
            row[feature] += far[feature] * Float(0.7 + unit()) * (unit() < 0.5 ? -1 : 1)
        }
        return ForestFeatures(row)
    }
}

extension Double {
    fileprivate var exponential: Double { exp(self) }
}

extension FeatureRows {
    fileprivate init(_ rows: [ForestFeatures]) {
        self.init(capacity: rows.count)
        for (index, row) in rows.enumerated() { self[index] = row }
    }
}

/// Scores of the test rows by a forest grown from the training rows.
private func scores(
    _ train: [ForestFeatures], _ test: [ForestFeatures], trees: Int = 100, samples: Int = 256,
    seed: UInt64
) -> [Double] {
    var forest = IsolationForest(treeCount: trees)
    forest.grow(
        from: FeatureRows(train), count: train.count, samples: samples,
        random: ForestRandom(seed: seed), on: ForestWorkbench())
    var found: [Double] = []
    for row in test { found.append(forest.score(row)) }
    return found
}

@Suite("The isolation forest against scikit-learn")
struct ForestReferenceTests {
    private struct Task: Encodable {
        var train: [[Float]]
        var test: [[Float]]
        var trees = 100
        var samples = 256
        var seeds: [Int]
    }

    private static let seeds = 12

    private func reference(_ train: [ForestFeatures], _ test: [ForestFeatures]) throws
        -> [[Double]]
    {
        func numbers(_ rows: [ForestFeatures]) -> [[Float]] {
            rows.map { row in (0..<ForestFeatures.count).map { row.values[$0] } }
        }
        let task = Task(
            train: numbers(train), test: numbers(test),
            seeds: Array(1...ForestReferenceTests.seeds))
        let output = try ReferenceProgram.run(
            "Tests/AnalyticsTests/Reference/forest_oracle.py",
            input: try JSONEncoder().encode(task))
        return try output.split(separator: 10).map {
            try JSONDecoder().decode([Double].self, from: Data($0))
        }
    }

    /// The mean of several forests' scores of each row.
    private func mean(_ runs: [[Double]]) -> [Double] {
        runs[0].indices.map { row in
            runs.reduce(0) { $0 + $1[row] } / Double(runs.count)
        }
    }

    private func ranks(_ values: [Double]) -> [Double] {
        var ranks = [Double](repeating: 0, count: values.count)
        let order = values.indices.sorted { values[$0] < values[$1] }
        for (rank, index) in order.enumerated() { ranks[index] = Double(rank) }
        return ranks
    }

    private func correlation(_ left: [Double], _ right: [Double]) -> Double {
        let means = (
            left.reduce(0, +) / Double(left.count), right.reduce(0, +) / Double(right.count)
        )
        var sums = (0.0, 0.0, 0.0)
        for (one, other) in zip(left, right) {
            sums.0 += (one - means.0) * (other - means.1)
            sums.1 += (one - means.0) * (one - means.0)
            sums.2 += (other - means.1) * (other - means.1)
        }
        return sums.0 / (sums.1 * sums.2).squareRoot()
    }

    /// The chance that an odd row scores lower than an ordinary one.
    private func areaUnderCurve(_ scores: [Double], odd: Int) -> Double {
        var wins = 0.0
        for low in scores.prefix(odd) {
            for other in scores.dropFirst(odd) {
                wins += low < other ? 1 : low == other ? 0.5 : 0
            }
        }
        return wins / Double(odd * (scores.count - odd))
    }

    @Test(arguments: [11, 12] as [UInt64])
    func `ranks and separates rows as scikit-learn does`(seed: UInt64) throws {
        var maker = RowMaker(seed: seed)
        let train = (0..<1000).map { $0 % 50 == 0 ? maker.odd() : maker.ordinary() }
        let odd = 150
        let test = (0..<odd).map { _ in maker.odd() } + (0..<850).map { _ in maker.ordinary() }
        let theirs = try reference(train, test)
        let ours = (1...ForestReferenceTests.seeds).map {
            scores(train, test, seed: seed &* 1000 + UInt64($0))
        }
        let (mine, other) = (mean(ours), mean(theirs))
        let rank = correlation(ranks(mine), ranks(other))
        let areas = (areaUnderCurve(mine, odd: odd), areaUnderCurve(other, odd: odd))
        let bias = zip(mine, other).map { $0 - $1 }.reduce(0, +) / Double(mine.count)
        print("forest and scikit-learn: rank correlation \(rank), areas \(areas), bias \(bias)")
        #expect(rank > 0.97, "seed \(seed)")
        #expect(abs(areas.0 - areas.1) < 0.005, "seed \(seed)")
        #expect(abs(bias) < 0.006, "seed \(seed)")
        #expect(areas.0 > 0.8, "the odd rows must be odd")
        // One forest of ours is as near to one of theirs as two of theirs are to each other.
        var near = (ours: 0.0, theirs: 0.0)
        for (index, one) in theirs.enumerated() {
            let next = theirs[(index + 1) % theirs.count]
            near.ours += correlation(ranks(ours[index]), ranks(one)) / Double(theirs.count)
            near.theirs += correlation(ranks(next), ranks(one)) / Double(theirs.count)
        }
        print("forest for forest: \(near.ours), two of scikit-learn's: \(near.theirs)")
        #expect(near.ours > near.theirs - 0.01, "seed \(seed)")
    }

    @Test func `a feature without deviation is not looked at`() throws {
        var maker = RowMaker(seed: 21)
        func still(_ row: ForestFeatures, at price: Float = 10) -> ForestFeatures {
            var values = row.values
            values[0] = price
            values[4] = 0
            return ForestFeatures(values)
        }
        let train = (0..<1000).map { _ in still(maker.ordinary()) }
        let test = (0..<300).map { _ in still(maker.odd()) }
        let mine = mean((1...5).map { scores(train, test, seed: UInt64($0)) })
        #expect(correlation(ranks(mine), ranks(mean(try reference(train, test)))) > 0.97)
        let moved = test.map { still($0, at: 11) }
        #expect(scores(train, moved, seed: 5) == scores(train, test, seed: 5))
    }
}

@Suite struct `The isolation forest` {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `scores lie between -1 and 0, and strange rows below ordinary ones`(seed: UInt64) {
        var maker = RowMaker(seed: seed)
        let train = (0..<1000).map { _ in maker.ordinary() }
        let far = ForestFeatures(SIMD8(1e9, 1e9, 10, 500, -1e9, 1e6, 0, 0))
        let test = train + (0..<100).map { _ in maker.odd() } + [far]
        let found = scores(train, test, seed: seed)
        #expect(found.allSatisfy { $0 > -1 && $0 < 0 }, "seed \(seed)")
        #expect(found[found.count - 1] == found.min(), "seed \(seed)")
    }

    @Test func `rows that are all alike make every row ordinary`() {
        let row = ForestFeatures(SIMD8(10, 100, 0, 0.5, 0, 60, 0, 0))
        let other = ForestFeatures(SIMD8(99, 1, 9, 5, 7, 6, 0, 0))
        let found = scores(Array(repeating: row, count: 1000), [row, other], seed: 1)
        #expect(found[0] == found[1])
        #expect(abs(found[0] - -0.5) < 1e-4)
    }

    @Test func `minus zero is zero`() {
        let rows = (0..<1000).map {
            ForestFeatures(SIMD8(Float($0 % 7), $0 % 2 == 0 ? 0 : -0.0, 0, 0, 0, 0, 0, 0))
        }
        let found = scores(
            rows, [rows[6], ForestFeatures(SIMD8(6, -0.0, 0, 0, 0, 0, 0, 0))], seed: 2)
        #expect(found[0] == found[1])
    }

    @Test func `fewer trees, rows and samples than usual will do`() {
        var maker = RowMaker(seed: 4)
        for (trees, count, samples) in [(1, 1, 256), (7, 2, 256), (13, 40, 8), (10, 1000, 2)] {
            let train = (0..<count).map { _ in maker.ordinary() }
            let found = scores(train, train, trees: trees, samples: samples, seed: 3)
            #expect(found.allSatisfy { $0 >= -1 && $0 < 0 }, "\(trees) \(count) \(samples)")
        }
    }

    @Test func `an early answer is the full one wherever it matters`() {
        var maker = RowMaker(seed: 5)
        var forest = IsolationForest(treeCount: 100)
        let bench = ForestWorkbench()
        let train = (0..<1000).map { _ in maker.ordinary() }
        forest.grow(
            from: FeatureRows(train), count: 1000, samples: 256, random: ForestRandom(seed: 6),
            on: bench)
        let limit = forest.pathSum(atScore: -0.55)
        var below = 0
        for _ in 0..<2000 {
            let keys = forest.keys(maker.odd())
            let (full, early) = (
                forest.pathSum(keys), forest.pathSum(keys, whileBelow: limit)
            )
            #expect((full < limit) == (early < limit))
            if full < limit {
                #expect(early == full)
                below += 1
            }
            #expect((full < limit) == (forest.score(pathSum: full) < -0.55))
        }
        #expect(below > 100 && below < 1900)
    }

    @Test func `keys are in the order of their numbers`() {
        let numbers: [Float] = [
            -.greatestFiniteMagnitude, -1e9, -1, -.leastNonzeroMagnitude, 0, 1e-30, 0.5, 1, 1e9,
        ]
        let keys = numbers.map { SortableKey.key($0) }
        #expect(keys == keys.sorted())
        #expect(numbers.map { SortableKey.value(SortableKey.key($0)) } == numbers)
        #expect(SortableKey.key(-0.0) == SortableKey.key(0))
    }
}
