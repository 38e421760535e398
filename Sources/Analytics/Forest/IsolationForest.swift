import Foundation
import MarketModel

/// An isolation forest in flat memory (Liu, Ting and Zhou, 2008), of trees at most eight steps
/// deep.
///
/// A tree is 17 blocks of 16 words: one for its upper four levels, and one for each of the sixteen
/// subtrees below them, so that a path touches two cache lines and a leaf. A node is one word
/// (`SortableKey`); where a path ends early, nodes that always lead left follow. Scoring allocates
/// nothing and has no branch that depends on the row.
public struct IsolationForest: ~Copyable {
    static let depthMax = 8
    static let levelsOfBlock = 4
    static let blockWords = 16
    static let nodeWords = 17 * blockWords
    static let leafCount = 256
    /// How many trees are added up before it is asked whether the rest can matter.
    static let treesOfGroup = 5

    public let treeCount: Int
    let nodes: UnsafeMutablePointer<UInt32>
    let leaves: UnsafeMutablePointer<UInt16>
    /// The least that the trees from each group on can add.
    let restMin: UnsafeMutablePointer<Int32>
    let groupCount: Int
    /// Of the rows it was grown from.
    public internal(set) var mean = SIMD8<Double>.zero
    /// 0 for a feature that does not vary, and so is not looked at.
    public internal(set) var deviation = SIMD8<Double>.zero
    /// One by the deviation; 0 where that is 0.
    var scale = SIMD8<Double>.zero
    /// Steps that a score of -0.5 has.
    var stepsOfMean = 1.0

    private let memory: MarketMemory

    init(treeCount: Int, memory: MarketMemory = MarketMemory()) {
        self.treeCount = treeCount
        self.memory = memory
        nodes = memory.take(UInt32.self, count: treeCount * IsolationForest.nodeWords)
        leaves = memory.take(UInt16.self, count: treeCount * IsolationForest.leafCount)
        leaves.initialize(repeating: 0, count: treeCount * IsolationForest.leafCount)
        groupCount =
            (treeCount + IsolationForest.treesOfGroup - 1) / IsolationForest.treesOfGroup
        restMin = memory.take(Int32.self, count: groupCount + 1)
        restMin.initialize(repeating: 0, count: groupCount + 1)
    }

    deinit {
        memory.giveBack(nodes, count: treeCount * IsolationForest.nodeWords)
        memory.giveBack(leaves, count: treeCount * IsolationForest.leafCount)
        memory.giveBack(restMin, count: groupCount + 1)
    }

    /// What scoring compares.
    @inline(__always)
    func keys(_ features: ForestFeatures) -> SortableKeys {
        SortableKey.keys(standardised(features))
    }

    /// How many deviations each feature is from its mean; 0 for one that did not vary.
    @inline(__always)
    func standardised(_ features: ForestFeatures) -> SIMD8<Float> {
        SIMD8<Float>((SIMD8<Double>(features.values) - mean) * scale)
    }

    /// In (-1, 0); lower is more anomalous: scikit-learn's `score_samples`.
    public func score(_ features: ForestFeatures) -> Double {
        score(pathSum: pathSum(keys(features)))
    }

    /// The lengths of the paths through all trees, in steps.
    func pathSum(_ keys: SortableKeys) -> Int32 {
        pathSum(keys, whileBelow: .max)
    }

