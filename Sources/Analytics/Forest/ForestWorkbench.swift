import MarketModel

/// The room that growing needs, shared by all tickers: one forest is grown at a time.
public struct ForestWorkbench: ~Copyable {
    static let rowsMax = ForestSettings.rowsCount
    static let samplesMax = 256

    /// Of every training row.
    let keys = UnsafeMutablePointer<SortableKeys>.allocate(capacity: rowsMax)
    /// Numbers of training rows; the first `samples` are a tree's.
    let drawn = UnsafeMutablePointer<UInt16>.allocate(capacity: rowsMax)
    /// A tree's rows, feature after feature.
    let columns = UnsafeMutablePointer<UInt32>.allocate(
        capacity: samplesMax * ForestFeatures.count)
    /// The tree's rows in the order of its leaves.
    let order = UnsafeMutablePointer<UInt8>.allocate(capacity: samplesMax)
    /// The smallest path sums of the training rows, rising.
    let smallest = UnsafeMutablePointer<Int32>.allocate(capacity: rowsMax)
    /// Steps of a leaf, by depth and number of rows.
    let leafSteps = UnsafeMutablePointer<UInt16>.allocate(
        capacity: (IsolationForest.depthMax + 1) * (samplesMax + 1))

    public init() {
        keys.initialize(repeating: .zero, count: ForestWorkbench.rowsMax)
        drawn.initialize(repeating: 0, count: ForestWorkbench.rowsMax)
        columns.initialize(
            repeating: 0, count: ForestWorkbench.samplesMax * ForestFeatures.count)
        order.initialize(repeating: 0, count: ForestWorkbench.samplesMax)
        smallest.initialize(repeating: 0, count: ForestWorkbench.rowsMax)
        for depth in 0...IsolationForest.depthMax {
            for count in 0...ForestWorkbench.samplesMax {
                (leafSteps + depth * (ForestWorkbench.samplesMax + 1) + count)
                    .initialize(to: PathLength.steps(depth: depth, count: count))
            }
        }
    }

    deinit {
        keys.deallocate()
        drawn.deallocate()
        columns.deallocate()
        order.deallocate()
        smallest.deallocate()
        leafSteps.deallocate()
    }

    @inline(__always)
    func steps(depth: Int, count: Int) -> UInt16 {
        leafSteps[depth &* (ForestWorkbench.samplesMax + 1) &+ count]
    }
}
