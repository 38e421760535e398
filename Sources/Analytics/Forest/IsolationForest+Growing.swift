import Foundation
import MarketModel

extension IsolationForest {
    /// Grows every tree anew from the first `count` rows, each from `samples` of them.
    ///
    /// Leaves the rows' keys on the workbench. The same rows and seed give the same trees.
    mutating func grow(
        from rows: borrowing FeatureRows, count: Int, samples: Int, random: ForestRandom,
        on bench: borrowing ForestWorkbench
    ) {
        precondition(count > 0 && count <= ForestWorkbench.rowsMax)
        let samples = min(samples, count, ForestWorkbench.samplesMax)
        standardise(rows, count: count)
        for row in 0..<count {
            bench.keys[row] = keys(rows[row])
            bench.drawn[row] = UInt16(row)
        }
        stepsOfMean = max(PathLength.mean(among: samples), 1) * PathLength.scale
        nodes.initialize(
            repeating: .max, count: treeCount * IsolationForest.nodeWords)
        var random = random
        restMin.initialize(repeating: 0, count: groupCount + 1)
        for tree in 0..<treeCount {
            draw(samples, of: count, by: &random, on: bench)
            var growth = TreeGrowth(
                nodes: nodes + tree * IsolationForest.nodeWords,
                leaves: leaves + tree * IsolationForest.leafCount,
                depthMax: TreeGrowth.depthMax(samples: samples), random: random)
            growth.grow(from: 0, to: samples, place: 1, depth: 0, on: bench)
            random = growth.random
            restMin[tree / IsolationForest.treesOfGroup] += Int32(growth.leastSteps)
        }
        for group in (0..<groupCount).reversed() { restMin[group] += restMin[group + 1] }
    }

    /// Scores the rows it was just grown from: the smallest path sum, and the score below which
    /// the share `percentile` lies, between two rows by linear interpolation.
    func scoreRows(
        _ count: Int, percentile share: Double, on bench: borrowing ForestWorkbench
    ) -> (least: Int32, percentile: Double) {
        let place = share * Double(count - 1)
        let below = min(Int(place), count - 1)
        let kept = min(below + 2, count)
        var found = 0
        for row in 0..<count {
            // Once there are enough, only a smaller sum matters.
            let limit = found == kept ? bench.smallest[kept - 1] : .max
            let sum = pathSum(bench.keys[row], whileBelow: limit)
            if sum >= limit { continue }
            var index = found < kept ? found : kept - 1
            while index > 0, bench.smallest[index - 1] > sum {
                bench.smallest[index] = bench.smallest[index - 1]
                index -= 1
            }
            bench.smallest[index] = sum
            if found < kept { found += 1 }
        }
        let low = score(pathSum: bench.smallest[below])
        let high = score(pathSum: bench.smallest[min(below + 1, count - 1)])
        return (bench.smallest[0], low + (high - low) * (place - Double(below)))
    }

    /// Mean and population deviation of each feature.
    private mutating func standardise(_ rows: borrowing FeatureRows, count: Int) {
        var sum = SIMD8<Double>.zero
        var least = rows[0].values
        var most = least
        for row in 0..<count {
            let values = rows[row].values
            sum += SIMD8<Double>(values)
            least = pointwiseMin(least, values)
            most = pointwiseMax(most, values)
        }
        mean = sum / Double(count)
        var squares = SIMD8<Double>.zero
        for row in 0..<count {
            let difference = SIMD8<Double>(rows[row].values) - mean
            squares += difference * difference
        }
        deviation = (squares / Double(count)).squareRoot()
        scale = .zero
        for feature in 0..<ForestFeatures.count {
            // Rounding must not make a constant vary.
            if least[feature] == most[feature] { deviation[feature] = 0 }
            if deviation[feature] > 0 { scale[feature] = 1 / deviation[feature] }
        }
    }

