/// Seeded randomness of the simulated market: the same draws on every machine (SplitMix64).
struct SimulatedRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SimulatedNoise.mixed(state)
    }

    /// Uniform in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in `0..<count`.
    mutating func below(_ count: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
    }

    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// How many of many unlikely things happen when `mean` are expected (Knuth's method; for small
    /// means).
    mutating func poisson(_ mean: Double) -> Int {
        guard mean > 0 else { return 0 }
        guard mean < 30 else { return poisson(mean / 2) + poisson(mean / 2) }
        var count = 0
        var product = unit()
        let limit = SimulatedNoise.exponential(-mean)
        while product > limit {
            count += 1
            product *= unit()
        }
        return count
    }

    /// The number of failures before the first success: 0, 1, 2 ...
    mutating func geometric(_ probability: Double, atMost most: Int) -> Int {
        var count = 0
        while count < most, !chance(probability) { count += 1 }
        return count
    }
}

/// Random numbers that are functions of where they are asked: no state, so any moment can be
/// computed on its own.
struct SimulatedNoise {
    let seed: UInt64

    func bits(_ stream: UInt64, _ level: Int, _ index: Int64) -> UInt64 {
        let place = UInt64(bitPattern: index) &* 0xD6E8_FEB8_6659_FD93
        let layer = (stream &+ UInt64(level)) &* 0xA076_1D64_78BD_642F
        return SimulatedNoise.mixed(SimulatedNoise.mixed(seed ^ layer) ^ place)
    }

    /// Uniform in 0..<1.
    func unit(_ stream: UInt64, _ level: Int, _ index: Int64) -> Double {
        Double(bits(stream, level, index) >> 11) * 0x1p-53
    }

    /// Close to a standard normal: the sum of four uniforms, within 3.5 deviations.
    func normal(_ stream: UInt64, _ level: Int, _ index: Int64) -> Double {
        let bits = bits(stream, level, index)
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        return (Double(sum) / 65_536 - 2) * 1.7320508075688772
    }

    /// A normal drawn at each whole `x`, joined by straight lines.
    func line(_ stream: UInt64, _ level: Int, at x: Double) -> Double {
        let index = x.rounded(.down)
        let share = x - index
        return normal(stream, level, Int64(index)) * (1 - share)
            + normal(stream, level, Int64(index) + 1) * share
    }

    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// e to the `x` without the C library, so that every machine draws the same bits; 1e-14
    /// relative or better.
    static func exponential(_ x: Double) -> Double {
        let turns = (x * 1.4426950408889634).rounded()
        let rest = (x - turns * 0.6931471805599453) / 16
        var sum = 1.0
        var term = 1.0
        for power in 1...9 {
            term *= rest / Double(power)
            sum += term
        }
        for _ in 0..<4 { sum *= sum }
        return Double(sign: .plus, exponent: Int(turns), significand: sum)
    }
}
