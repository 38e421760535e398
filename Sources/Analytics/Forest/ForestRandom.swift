import MarketModel

/// Seeded draws for one training of one ticker (SplitMix64): a replay grows the same trees.
struct ForestRandom {
    private var state: UInt64

    init(symbol: Symbol, training: Int64) {
        state = ForestRandom.mixed(symbol.head ^ ForestRandom.mixed(symbol.tail))
        state = ForestRandom.mixed(state ^ UInt64(bitPattern: training))
    }

    init(seed: UInt64) { state = seed }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return ForestRandom.mixed(state)
    }

    /// Uniform in 0..<1.
    @inline(__always)
    mutating func unit() -> Double { Double(Int64(next() >> 11)) * 0x1p-53 }

    /// Uniform in `0..<count`, to within count/2^32.
    @inline(__always)
    mutating func below(_ count: Int) -> Int {
        Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(count)) >> 32)
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