    /// Puts a tree's rows on the workbench: drawn without replacement.
    private func draw(
        _ samples: Int, of count: Int, by random: inout ForestRandom,
        on bench: borrowing ForestWorkbench
    ) {
        for place in 0..<samples {
            let other = place + random.below(count - place)
            let row = bench.drawn[other]
            bench.drawn[other] = bench.drawn[place]
            bench.drawn[place] = row
            let keys = bench.keys[Int(row)]
            for feature in 0..<ForestFeatures.count {
                bench.columns[feature &* ForestWorkbench.samplesMax &+ place] = keys[feature]
            }
            bench.order[place] = UInt8(place)
        }
    }
}

/// One tree while it grows.
private struct TreeGrowth {
    let nodes: UnsafeMutablePointer<UInt32>
    let leaves: UnsafeMutablePointer<UInt16>
    let depthMax: Int
    var random: ForestRandom
    /// Of the leaves so far.
    var leastSteps = UInt16.max

    /// The mean depth of a balanced tree, rounded up.
    static func depthMax(samples: Int) -> Int {
        samples <= 1 ? 0 : Int.bitWidth - (samples - 1).leadingZeroBitCount
    }

    /// Splits the rows of `order[start..<end]` at a random value of a random feature that varies
    /// among them, until one is left or the tree is deep enough. `place` counts nodes level by
    /// level from 1 at the root.
    mutating func grow(
        from start: Int, to end: Int, place: Int, depth: Int, on bench: borrowing ForestWorkbench
    ) {
        guard end - start > 1, depth < depthMax,
            let threshold = threshold(from: start, to: end, on: bench)
        else {
            let steps = bench.steps(depth: depth, count: end - start)
            // From here on every node leads left.
            let below = IsolationForest.depthMax - depth
            leaves[(place << below) - IsolationForest.leafCount] = steps
            leastSteps = min(leastSteps, steps)
            return
        }
        nodes[TreeGrowth.word(place: place, depth: depth)] = threshold
        let column =
            bench.columns
            + Int(threshold & SortableKey.featureMask) * ForestWorkbench.samplesMax
        var middle = start
        for index in start..<end {
            let row = bench.order[index]
            bench.order[index] = bench.order[middle]
            bench.order[middle] = row
            middle &+= column[Int(row)] > threshold ? 0 : 1
        }
        grow(from: start, to: middle, place: 2 * place, depth: depth + 1, on: bench)
        grow(from: middle, to: end, place: 2 * place + 1, depth: depth + 1, on: bench)
    }

    /// `nil` when the rows are all alike.
    private mutating func threshold(
        from start: Int, to end: Int, on bench: borrowing ForestWorkbench
    ) -> UInt32? {
        var untried: UInt32 = (1 << UInt32(ForestFeatures.count)) - 1
        while untried != 0 {
            let feature = pick(untried)
            untried &= ~(1 << UInt32(feature))
            let column = bench.columns + feature * ForestWorkbench.samplesMax
            var smallest = UInt32.max
            var largest = UInt32.min
            for index in start..<end {
                let key = column[Int(bench.order[index])]
                smallest = min(smallest, key)
                largest = max(largest, key)
            }
            guard smallest < largest else { continue }
            let low = Double(SortableKey.value(smallest))
            let wanted = low + random.unit() * (Double(SortableKey.value(largest)) - low)
            let key = SortableKey.threshold(
                near: SortableKey.key(Float(wanted)), of: feature, smallest: smallest,
                largest: largest)
            if let key { return key }
        }
        return nil
    }

    /// One of the features whose bits are set, each as likely.
    private mutating func pick(_ features: UInt32) -> Int {
        var skipped = random.below(features.nonzeroBitCount)
        var rest = features
        while skipped > 0 {
            rest &= rest - 1
            skipped -= 1
        }
        return rest.trailingZeroBitCount
    }

    /// Where a node lies: four levels to a block.
    @inline(__always)
    private static func word(place: Int, depth: Int) -> Int {
        guard depth >= IsolationForest.levelsOfBlock else { return place }
        let levels = depth - IsolationForest.levelsOfBlock
        let block = (place >> levels) - 15
        let inside = 1 << levels | place & ((1 << levels) - 1)
        return block * IsolationForest.blockWords + inside
    }
}