    /// The same when it is below the limit, else any number from the limit on: most rows are
    /// ordinary, and that shows before all trees have been asked.
    @inline(__always)
    func pathSum(_ keys: SortableKeys, whileBelow limit: Int32) -> Int32 {
        var keys = keys
        return withUnsafeBytes(of: &keys) { row in
            let row = row.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self)
            var sum: Int32 = 0
            var tree = 0
            for group in 0..<groupCount {
                if tree &+ IsolationForest.treesOfGroup <= treeCount {
                    sum &+= steps(ofFiveTreesFrom: tree, row)
                } else {
                    for single in tree..<treeCount { sum &+= steps(ofTree: single, row) }
                }
                tree &+= IsolationForest.treesOfGroup
                if sum &+ restMin[group &+ 1] >= limit { return limit }
            }
            return sum
        }
    }

    private func steps(ofTree tree: Int, _ row: UnsafePointer<UInt32>) -> Int32 {
        var place = Place(nodes + tree &* IsolationForest.nodeWords)
        for _ in 0..<IsolationForest.levelsOfBlock { place.descend(row) }
        place.enterLower()
        for _ in 0..<IsolationForest.levelsOfBlock { place.descend(row) }
        return Int32(leaves[tree &* IsolationForest.leafCount &+ place.leaf])
    }

    /// Five trees level by level: while one waits for its node, the others go on.
    @inline(__always)
    private func steps(ofFiveTreesFrom tree: Int, _ row: UnsafePointer<UInt32>) -> Int32 {
        let start = nodes + tree &* IsolationForest.nodeWords
        var first = Place(start)
        var second = Place(start + IsolationForest.nodeWords)
        var third = Place(start + 2 * IsolationForest.nodeWords)
        var fourth = Place(start + 3 * IsolationForest.nodeWords)
        var fifth = Place(start + 4 * IsolationForest.nodeWords)
        for half in 0..<2 {
            if half == 1 {
                first.enterLower()
                second.enterLower()
                third.enterLower()
                fourth.enterLower()
                fifth.enterLower()
            }
            for _ in 0..<IsolationForest.levelsOfBlock {
                first.descend(row)
                second.descend(row)
                third.descend(row)
                fourth.descend(row)
                fifth.descend(row)
            }
        }
        let ends = leaves + tree &* IsolationForest.leafCount
        return Int32(ends[first.leaf])
            &+ Int32(ends[IsolationForest.leafCount &+ second.leaf])
            &+ Int32(ends[2 &* IsolationForest.leafCount &+ third.leaf])
            &+ Int32(ends[3 &* IsolationForest.leafCount &+ fourth.leaf])
            &+ Int32(ends[4 &* IsolationForest.leafCount &+ fifth.leaf])
    }

    /// Where a row is in a tree.
    private struct Place {
        private var block: UnsafePointer<UInt32>
        private var node = 1
        private var above = 0

        @inline(__always)
        init(_ tree: UnsafePointer<UInt32>) { block = tree }

        @inline(__always)
        mutating func descend(_ row: UnsafePointer<UInt32>) {
            let threshold = block[node]
            let goesRight = row[Int(threshold & SortableKey.featureMask)] > threshold
            node = node &+ node &+ (goesRight ? 1 : 0)
        }

        /// From the sixteen ways out of the upper block to the block below.
        @inline(__always)
        mutating func enterLower() {
            block += (node &- 15) &* IsolationForest.blockWords
            above = (node &- 16) &* 16
            node = 1
        }

        @inline(__always)
        var leaf: Int { above &+ node &- 16 }
    }

    func score(pathSum: Int32) -> Double {
        -exp2(-Double(pathSum) / stepsOfHalving)
    }

    /// A path sum larger by so many steps halves the score.
    var stepsOfHalving: Double { Double(treeCount) * stepsOfMean }

    /// How many deviations the feature farthest from its mean is away from it, the trade's size
    /// left out: one block among hundreds of trades is ten deviations or more, and no news.
    func farthestDeviation(_ features: ForestFeatures) -> Float {
        var away = standardised(features)
        away.replace(with: -away, where: away .< 0)
        away[ForestFeatures.size] = 0
        return away.max()
    }

    /// The smallest sum whose score is not below the limit: a row's score is below it exactly when
    /// its sum is.
    func pathSum(atScore limit: Double) -> Int32 {
        guard limit < 0 else { return .max }
        guard limit > -1 else { return 0 }
        let steps = -log2(-limit) * stepsOfHalving
        var sum = Int32(min(steps.rounded(), Double(Int32.max / 2)))
        while sum > 0, score(pathSum: sum - 1) >= limit { sum -= 1 }
        while score(pathSum: sum) < limit { sum += 1 }
        return sum
    }
}
